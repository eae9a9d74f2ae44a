import json
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.mail.addresses import AddressBook
from acceptance.mail.catch_all import MailDevInbox
from acceptance.mail.content import text_of
from acceptance.mail.errors import MailboxError
from acceptance.mail.polled_mailbox import PolledMailbox
from acceptance.mail.tests.mail_sending import SUBJECT
from testbeds.loopback.maildev import MailDev, open_maildev

PASSWORD = SecretSetting("MAILBOX_PASSWORD", "password")
NO_PASSWORD = SecretSetting("MAILBOX_PASSWORD")

LONG = 20.0
SHORT = 0.3


@pytest.fixture(scope="module")
def maildev() -> Iterator[MailDev]:
    with open_maildev("--web-user", "elspeth", "--web-pass", "password") as opened:
        yield opened


@pytest.fixture
def book() -> AddressBook:
    return AddressBook("{unique}@superlists.test")


@pytest.fixture
def edith(book: AddressBook) -> str:
    return book.address_for("Edith")


@pytest.fixture
def francis(book: AddressBook) -> str:
    return book.address_for("Francis")


@pytest.fixture
def inbox(maildev: MailDev) -> MailDevInbox:
    return MailDevInbox(maildev.url, PASSWORD, "elspeth")


@pytest.fixture
def mailbox(inbox: MailDevInbox, book: AddressBook) -> PolledMailbox:
    return PolledMailbox(inbox, book, LONG)


@pytest.fixture
def impatient(inbox: MailDevInbox, book: AddressBook) -> PolledMailbox:
    return PolledMailbox(inbox, book, SHORT)


Send = Callable[..., None]


@pytest.fixture
def send(maildev: MailDev) -> Send:
    def send(
        to: str, *, subject: str = SUBJECT, text: str = "Hello\n", encoding: str = "7bit"
    ) -> None:
        mail = EmailMessage()
        mail["Subject"] = subject
        mail["From"] = "noreply@localhost"
        mail["To"] = "undisclosed-recipients:;"
        mail.set_content(text, cte=encoding)
        with smtplib.SMTP("127.0.0.1", maildev.smtp_port) as connection:
            connection.send_message(mail, "noreply@localhost", [to])

    return send


class TestMails:
    @pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable"])
    def test_a_mail_is_taken_out_however_it_is_encoded(
        self, mailbox: PolledMailbox, send: Send, edith: str, encoding: str
    ) -> None:
        send(edith, text="https://localhost/?token=a_b-c\n", encoding=encoding)

        mail = mailbox.wait_for(edith, SUBJECT)

        assert mail["Content-Transfer-Encoding"] == encoding
        assert text_of(mail) == "https://localhost/?token=a_b-c\n"
        assert mailbox.check() == "0 emails, 0 bytes"

    def test_the_oldest_of_ones_own_mails_comes_first_and_others_stay(
        self, mailbox: PolledMailbox, send: Send, edith: str, francis: str
    ) -> None:
        send(francis, text="to Francis\n")
        send(edith, subject="Grüße", text="about something else\n")
        send(edith, text="the first\n")
        send(edith, text="the second\n")

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the first\n"
        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the second\n"
        assert mailbox.check().startswith("2 emails, ")
        assert text_of(mailbox.wait_for(edith, "Grüße")) == "about something else\n"
        assert text_of(mailbox.wait_for(francis, SUBJECT)) == "to Francis\n"

    def test_a_failed_wait_shows_the_emails_that_arrived(
        self, impatient: PolledMailbox, mailbox: PolledMailbox, send: Send, edith: str, francis: str
    ) -> None:
        send(francis, text="SECRET\n")

        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        mailbox.wait_for(francis, SUBJECT)
        message = str(in_vain.value)
        nothing = f"no email {SUBJECT!r} to {edith} has arrived"
        assert message.startswith(f"{nothing}, but {SUBJECT!r} to {francis}\n")
        assert f"Emails that arrived: {SUBJECT!r} to {francis} at 20" in message
        assert "SECRET" not in message

    def test_maildev_2_is_supported(
        self, maildev: MailDev, mailbox: PolledMailbox, book: AddressBook, send: Send, edith: str
    ) -> None:
        # It has its emails at /email; relative to /api, so does MailDev 3.
        older = MailDevInbox(f"{maildev.url}/api", PASSWORD, "elspeth")
        send(edith)

        assert PolledMailbox(older, book, LONG).wait_for(edith, SUBJECT)["Subject"] == SUBJECT
        assert mailbox.check() == "0 emails, 0 bytes"


