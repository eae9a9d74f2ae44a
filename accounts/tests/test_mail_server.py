"""Messages when the mail server refuses, hangs or is slow, with real SMTP servers."""

import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains

from accounts.models import LoginLink
from accounts.tests.smtp_server import LoopbackController

pytestmark = pytest.mark.django_db

PAGE = "/accounts/send_login_email"
NOT_SENT = "We could not send the email just now. Your address is fine"
ADDRESS_REFUSED = "We cannot deliver email to this address. Please check it for typos."


class Replies(Sink):
    """Replies to the recipient, or to the email, with the given text."""

    to_recipient = "250 OK"
    to_mail = "250 OK"
    received = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        self.received += 1
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return self.to_mail


@pytest.fixture(scope="module")
def mail_server() -> Iterator[tuple[int, Replies]]:
    replies = Replies()
    controller = LoopbackController(replies)
    controller.start()
    yield controller.port, replies
    controller.stop()


@pytest.fixture(autouse=True)
def real_mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "superlists.prompt_email.PromptEmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = False


@pytest.fixture
def replies(settings: Settings, mail_server: tuple[int, Replies]) -> Iterator[Replies]:
    settings.EMAIL_PORT, replies = mail_server
    yield replies
    vars(replies).clear()


def test_an_email_that_is_accepted(client: Client, replies: Replies) -> None:
    del replies  # takes all

    assert client.post(PAGE, {"email": "edith@example.com"}).status_code == 302


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 The email account that you tried to reach does not exist",
        "550 5.2.1 The email account that you tried to reach is inactive",
        "550 5.4.1 Recipient address rejected: Access denied",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
        "553 5.1.2 We do not know that domain",
        "550 No such user here",
        "551 User not local",
        "553 Mailbox name not allowed",
    ],
)
def test_an_address_that_is_refused_for_good(
    client: Client, replies: Replies, caplog: pytest.LogCaptureFixture, reply: str
) -> None:
    replies.to_recipient = reply

    answer = client.post(PAGE, {"email": "edith@example.com"})

    assertContains(answer, ADDRESS_REFUSED, status_code=400)
    assertContains(answer, 'value="edith@example.com"', status_code=400)
    assert NOT_SENT not in answer.content.decode()
    (record,) = [record for record in caplog.records if record.name == "accounts.views"]
    assert "edith@example.com is refused" in record.getMessage()
    assert reply[10:40] in record.getMessage()
    assert record.request.path == PAGE  # type: ignore[attr-defined]
    assert not LoginLink.objects.exists()


def test_an_address_that_is_refused_with_the_mail(client: Client, replies: Replies) -> None:
    replies.to_mail = "550 5.1.1 No such mailbox"

    answer = client.post(PAGE, {"email": "edith@example.com"})

    assertContains(answer, ADDRESS_REFUSED, status_code=400)


@pytest.mark.parametrize("reply", ["550 5.7.1 This looks like spam", "550 No such mailbox"])
def test_an_email_that_is_refused_for_another_reason(
    client: Client, replies: Replies, reply: str
) -> None:
    replies.to_mail = reply

    answer = client.post(PAGE, {"email": "edith@example.com"})

    assertContains(answer, NOT_SENT, status_code=503)


@pytest.mark.parametrize(
    "reply",
    [
        "450 4.2.1 The mailbox is busy",
        "451 4.7.1 Greylisting in action, please come back later",
        "452 4.2.2 The mailbox is full",
        "421 4.3.2 Service shutting down",
        "550 5.2.12 The mailbox is busy",
        "550 5.7.1 Relaying denied",
        "554 5.7.1 Your network is on a list",
        "530 5.7.0 Authentication required",
        "552 Exceeded storage allocation",
        "554 Transaction failed",
    ],
)
def test_what_is_not_about_the_address_is_worth_another_try(
    client: Client, replies: Replies, reply: str
) -> None:
    replies.to_recipient = reply

    answer = client.post(PAGE, {"email": "edith@example.com"})

    assertContains(answer, NOT_SENT, status_code=503)
    assert not LoginLink.objects.exists()


