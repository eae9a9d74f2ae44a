"""The emails that the site sends."""

import re
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlencode

from django.core.mail import EmailMessage

from accounts.models import LoginLink

SUBJECT = "Your login link for Superlists"

# The link comes last, so that people and programs find it.
_BODY = """\
Someone, probably you, wants to log in to Superlists as {address}.
If it was not you, ignore this email: no one can log in without the link in it.

Use this link to log in. It works once, for {minutes} minutes:

{link}"""

# The causes of a permanent refusal (RFC 3463): "5.1" the address, "5.2.1" a disabled mailbox,
# "5.4" the route to its domain. Others, such as "5.7" (policy), concern the site.
_ABOUT_THE_ADDRESS = re.compile(rb"5\.(1\.\d+|2\.1|4\.\d+)\b")
_ENHANCED = re.compile(rb"5\.\d{1,3}\.\d{1,3}\b")
_ADDRESS_CODES = frozenset({550, 551, 553})
"""Replies to RCPT that refuse a mailbox for good (RFC 5321, 4.2.3)."""


class AddressRefusedError(OSError):
    """The mail server refuses this address permanently: there is no point in trying again."""


def send_login_link(address: str, page: str, return_to: str = "") -> None:
    """Send a new login link to a canonical address; older links for it stop working.

    `page` is the absolute address of the page that logs people in with a token, and `return_to`
    the path of the page that they see then, if it is not the home page.

    Raises OSError (the base of smtplib's exceptions) if the mail server cannot be reached or
    refuses the email, and its subclass AddressRefusedError if no email can ever reach the address.
    Older links then keep working.
    """
    link, token = LoginLink.create_for(address, return_to)
    body = _BODY.format(
        address=address,
        minutes=LoginLink.minutes(),
        link=f"{page}?{urlencode({'token': token})}",
    )
    try:
        send_email(address, SUBJECT, body)
    except BaseException:
        link.delete()
        raise
    link.supersede_older()


def send_email(address: str, subject: str, body: str) -> None:
    """Send one email to a canonical address.

    Raises OSError (the base of smtplib's exceptions) if the mail server cannot be reached or
    refuses the email, and its subclass AddressRefusedError if no email can ever reach the address.
    """
    # The header asks vacation responders for silence (RFC 3834).
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject=subject, body=body, to=[address], headers=headers).send()
    except OSError as error:
        if _refuses_address(error):
            raise AddressRefusedError(str(error)) from error
        raise


def _refuses_address(error: OSError) -> bool:
    match error:
        case SMTPRecipientsRefused():
            # There is one recipient.
            ((code, reply),) = error.recipients.values()
            if _ENHANCED.match(reply):
                return _ABOUT_THE_ADDRESS.match(reply) is not None
            return code in _ADDRESS_CODES
        case SMTPDataError(smtp_error=bytes(reply)):
            # Some servers check the recipient only once they have the email.
            return _ABOUT_THE_ADDRESS.match(reply) is not None
    return False