class TestBadMails:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no mail",
            b"Date: Mon, 23 Nov 20260 10:15:03 +0000\r\n\r\nHello",
            b"Date: nonsense\r\nTo: A,\r\nSubject: =?x-none?q?a?=\r\n\r\nHello",
            b'Content-Type: text/plain; charset="x-unknown"\r\n\r\n\xff',
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
        ],
    )
    def test_a_bad_email_does_not_affect_others(
        self, maildev: MailDev, mailbox: PolledMailbox, send: Send, edith: str, content: bytes
    ) -> None:
        with smtplib.SMTP("127.0.0.1", maildev.smtp_port) as connection:
            connection.sendmail("noreply@localhost", [edith], content)
        send(edith)

        assert mailbox.wait_for(edith, SUBJECT)["Subject"] == SUBJECT
        assert isinstance(text_of(mailbox.wait_for_any(edith, LONG)), str)
        assert mailbox.check() == "0 emails, 0 bytes"

    @pytest.mark.parametrize(
        "bad",
        [
            "7",
            "null",
            "[]",
            '"a"',
            '{"id": "b"}',
            '{"id": "b", "subject": 7, "to": 7, "envelope": 7, "time": 7, "size": "x"}',
            '{"id": "b", "subject": null, "to": null, "envelope": null, "time": null}',
            '{"id": "b", "to": [7, null, {"address": 7}, {"group": [{"name": 7}]}], "cc": 7}',
            '{"id": "b", "envelope": {"to": {"address": "a"}}, "time": "+020260-11-23T10:15:03Z"}',
        ],
    )
    def test_a_bad_entry_does_not_affect_others(
        self, book: AddressBook, edith: str, bad: str
    ) -> None:
        good = json.dumps({"id": "g", "subject": SUBJECT, "to": [{"address": edith.upper()}]})
        with web_server(200, f"[{bad}, {good}]") as url:
            mailbox = PolledMailbox(MailDevInbox(url, NO_PASSWORD), book, LONG)
            mailbox.wait_for(edith, SUBJECT)


class TestServersThatDoNotServe:
    @staticmethod
    def complaint(book: AddressBook, inbox: MailDevInbox) -> str:
        began = time.monotonic()
        with pytest.raises(MailboxError) as error:
            PolledMailbox(inbox, book, LONG).check()
        assert time.monotonic() - began < LONG / 2
        return str(error.value)

    @pytest.mark.parametrize("user", [None, "elspeth"])
    def test_a_wrong_user_or_password(
        self, maildev: MailDev, book: AddressBook, user: str | None
    ) -> None:
        message = self.complaint(
            book, MailDevInbox(maildev.url, SecretSetting("MAILBOX_PASSWORD", "wrong"), user)
        )

        assert message.startswith(f"{maildev.url} requires a login: give the user in ")
        assert "wrong" not in message

    def test_nothing_listens(self, book: AddressBook) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as once:
            server = f"127.0.0.1:{once.getsockname()[1]}"

        assert self.complaint(book, MailDevInbox(f"http://{server}", NO_PASSWORD)).startswith(
            f"{server} refuses connections: "
        )

    def test_there_is_no_such_host(self, book: AddressBook) -> None:
        message = self.complaint(
            book, MailDevInbox("http://maildev.superlists.invalid", NO_PASSWORD)
        )

        assert message.startswith(
            "This machine cannot resolve the host of maildev.superlists.invalid:"
        )

    def test_nothing_answers(self, book: AddressBook) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            server = f"127.0.0.1:{silent.getsockname()[1]}"
            message = self.complaint(
                book, MailDevInbox(f"http://{server}", NO_PASSWORD, patience=SHORT)
            )

        assert message.startswith(f"{server} does not answer within 0.3 s: ")

    def test_a_port_without_encryption(self, maildev: MailDev, book: AddressBook) -> None:
        server = maildev.url.removeprefix("http://")

        message = self.complaint(book, MailDevInbox(f"https://{server}", NO_PASSWORD))

        assert message.startswith(f"{server} does not use TLS: ")

    def test_a_port_of_another_protocol(self, maildev: MailDev, book: AddressBook) -> None:
        url = f"http://127.0.0.1:{maildev.smtp_port}"

        assert self.complaint(book, MailDevInbox(url, NO_PASSWORD)).startswith(
            f"{url} does not answer like MailDev"
        )

    @pytest.mark.parametrize(
        ("status", "body", "sentence"),
        [
            (200, "<p>Welcome!</p>", " does not answer like MailDev: give the address"),
            (200, "{}", " does not answer like MailDev"),
            (200, '["a"]', " does not answer like MailDev"),
            (200, '[{"id": 1}]', " does not answer like MailDev"),
            (200, '[{"id": null, "to": [], "envelope": {}}]', " does not answer like MailDev"),
            (200, "[" * 100_000, " does not answer like MailDev"),
            (200, "\xff", " does not answer like MailDev"),
            (404, "", " does not answer like MailDev"),
            (403, "", " answers with status 403: check that it is MailDev"),
        ],
    )
    def test_a_site_of_another_kind(
        self, book: AddressBook, status: int, body: str, sentence: str
    ) -> None:
        with web_server(status, body) as url:
            message = self.complaint(book, MailDevInbox(url, NO_PASSWORD))

        assert message.startswith(url + sentence)

    def test_a_site_that_is_busy_is_asked_again(self, book: AddressBook) -> None:
        with (
            web_server(503, "") as url,
            pytest.raises(MailboxError, match=r"answers with status 503\.$"),
        ):
            PolledMailbox(MailDevInbox(url, NO_PASSWORD), book, SHORT).check()


@contextmanager
def web_server(status: int, body: str) -> Iterator[str]:
    """A web server that always gives the same response."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = body.encode("latin-1")
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            # Otherwise a test that fails would wait for the server forever.
            server.shutdown()
            thread.join()
