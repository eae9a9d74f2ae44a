"""A mail server on loopback for a deployed site and its testers."""

import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from trustme import CA

from testbeds.loopback.dovecot import open_dovecot
from testbeds.loopback.submission import Faults, open_submission
from testbeds.mail import MailAccounts

HOST = "localhost"

# RFC 6761, section 6.2: a domain that never exists, in case an email goes astray.
DOMAIN = "superlists.test"


@dataclass(frozen=True, kw_only=True)
class MailServer(MailAccounts):
    """A running mail server with one mailbox.

    Attributes:
        maildir: the folder with the emails.
        faults: what goes wrong with emails, which tests can change.

    """

    maildir: Path = field(repr=False)
    faults: Faults


@contextmanager
def open_mail_server(authority: CA) -> Iterator[MailServer]:
    """Run a mail server whose certificate for localhost comes from `authority`.

    Raises:
        TestBedError: dovecot is missing or does not start.

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
            host=HOST,
            submission_port=submission.port,
            submission_password=password,
            pop3s_port=mailbox.port,
            user=mailbox.user,
            password=mailbox.password,
            domain=DOMAIN,
            maildir=mailbox.maildir,
            faults=submission.faults,
        )
