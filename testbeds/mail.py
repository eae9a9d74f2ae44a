"""The mail accounts of a test bed: one with which the site sends, and one mailbox."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class MailAccounts:
    """A mail server and its accounts.

    Attributes:
        host: the name in its certificate.
        submission_port: its port for sending: SMTP, STARTTLS, and then a login.
        submission_user: the user who may send.
        submission_password: the sender's password.
        pop3s_port: its port for reading: POP3 over TLS.
        user: the user of the mailbox.
        password: the reader's password.
        domain: the domain of the mailbox's addresses.

    """

    host: str
    submission_port: int = 587
    submission_user: str = "site"
    submission_password: str = field(default_factory=secrets.token_urlsafe, repr=False)
    pop3s_port: int = 995
    user: str = "tests"
    password: str = field(default_factory=secrets.token_urlsafe, repr=False)
    domain: str

    @property
    def address_pattern(self) -> str:
        """The addresses of the mailbox, with anything in place of `{unique}`."""
        return f"{self.user}+{{unique}}@{self.domain}"

    @property
    def for_the_site(self) -> Mapping[str, str]:
        """The variables with which a site sends emails."""
        return {
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": str(self.submission_port),
            "EMAIL_USER": self.submission_user,
            "EMAIL_PASSWORD": self.submission_password,
        }

    @property
    def for_the_suite(self) -> Mapping[str, str]:
        """The variables with which the suite reads emails."""
        return {
            "SUPERLISTS_MAILBOX": f"pop3s://{self.user}@{self.host}:{self.pop3s_port}",
            "SUPERLISTS_MAILBOX_PASSWORD": self.password,
            "SUPERLISTS_MAIL_ADDRESS": self.address_pattern,
        }


def dovecot_users(passwords: Mapping[str, str]) -> str:
    """Return Dovecot's file of users (its passwd-file), given the password of each."""
    return "".join(f"{user}:{{PLAIN}}{word}::::::\n" for user, word in passwords.items())
