"""A mail server on loopback as a deployed site and its testers use one."""

import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from trustme import CA

from testbeds.loopback.dovecot import open_dovecot
from testbeds.loopback.submission import Faults, open_submission

HOST = "localhost"

# RFC 6761, section 6.2: a domain that exists nowhere, for mails that could go astray.
DOMAIN = "superlists.test"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """A running mail server with one mailbox.

    Attributes:
        host: the name in its certificate.
        submission_port: where it takes mails: SMTP, STARTTLS, and then a log-in.
        submission_user: who may send.
        submission_password: the sender's password.
        pop3s_port: where mails are read: POP3 over TLS.
        user: whose mailbox it is.
        password: the reader's password.
        address_pattern: the addresses of the mailbox, `{unique}` being anything.
        maildir: the folder with the mails themselves.
        faults: what goes wrong with mails; to be changed at will.

    """

    host: str = HOST
    submission_port: int
    submission_user: str = "site"
    submission_password: str = field(repr=False)
    pop3s_port: int
    user: str
    password: str = field(repr=False)
    address_pattern: str
    maildir: Path = field(repr=False)
    faults: Faults


@contextmanager
def open_mail_server(authority: CA) -> Iterator[MailServer]:
    """Run a mail server whose certificate for localhost comes from `authority`.

    Raises:
        ServerDidNotStartError: dovecot is missing or does not start; says why.

    """
    certificate = authority.issue_cert(HOST, "127.0.0.1")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(tls)
    password = secrets.token_urlsafe()
    user = MailServer.submission_user
    with (
        open_dovecot(certificate) as mailbox,
        open_submission(user, password, mailbox.lmtp, tls) as submission,
    ):
        yield MailServer(
            submission_port=submission.port,
            submission_password=password,
            pop3s_port=mailbox.port,
            user=mailbox.user,
            password=mailbox.password,
            address_pattern=f"{mailbox.user}+{{unique}}@{DOMAIN}",
            maildir=mailbox.maildir,
            faults=submission.faults,
        )