def silent(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.recv(1)


def drips(connection: socket.socket) -> None:
    """Greet with one byte now and then, so that no single step takes long."""
    with suppress(OSError):
        while True:
            connection.sendall(b"2")
            connection.settimeout(0.1)
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return


def silent_after_the_mail(connection: socket.socket) -> None:
    lines = connection.makefile("rwb", buffering=0)
    with suppress(OSError):
        lines.write(b"220 here\r\n")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                lines.write(b"354 go on\r\n")
            elif line == b".\r\n":
                silent(connection)
                return
            elif line[:4].upper() in {b"EHLO", b"MAIL", b"RCPT"}:
                lines.write(b"250 fine\r\n")


@contextmanager
def server_that(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve one connection, and check at the end that the client has gone."""

    def accept() -> None:
        connection, _ = listener.accept()
        with connection:
            serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=5)
        assert not thread.is_alive(), "the connection is still open"


@pytest.mark.parametrize("serve", [silent, drips, silent_after_the_mail])
def test_a_mail_server_that_hangs_holds_no_one_for_long(
    client: Client, settings: Settings, serve: Callable[[socket.socket], None]
) -> None:
    settings.EMAIL_TIMEOUT = 1
    with server_that(serve) as settings.EMAIL_PORT:
        begun = time.monotonic()

        answer = client.post(PAGE, {"email": "edith@example.com"})

        took = time.monotonic() - begun
    assertContains(answer, NOT_SENT, status_code=503)
    assert took < 2
    assert not LoginLink.objects.exists()


def test_a_mail_server_whose_name_is_found_too_late_gets_no_email(
    client: Client,
    settings: Settings,
    mail_server: tuple[int, Replies],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # No name server here is slow.
    find, may_be_found, threads = socket.getaddrinfo, threading.Event(), []

    def find_late(*arguments: Any, **options: Any) -> list[tuple[Any, ...]]:
        threads.append(threading.current_thread())
        may_be_found.wait(10)
        return find(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find_late)
    settings.EMAIL_PORT, replies = mail_server
    settings.EMAIL_TIMEOUT = 1

    answer = client.post(PAGE, {"email": "edith@example.com"})

    may_be_found.set()
    for thread in threads:
        assert thread.daemon, "the site could not end before the name is found"
        thread.join(10)
        assert not thread.is_alive()
    assertContains(answer, NOT_SENT, status_code=503)
    assert "the mail server at 127.0.0.1 did not take the mail within 1 s" in caplog.text
    assert replies.received == 0


def test_a_connection_that_ends_at_the_last_moment_is_not_the_reason(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut_down = socket.socket.shutdown

    def shut_down_too_late(connection: socket.socket, how: int) -> None:
        shut_down(connection, how)
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    monkeypatch.setattr(socket.socket, "shutdown", shut_down_too_late)
    settings.EMAIL_TIMEOUT = 0.2

    with server_that(drips) as settings.EMAIL_PORT, pytest.raises(TimeoutError):
        EmailMessage("Subject", "Text", to=["edith@example.com"]).send()


def test_a_mail_server_that_hangs_up_is_not_reported_as_slow(settings: Settings) -> None:
    with server_that(lambda _: None) as settings.EMAIL_PORT, pytest.raises(SMTPServerDisconnected):
        EmailMessage("Subject", "Text", to=["edith@example.com"]).send()


def test_it_makes_no_difference_who_notices_first_that_the_time_is_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    result: Callable[[Future[int], float], int] = Future.result

    def result_of_a_busy_machine(sent: Future[int], timeout: float) -> int:
        return result(sent, timeout + 10)

    monkeypatch.setattr(Future, "result", result_of_a_busy_machine)
    settings.EMAIL_TIMEOUT = 0.2

    with (
        server_that(silent) as settings.EMAIL_PORT,
        pytest.raises(TimeoutError, match=r"did not take the mail within 0\.2 s"),
    ):
        EmailMessage("Subject", "Text", to=["edith@example.com"]).send()


def test_a_mail_server_is_asked_again_for_the_next_mail(
    settings: Settings, mail_server: tuple[int, Replies]
) -> None:
    settings.EMAIL_TIMEOUT = 1
    mail = EmailMessage("Subject", "Text", to=["edith@example.com"])
    with server_that(silent) as settings.EMAIL_PORT, pytest.raises(TimeoutError):
        mail.send()
    settings.EMAIL_PORT = mail_server[0]
    settings.EMAIL_TIMEOUT = 10

    assert EmailMessage("Subject", "Text", to=["edith@example.com"]).send() == 1
