"""The mail that the site sends."""

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


def send_login_link(address: str, page: str) -> None:
    """Mail a new login link to a canonical address; older links to it stop working.

    `page` is the absolute address of the page that logs in whoever brings it a token.

    Raises OSError (smtplib's exceptions are such) if the mail server cannot be reached or refuses
    the mail. Older links then go on working.
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
    except BaseException:
        link.delete()
        raise
    link.supersede_older()
