"""The mail that the site sends."""

import re
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlencode

from django.core.mail import EmailMessage

from accounts.models import LoginLink

SUBJECT = "Your login link for Superlists"

# The link comes last, so that people and programs find it.
_BODY = """\
Somebody, most likely you, wants to log in to Superlists as {address}.
If it was not you, there is nothing to do: nobody else can log in with this mail.

Use this link to log in. It works once, and for {minutes} minutes:

{link}"""

# What a permanent refusal is about (RFC 3463): "5.1" the address, "5.2.1" a mailbox that is
# disabled, "5.4" the way to its domain. Others, such as "5.7" (policy), are about the site.
_ABOUT_THE_ADDRESS = re.compile(rb"5\.(1\.\d+|2\.1|4\.\d+)\b")
_ENHANCED = re.compile(rb"5\.\d{1,3}\.\d{1,3}\b")
_ADDRESS_CODES = frozenset({550, 551, 553})
"""Replies to RCPT that refuse a mailbox for good (RFC 5321, 4.2.3)."""


class AddressRefusedError(OSError):
    """The mail server refuses this address for good: to try again is of no use."""


def send_login_link(address: str, page: str) -> None:
    """Mail a new login link to a canonical address; older links to it stop working.

    `page` is the absolute address of the page that logs in whoever brings it a token.

    Raises OSError (smtplib's exceptions are such) if the mail server cannot be reached or refuses
    the mail, and its subclass AddressRefusedError if no mail can ever reach the address. Older
    links then go on working.
    """
    link, token = LoginLink.create_for(address)
    mail = EmailMessage(
        subject=SUBJECT,
        body=_BODY.format(
            address=address,
            minutes=LoginLink.minutes(),
            link=f"{page}?{urlencode({'token': token})}",
        ),
        to=[address],
        # Asks vacation responders for silence (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except BaseException as error:
        link.delete()
        if _refuses_address(error):
            raise AddressRefusedError(str(error)) from error
        raise
    link.supersede_older()


def _refuses_address(error: BaseException) -> bool:
    match error:
        case SMTPRecipientsRefused():
            # There is one recipient.
            ((code, reply),) = error.recipients.values()
            if _ENHANCED.match(reply):
                return _ABOUT_THE_ADDRESS.match(reply) is not None
            return code in _ADDRESS_CODES
        case SMTPDataError(smtp_error=bytes(reply)):
            # Some servers look at the recipient only when they have the mail.
            return _ABOUT_THE_ADDRESS.match(reply) is not None
    return False
