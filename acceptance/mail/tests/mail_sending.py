"""Send emails like a deployed site, for tests of mailboxes."""

import email.policy
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

import trustme

from testbeds.loopback.mail_server import MailServer

SUBJECT = "Your login link for Superlists"


@dataclass(frozen=True)
class Sender:
    """A sender of emails through a mail server."""

    server: MailServer
    authority: trustme.CA

    def send(self, to: str, subject: str = SUBJECT, text: str = "Hello!\n") -> None:
        """Send an email; when this returns, the server has accepted and usually delivered it."""
        mail = EmailMessage()
        mail["Subject"] = subject
        mail["From"] = "noreply@localhost"
        mail["To"] = to
        mail["Date"] = "Mon, 23 Nov 2026 10:15:03 +0000"
        mail.set_content(text)
        self.send_raw(to, mail.as_bytes(policy=email.policy.SMTP))

    def send_raw(self, to: str, content: bytes) -> None:
        """Send an email with exactly this content."""
        trust = ssl.create_default_context()
        self.authority.configure_trust(trust)
        server = self.server
        with smtplib.SMTP(server.host, server.submission_port, timeout=10) as connection:
            connection.starttls(context=trust)
            connection.login(server.submission_user, server.submission_password)
            connection.sendmail("noreply@localhost", [to], content)
