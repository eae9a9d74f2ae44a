import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

import pytest
import trustme

from acceptance.waiting import eventually
from testbeds import ROOT
from testbeds.loopback.mail_server import MailServer, open_mail_server
from testbeds.loopback.submission import Faults


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def opened(authority: trustme.CA) -> Iterator[MailServer]:
    with open_mail_server(authority) as server:
        yield server


@pytest.fixture
def server(opened: MailServer) -> Iterator[MailServer]:
    yield opened
    opened.faults.reset()
    Maildir(opened.maildir).clear()


@pytest.fixture
def sender(server: MailServer, authority: trustme.CA) -> Iterator[smtplib.SMTP]:
    """A connection to the submission server that is encrypted, but not logged in yet."""
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with smtplib.SMTP(server.host, server.submission_port, timeout=10) as connection:
        connection.starttls(context=trust)
        yield connection


def mail_to(recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Your login link for Superlists"
    mail["From"] = "noreply@localhost"
    mail["To"] = recipient
    mail.set_content("Use this link to log in:\n\nhttps://localhost/accounts/login?token=a_b-c\n")
    return mail


def send(sender: smtplib.SMTP, server: MailServer, unique: str = "edith") -> None:
    sender.login(server.submission_user, server.submission_password)
    sender.send_message(mail_to(server.address_pattern.format(unique=unique)))


def delivered(server: MailServer) -> list[str]:
    return [mail.as_string() for mail in Maildir(server.maildir)]


def test_a_sender_reaches_the_mailbox_at_each_of_its_addresses(
    server: MailServer, sender: smtplib.SMTP
) -> None:
    send(sender, server, "edith.k3f9x2ab")

    (mail,) = delivered(server)
    assert "Delivered-To: superlists+edith.k3f9x2ab@superlists.test\n" in mail
    assert "Content-Transfer-Encoding: 7bit\n" in mail


def test_other_addresses_are_not_those_of_the_mailbox(
    server: MailServer, sender: smtplib.SMTP
) -> None:
    sender.login(server.submission_user, server.submission_password)

    # The submission server has accepted the email before the mailbox refuses it.
    with pytest.raises(smtplib.SMTPResponseException):
        sender.send_message(mail_to("someone@superlists.test"))

    assert delivered(server) == []


def test_a_password_is_required(server: MailServer, sender: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        sender.send_message(mail_to("superlists@superlists.test"))

    assert refusal.value.smtp_code == 530
    assert delivered(server) == []


@pytest.mark.parametrize(("user", "password"), [("site", "wrong"), ("someone", None)])
def test_only_the_right_password_is_accepted(
    server: MailServer, sender: smtplib.SMTP, user: str, password: str | None
) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        sender.login(user, password or server.submission_password)

    assert refusal.value.smtp_code == 535


def test_a_password_is_not_accepted_without_encryption(server: MailServer) -> None:
    with smtplib.SMTP(server.host, server.submission_port, timeout=10) as connection:
        with pytest.raises(smtplib.SMTPNotSupportedError):
            connection.login(server.submission_user, server.submission_password)
        assert connection.docmd("MAIL", "FROM:<noreply@localhost>")[0] == 530


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_an_email_can_be_converted_to_another_encoding(
    server: MailServer, sender: smtplib.SMTP, encoding: str
) -> None:
    server.faults.encoding = encoding  # type: ignore[assignment]

    send(sender, server)

    (mail,) = delivered(server)
    assert f"Content-Transfer-Encoding: {encoding}\n" in mail
    assert "token=a_b-c" not in mail
    assert "Subject: Your login link for Superlists\n" in mail


def test_an_email_can_be_delayed(server: MailServer, sender: smtplib.SMTP) -> None:
    server.faults.delay = 0.3

    send(sender, server)

    assert delivered(server) == []

    def is_there() -> None:
        assert len(delivered(server)) == 1

    eventually(is_there, timeout=10, describe=str)


def test_an_email_can_be_lost(server: MailServer, sender: smtplib.SMTP) -> None:
    server.faults.drop = True
    send(sender, server, "lost")
    server.faults.drop = False
    send(sender, server, "found")

    (mail,) = delivered(server)
    assert "superlists+found@superlists.test" in mail


def test_there_are_no_faults_at_first(authority: trustme.CA) -> None:
    with open_mail_server(authority) as server:
        assert server.faults == Faults()


def test_passwords_are_not_shown(server: MailServer) -> None:
    assert server.password not in repr(server)
    assert server.submission_password not in repr(server)


def test_nothing_is_left_when_it_has_been_closed(authority: trustme.CA) -> None:
    with open_mail_server(authority) as server:
        folder = server.maildir.parent
        assert processes_of(folder) != []

    assert not folder.exists()
    eventually(lambda: nothing_runs_in(folder), timeout=10, describe=str)


def test_a_mail_server_ends_with_the_process_that_opened_it() -> None:
    program = (
        "import os, signal, trustme; from testbeds.loopback.mail_server import open_mail_server;"
        "block = open_mail_server(trustme.CA()); server = block.__enter__();"
        "print(server.maildir.parent, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    folder = Path(run.stdout.strip())

    try:
        eventually(lambda: nothing_runs_in(folder), timeout=20, describe=str)
    finally:
        shutil.rmtree(folder)


def nothing_runs_in(folder: Path) -> None:
    assert processes_of(folder) == []


def processes_of(folder: Path) -> list[int]:
    """Return the processes that were started with a file in this folder."""
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and str(folder).encode() in command_of(process)
    ]


def command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
