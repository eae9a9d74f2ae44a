"""The rehearsal's mail: one account that the site sends with, and one mailbox."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from testbeds.rehearsal.network import MAIL_HOST

SENDER = "site"
READER = "tests"


@dataclass(frozen=True)
class Mail:
    """The accounts; setup/rehearsal-image has the servers.

    Attributes:
        sender_password: the site's, for submission.
        reader_password: the mailbox's.

    """

    sender_password: str = field(default_factory=secrets.token_urlsafe, repr=False)
    reader_password: str = field(default_factory=secrets.token_urlsafe, repr=False)

    @property
    def accounts(self) -> str:
        """Dovecot's file of users."""
        passwords = {SENDER: self.sender_password, READER: self.reader_password}
        return "".join(f"{user}:{{PLAIN}}{word}::::::\n" for user, word in passwords.items())

    @property
    def for_the_site(self) -> Mapping[str, str]:
        """What a site needs in its environment to send mails."""
        return {
            "EMAIL_HOST": MAIL_HOST,
            "EMAIL_PORT": "587",
            "EMAIL_USER": SENDER,
            "EMAIL_PASSWORD": self.sender_password,
        }

    @property
    def for_the_suite(self) -> Mapping[str, str]:
        """What the suite needs in its environment to read mails."""
        return {
            "SUPERLISTS_MAILBOX": f"pop3s://{READER}@{MAIL_HOST}",
            "SUPERLISTS_MAILBOX_PASSWORD": self.reader_password,
            "SUPERLISTS_MAIL_ADDRESS": f"{READER}+{{unique}}@{MAIL_HOST}",
        }
