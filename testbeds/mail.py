"""The mail accounts of a test bed: one that the site sends with, and one mailbox."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class MailAccounts:
    """A mail server, and who has an account there.

    Attributes:
        host: the name in its certificate.
        submission_port: where it takes mails: SMTP, STARTTLS, and then a log-in.
        submission_user: who may send.
        submission_password: the sender's password.
        pop3s_port: where mails are read: POP3 over TLS.
        user: whose mailbox it is.
        password: the reader's password.
        domain: what the addresses of the mailbox end with.

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
        """The addresses of the mailbox, `{unique}` being anything."""
        return f"{self.user}+{{unique}}@{self.domain}"

    @property
    def for_the_site(self) -> Mapping[str, str]:
        """What a site needs in its environment to send mails."""
        return {
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": str(self.submission_port),
            "EMAIL_USER": self.submission_user,
            "EMAIL_PASSWORD": self.submission_password,
        }

    @property
    def for_the_suite(self) -> Mapping[str, str]:
        """What the suite needs in its environment to read mails."""
        return {
            "SUPERLISTS_MAILBOX": f"pop3s://{self.user}@{self.host}:{self.pop3s_port}",
            "SUPERLISTS_MAILBOX_PASSWORD": self.password,
            "SUPERLISTS_MAIL_ADDRESS": self.address_pattern,
        }


def dovecot_users(passwords: Mapping[str, str]) -> str:
    """Return Dovecot's file of users (its passwd-file), given the password of each."""
    return "".join(f"{user}:{{PLAIN}}{word}::::::\n" for user, word in passwords.items())
