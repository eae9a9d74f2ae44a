import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.mail.addresses import AddressBook
from acceptance.mail.content import text_of
from acceptance.mail.errors import MailboxError
from acceptance.mail.polled_mailbox import PolledMailbox
from acceptance.mail.pop3 import Pop3Inbox
from acceptance.mail.tests.mail_sending import SUBJECT, Sender
from acceptance.mail.tests.odd_pop3_server import OddPop3Server, mail_to, open_odd_server
from testbeds.loopback.dovecot import open_dovecot
from testbeds.loopback.mail_server import MailServer, open_mail_server

LONG = 20.0
SHORT = 0.3
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture(scope="module")
def opened(authority: trustme.CA) -> Iterator[MailServer]:
    with open_mail_server(authority) as server:
        yield server


@pytest.fixture
def server(opened: MailServer) -> Iterator[MailServer]:
    yield opened
    opened.faults.reset()
    for mail in opened.maildir.glob("[cn]*/*"):
        mail.unlink()


@pytest.fixture
def sender(server: MailServer, authority: trustme.CA) -> Sender:
    return Sender(server, authority)


@pytest.fixture
def book(server: MailServer) -> AddressBook:
    return AddressBook(server.address_pattern)


@pytest.fixture
def edith(book: AddressBook) -> str:
    return book.address_for("Edith")


@pytest.fixture
def francis(book: AddressBook) -> str:
    return book.address_for("Francis")


Opening = Callable[..., PolledMailbox]


@pytest.fixture
def open_mailbox(server: MailServer, book: AddressBook) -> Opening:
    """Opens the mailbox of the server, with a few things changed."""

    def mailbox_with(
        *,
        timeout: float = SHORT,
        port: int = server.pop3s_port,
        user: str = server.user,
        password: str = server.password,
        patience: float = LONG,
    ) -> PolledMailbox:
        inbox = Pop3Inbox(
            server.host, port, user, SecretSetting("MAILBOX_PASSWORD", password), patience
        )
        return PolledMailbox(inbox, book, timeout)

    return mailbox_with


@pytest.fixture
def mailbox(open_mailbox: Opening) -> PolledMailbox:
    return open_mailbox(timeout=LONG)


@pytest.fixture
def impatient(open_mailbox: Opening) -> PolledMailbox:
    return open_mailbox(timeout=SHORT)


def lie_there(server: MailServer) -> int:
    return len(list(server.maildir.glob("[cn]*/*")))


class TestMailsThatCome:
    def test_a_mail_is_taken_out_of_the_mailbox(
        self, server: MailServer, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        sender.send(edith, text="Use this link:\n\nhttps://localhost/?token=a_b-c\n")

        mail = mailbox.wait_for(edith, SUBJECT)

        assert mail["Subject"] == SUBJECT
        assert mail["To"] == edith
        assert text_of(mail) == "Use this link:\n\nhttps://localhost/?token=a_b-c\n"
        assert lie_there(server) == 0

    def test_the_oldest_of_several_comes_first(
        self, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        sender.send(edith, text="the first")
        sender.send(edith, text="the second")

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the first\n"
        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the second\n"

    def test_other_mails_stay_where_they_are(
        self, server: MailServer, sender: Sender, mailbox: PolledMailbox, edith: str, francis: str
    ) -> None:
        sender.send(francis)
        sender.send(edith, subject="Your invoice")
        sender.send("superlists@superlists.test")
        sender.send(edith)

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert lie_there(server) == 3
        assert mailbox.wait_for(francis, SUBJECT)["To"] == francis
        assert mailbox.wait_for(edith, "Your invoice")["Subject"] == "Your invoice"

    @pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
    def test_a_server_may_encode_a_mail_anew(
        self,
        server: MailServer,
        sender: Sender,
        mailbox: PolledMailbox,
        edith: str,
        encoding: str,
    ) -> None:
        server.faults.encoding = encoding  # type: ignore[assignment]
        sender.send(edith, text="https://localhost/?token=a_b-c&next=%2F\n" + "x" * 200)

        mail = mailbox.wait_for(edith, SUBJECT)

        assert mail["Content-Transfer-Encoding"] == encoding
        assert text_of(mail) == "https://localhost/?token=a_b-c&next=%2F\n" + "x" * 200 + "\n"

    @pytest.mark.parametrize("length", [999, 2049, 100_000])
    def test_a_line_may_be_longer_than_a_mail_may_have(
        self, server: MailServer, mailbox: PolledMailbox, edith: str, length: int
    ) -> None:
        head = f"Subject: {SUBJECT}\r\nTo: {edith}\r\n\r\n"
        # Put into the mailbox directly, since our own submission server keeps to the limit.
        path = server.maildir / "new" / "1.long.test"
        path.write_bytes((head + "x" * length + "\r\n").encode())

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "x" * length + "\n"

    @pytest.mark.parametrize(
        ("raw", "subject"),
        [
            (b"Your login link\r\n for Superlists", SUBJECT),
            (b"=?utf-8?b?WW91ciBsb2dpbiBsaW5r?=\r\n =?utf-8?q?_for_Superlists?=", SUBJECT),
            (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ],
    )
    def test_a_subject_may_be_folded_and_encoded(
        self, sender: Sender, mailbox: PolledMailbox, edith: str, raw: bytes, subject: str
    ) -> None:
        sender.send_raw(edith, b"Subject: " + raw + b"\r\nTo: " + edith.encode() + b"\r\n\r\n")

        assert mailbox.wait_for(edith, subject)["Subject"] == subject

    def test_the_address_does_not_have_to_be_in_the_email(
        self, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        sender.send_raw(edith, f"Subject: {SUBJECT}\r\nTo: undisclosed:;\r\n\r\n".encode())

        assert edith in str(mailbox.wait_for(edith, SUBJECT)["Delivered-To"])

    def test_an_email_may_arrive_late(
        self, server: MailServer, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        server.faults.delay = 10
        sender.send(edith)
        began = time.monotonic()

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert 9 < time.monotonic() - began < 13

    def test_emails_from_before_do_not_matter(
        self, sender: Sender, book: AddressBook, mailbox: PolledMailbox, edith: str
    ) -> None:
        sender.send(edith, text="of an earlier scenario")
        mailbox.begin_scenario()
        now = book.address_for("Edith")
        sender.send(now, text="of this scenario")

        assert text_of(mailbox.wait_for(now, SUBJECT)) == "of this scenario\n"

    def test_one_of_thousands_is_found_immediately(
        self, server: MailServer, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        for number in range(3000):
            old = server.maildir / "new" / f"{number}.old.test"
            old.write_bytes(f"Subject: {SUBJECT}\nTo: old-{number}@superlists.test\n\n".encode())
        assert mailbox.check().startswith("3000 emails, ")
        sender.send(edith)
        began = time.monotonic()

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert time.monotonic() - began < 2
        assert lie_there(server) == 3000


class TestMailsThatDoNotCome:
    def test_a_failed_wait_shows_the_emails_that_arrived(
        self, server: MailServer, sender: Sender, impatient: PolledMailbox, edith: str, francis: str
    ) -> None:
        sender.send("superlists+someone@superlists.test", text="https://localhost/?token=SECRET")
        sender.send(francis, text="https://localhost/?token=SECRET")

        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        message = str(in_vain.value)
        assert message.startswith(
            f"no email {SUBJECT!r} to {edith} has arrived, but {SUBJECT!r} to {francis}\n"
            "(after 0.3 s) "
        )
        came, older = message.split("Emails that arrived: ")[1].split(
            "\nOlder emails, the newest last: "
        )
        assert came == f"{SUBJECT!r} to {francis} at 2026-11-23 10:15:03 +0000"
        assert f"{SUBJECT!r} to superlists+someone@superlists.test at 2026" in older
        assert "\nThe mailbox contains 2 emails, " in older
        assert "SECRET" not in message
        assert server.password not in message
        assert "may be full" not in message

    def test_emails_that_arrived_during_the_wait_are_shown(
        self, server: MailServer, sender: Sender, impatient: PolledMailbox, edith: str
    ) -> None:
        server.faults.delay = SHORT / 2
        sender.send("superlists+edit@superlists.test")

        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        came = str(in_vain.value).split("Emails that arrived: ")[1]
        assert came.startswith(f"{SUBJECT!r} to superlists+edit@superlists.test at ")

    def test_waiting_for_a_lost_email_fails(
        self, server: MailServer, sender: Sender, impatient: PolledMailbox, edith: str
    ) -> None:
        server.faults.drop = True
        sender.send(edith)

        with pytest.raises(
            AssertionError, match="Emails that arrived: none\nThe mailbox contains 0 emails"
        ):
            impatient.wait_for(edith, SUBJECT)

    def test_a_new_scenario_begins_without_emails(
        self, sender: Sender, impatient: PolledMailbox, edith: str
    ) -> None:
        sender.send(edith)

        impatient.begin_scenario()

        with pytest.raises(AssertionError, match="Emails that arrived: none"):
            impatient.wait_for(edith, SUBJECT)

    def test_only_the_newest_of_many_emails_are_shown(
        self, sender: Sender, impatient: PolledMailbox, edith: str, francis: str
    ) -> None:
        for number in range(7):
            sender.send(francis, subject=f"Mail {number}")

        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        message = str(in_vain.value)
        assert "'Mail 1'" not in message
        assert all(f"'Mail {number}'" in message for number in range(2, 7))
        assert "; and 2 before these\n" in message

    def test_a_large_mailbox_may_be_full(
        self, server: MailServer, impatient: PolledMailbox, edith: str
    ) -> None:
        for number in range(3):
            # A sparse file takes no space.
            with (server.maildir / "new" / f"{number}.large.test").open("wb") as mail:
                mail.write(b"Subject: Holiday\n\n")
                mail.truncate(40_000_000)

        with pytest.raises(
            AssertionError, match=r"contains 3 emails, 120 MB\. It may be full: delete"
        ):
            impatient.wait_for(edith, SUBJECT)


class TestOneAddress:
    @pytest.fixture
    def book(self) -> AddressBook:
        return AddressBook("superlists@superlists.test")

    def test_mails_from_before_the_scenario_are_ignored(
        self, sender: Sender, book: AddressBook, mailbox: PolledMailbox
    ) -> None:
        sender.send("superlists@superlists.test", text="of an earlier scenario")
        mailbox.begin_scenario()
        edith = book.address_for("Edith")
        sender.send(edith, text="of this scenario")

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "of this scenario\n"

    def test_ignored_emails_are_not_shown_as_arrived(
        self, sender: Sender, book: AddressBook, impatient: PolledMailbox
    ) -> None:
        sender.send("superlists@superlists.test")
        impatient.begin_scenario()

        with pytest.raises(AssertionError, match="arrived: none\nThe mailbox contains 1 email, "):
            impatient.wait_for(book.address_for("Edith"), SUBJECT)

    def test_a_second_person_cannot_get_emails(
        self, book: AddressBook, mailbox: PolledMailbox
    ) -> None:
        book.address_for("Edith")
        francis = book.address_for("Francis")

        with pytest.raises(
            MailboxError, match=r"No email to no-one\+francis.*: set mail_address to"
        ):
            mailbox.wait_for(francis, SUBJECT)


class TestCheck:
    def test_the_check_reports_how_much_the_mailbox_contains(
        self, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        assert mailbox.check() == "0 emails, 0 bytes"
        sender.send(edith, text="x\n" * 3500)
        assert mailbox.check() == "1 email, 11 kB"

    def test_the_check_reports_what_is_wrong(self, open_mailbox: Opening) -> None:
        with pytest.raises(MailboxError, match="does not let superlists in"):
            open_mailbox(password="wrong").check()


class TestServersThatDoNotServe:
    """Each ends the wait immediately, with a sentence without password or traceback."""

    @staticmethod
    def complaint(mailbox: PolledMailbox, edith: str) -> str:
        began = time.monotonic()
        with pytest.raises(MailboxError) as error:
            mailbox.wait_for(edith, SUBJECT)
        assert time.monotonic() - began < LONG / 2
        return str(error.value)

    @pytest.mark.parametrize("user", ["superlists", "someone"])
    def test_a_wrong_user_or_password(
        self, server: MailServer, open_mailbox: Opening, edith: str, user: str
    ) -> None:
        message = self.complaint(open_mailbox(timeout=LONG, user=user, password=PASSWORD), edith)

        assert message == (
            f"localhost:{server.pop3s_port} does not let {user} in (-ERR [AUTH] Authentication"
            " failed): correct the user in the setting mailbox, or the password in"
            " MAILBOX_PASSWORD."
        )

    def test_nothing_listens(self, open_mailbox: Opening, edith: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as once:
            port = once.getsockname()[1]

        message = self.complaint(open_mailbox(timeout=LONG, port=port), edith)

        assert message.startswith(f"localhost:{port} refuses connections: ")

    def test_there_is_no_such_host(self, book: AddressBook, edith: str) -> None:
        # RFC 6761, section 6.4: a name that never exists.
        inbox = Pop3Inbox("pop.superlists.invalid", 995, "superlists", SecretSetting("", PASSWORD))

        message = self.complaint(PolledMailbox(inbox, book, LONG), edith)

        assert message.startswith("This machine cannot resolve the host of pop.superlists.invalid:")

    def test_nothing_answers(self, open_mailbox: Opening, edith: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            port = silent.getsockname()[1]

            message = self.complaint(open_mailbox(timeout=LONG, port=port, patience=SHORT), edith)

        assert message.startswith(f"localhost:{port} does not answer within 0.3 s: ")

    def test_an_authority_that_is_not_trusted(
        self,
        server: MailServer,
        open_mailbox: Opening,
        edith: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv("SSL_CERT_FILE")

        message = self.complaint(open_mailbox(timeout=LONG), edith)

        assert message.startswith(
            f"The certificate of localhost:{server.pop3s_port} is not trusted by this machine"
            " (unable to get local issuer certificate): name the file "
        )

    def test_a_certificate_for_another_host(
        self, authority: trustme.CA, open_mailbox: Opening, edith: str
    ) -> None:
        with open_dovecot(authority.issue_cert("pop.example.com")) as dovecot:
            message = self.complaint(open_mailbox(timeout=LONG, port=dovecot.port), edith)

        assert message.startswith(
            f"The certificate of localhost:{dovecot.port} is for another host: use "
        )

    def test_a_certificate_that_has_expired(
        self, authority: trustme.CA, open_mailbox: Opening, edith: str
    ) -> None:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        with open_dovecot(authority.issue_cert("localhost", not_after=yesterday)) as dovecot:
            message = self.complaint(open_mailbox(timeout=LONG, port=dovecot.port), edith)

        assert (
            message == f"The certificate of localhost:{dovecot.port} has expired: renew it there."
        )

    def test_a_port_without_encryption(
        self, server: MailServer, open_mailbox: Opening, edith: str
    ) -> None:
        message = self.complaint(open_mailbox(timeout=LONG, port=server.submission_port), edith)

        assert message.startswith(f"localhost:{server.submission_port} does not use TLS: give ")


class ScriptedServer(socketserver.ThreadingTCPServer):
    """A server behind TLS with scripted replies, for those that dovecot never sends."""

    daemon_threads = False

    def __init__(self, authority: trustme.CA, replies: Mapping[str, str]) -> None:
        self.replies = {
            "": "+OK ready",
            "USER": "+OK",
            "PASS": "+OK",
            "STAT": "+OK 1 60",
            "UIDL": "+OK\r\n1 the-only-one\r\n.",
            "DELE": "+OK",
            "QUIT": "+OK",
            **replies,
        }
        self.asked: list[str] = []
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(self.tls)
        super().__init__(("127.0.0.1", 0), ScriptedConversation)


class ScriptedConversation(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def setup(self) -> None:
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        self.reply("")
        for line in self.rfile:
            command = line.decode().split()[0]
            self.server.asked.append(command)
            if not self.reply(command):
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def reply(self, command: str) -> bool:
        reply = self.server.replies.get(command, "-ERR unknown command")
        if reply:
            self.wfile.write(f"{reply}\r\n".encode())
        return bool(reply)


@contextmanager
def scripted(authority: trustme.CA, **replies: str) -> Iterator[ScriptedServer]:
    with ScriptedServer(
        authority, {"" if k == "greeting" else k: replies[k] for k in replies}
    ) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            # Otherwise a test that fails would wait for the server forever.
            server.shutdown()
            thread.join()


class TestServersOfOtherMakes:
    @pytest.fixture
    def mail(self, edith: str) -> str:
        return f"+OK\r\nSubject: {SUBJECT}\r\nTo: {edith}\r\n\r\nHello\r\n."

    @pytest.mark.parametrize("lost", ["DELE", "QUIT"])
    def test_a_mail_is_taken_once_even_if_it_stays_there(
        self,
        authority: trustme.CA,
        open_mailbox: Opening,
        edith: str,
        mail: str,
        lost: str,
    ) -> None:
        with scripted(authority, RETR=mail, TOP=mail, **{lost: ""}) as server:
            mailbox = open_mailbox(timeout=SHORT, port=server.server_address[1])
            assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
            with pytest.raises(AssertionError, match="Emails that arrived: none"):
                mailbox.wait_for(edith, SUBJECT)

    @pytest.mark.parametrize(
        "refusal", ["-ERR [IN-USE] Locked", "-ERR [SYS/TEMP] Later", "-ERR [LOGIN-DELAY] Wait", ""]
    )
    def test_a_temporary_refusal_is_followed_by_another_attempt(
        self, authority: trustme.CA, open_mailbox: Opening, edith: str, mail: str, refusal: str
    ) -> None:
        with scripted(authority, RETR=mail, TOP=mail, PASS=refusal) as server:
            port = server.server_address[1]
            with pytest.raises(AssertionError) as in_vain:
                open_mailbox(timeout=SHORT, port=port).wait_for(edith, SUBJECT)
            with pytest.raises(MailboxError, match=f"localhost:{port} (c|refuses)"):
                open_mailbox(timeout=SHORT, port=port).check()
            assert server.asked.count("PASS") > 4
            server.replies["PASS"] = "+OK"
            assert open_mailbox(timeout=LONG, port=port).wait_for(edith, SUBJECT)["To"] == edith

        message = str(in_vain.value)
        assert (
            f"no email {SUBJECT!r} to {edith} has arrived, and the mailbox cannot be read"
            in message
        )
        assert (refusal or "closed the connection") in message

    @pytest.mark.parametrize(
        ("replies", "sentence"),
        [
            ({"PASS": "-ERR no such thing"}, r" does not let superlists in \(-ERR no such thing\)"),
            ({"USER": "-ERR who?"}, r" does not let superlists in \(-ERR who\?\)"),
            ({"PASS": "-ERR [SYS/PERM] Gone."}, r" refuses to serve the mailbox \(-ERR \[SYS"),
            (
                {"PASS": "-ERR Quota exceeded"},
                r"^The mailbox on .* is full \(-ERR Quota exceeded\)",
            ),
            ({"UIDL": "-ERR no", "LIST": "-ERR no"}, r" refuses to serve the mailbox \(-ERR no\)"),
            (
                {"greeting": "* OK IMAP4rev1"},
                r" is not a POP3 server \(it replies .*\* OK IMAP4rev1",
            ),
            ({"greeting": "220 ESMTP"}, " is not a POP3 server"),
            ({"UIDL": "+OK\r\nnonsense\r\n."}, " is not a POP3 server"),
            ({"STAT": "+OK many mails"}, " is not a POP3 server"),
        ],
        ids=str,
    )
    def test_a_permanent_refusal_ends_the_wait(
        self,
        authority: trustme.CA,
        open_mailbox: Opening,
        edith: str,
        replies: dict[str, str],
        sentence: str,
    ) -> None:
        with scripted(authority, **replies) as server:
            mailbox = open_mailbox(timeout=LONG, port=server.server_address[1])
            began = time.monotonic()
            with pytest.raises(MailboxError, match=sentence):
                mailbox.wait_for(edith, SUBJECT)
            assert time.monotonic() - began < LONG / 2

    def test_a_server_that_repeats_the_password_is_not_quoted(
        self, authority: trustme.CA, open_mailbox: Opening, edith: str
    ) -> None:
        with scripted(authority, PASS=f"-ERR {PASSWORD} is wrong") as server:
            mailbox = open_mailbox(timeout=LONG, port=server.server_address[1], password=PASSWORD)
            with pytest.raises(MailboxError, match=r"\(-ERR \*\*\* is wrong\)"):
                mailbox.wait_for(edith, SUBJECT)


@pytest.fixture(scope="module")
def started(authority: trustme.CA) -> Iterator[OddPop3Server]:
    with open_odd_server(authority) as server:
        yield server


class TestOddServers:
    """Odd servers on a real socket; each oddity is known from a real product.

    Gmail's help says of its window ("Read Gmail messages on other email clients using POP") that
    `recent:` before the user's name shows the mails of the last 30 days.
    """

    @pytest.fixture
    def odd(self, started: OddPop3Server) -> OddPop3Server:
        started.begin_anew()
        return started

    @pytest.fixture
    def mailbox(self, odd: OddPop3Server, open_mailbox: Opening) -> PolledMailbox:
        return open_mailbox(timeout=LONG, port=odd.port)

    @pytest.fixture
    def impatient(self, odd: OddPop3Server, open_mailbox: Opening) -> PolledMailbox:
        return open_mailbox(timeout=SHORT, port=odd.port)

    @staticmethod
    def fill(odd: OddPop3Server, number: int) -> None:
        for each in range(number):
            odd.mails[f"old-{each}"] = mail_to(f"old-{each}@superlists.test", SUBJECT)

    @pytest.mark.parametrize("first", ["oldest", "newest"])
    @pytest.mark.parametrize("lacks", ["", "TOP", "UIDL", "UIDL TOP"])
    @pytest.mark.parametrize("foreign", [0, 60, 260])
    def test_a_mail_is_found_wherever_it_is_listed(  # noqa: PLR0913, PLR0917 (each varies)
        self,
        odd: OddPop3Server,
        mailbox: PolledMailbox,
        edith: str,
        foreign: int,
        lacks: str,
        first: str,
    ) -> None:
        odd.oddities.newest_first, odd.oddities.lacks = first == "newest", set(lacks.split())
        self.fill(odd, foreign)
        mailbox.check()
        for second, which in enumerate(["first", "second"]):
            # Only other emails show at which end new ones are listed.
            date = f"Mon, 23 Nov 2026 10:15:0{0 if foreign else second} +0000"
            fields = {"Date": date, "Message-ID": f"<{which}@superlists.test>"}
            odd.mails[which] = mail_to(edith, SUBJECT, f"the {which}", **fields)

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the first\n"
        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the second\n"
        assert len(odd.mails) == foreign

    @pytest.mark.parametrize("newest_first", [False, True])
    def test_an_email_is_found_without_an_earlier_look_too(
        self, odd: OddPop3Server, mailbox: PolledMailbox, edith: str, *, newest_first: bool
    ) -> None:
        odd.oddities.newest_first = newest_first
        self.fill(odd, 260)
        odd.mails["mine"] = mail_to(edith, SUBJECT)

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert odd.asked.count("TOP") == 100

    def test_only_few_emails_from_before_the_run_are_read(
        self, odd: OddPop3Server, mailbox: PolledMailbox, impatient: PolledMailbox, edith: str
    ) -> None:
        self.fill(odd, 60)
        mailbox.check()
        odd.mails["mine"] = mail_to(edith, SUBJECT)
        mailbox.wait_for(edith, SUBJECT)
        assert odd.asked.count("TOP") == 1

        impatient.check()
        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        assert "none\nOlder emails, the newest last: " in str(in_vain.value)
        assert "old-59@superlists.test" in str(in_vain.value)
        assert odd.asked.count("TOP") <= 61

    def test_emails_with_the_same_identity_are_distinct(
        self, odd: OddPop3Server, mailbox: PolledMailbox, edith: str
    ) -> None:
        odd.oddities.lacks = {"UIDL"}
        odd.mails["a"] = odd.mails["b"] = mail_to(edith, SUBJECT)

        assert mailbox.check().startswith("2 emails")
        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert len(odd.mails) == 1

    def test_a_bad_line_of_identities_does_not_affect_others(
        self, odd: OddPop3Server, mailbox: PolledMailbox, edith: str
    ) -> None:
        odd.oddities.uidl_lines = ["", "9", "x y", "7 with a space"]
        odd.mails["mine"] = mail_to(edith, SUBJECT)

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith

    @pytest.mark.parametrize(
        "reply",
        ["-ERR gone", "-ERR [SYS/PERM] gone", "-ERR [SYS/TEMP] later", "", "nonsense", "+OK\r\n."],
    )
    def test_an_unreadable_email_does_not_affect_others(
        self, odd: OddPop3Server, mailbox: PolledMailbox, edith: str, reply: str
    ) -> None:
        for name in ("before", "mine", "after"):
            odd.mails[name] = mail_to(edith if name == "mine" else "x@y.example", SUBJECT)
            if name != "mine":
                odd.oddities.replies |= {f"TOP {name}": reply, f"RETR {name}": reply}

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith

    def test_an_unreadable_email_is_reported(
        self, odd: OddPop3Server, impatient: PolledMailbox, edith: str
    ) -> None:
        odd.mails["mine"] = mail_to(edith, SUBJECT)
        odd.oddities.replies |= {"TOP mine": "-ERR gone", "RETR mine": "-ERR gone"}

        with pytest.raises(AssertionError, match=r"1 email of them cannot be read \(-ERR gone\)"):
            impatient.wait_for(edith, SUBJECT)

    def test_an_email_that_disappears_meanwhile_keeps_no_one_waiting(
        self, odd: OddPop3Server, mailbox: PolledMailbox, edith: str
    ) -> None:
        odd.mails["gone"] = mail_to(edith, SUBJECT, "the first")
        odd.mails["mine"] = mail_to(edith, SUBJECT, "the second")
        odd.oddities.replies["RETR gone"] = "-ERR someone has deleted it"

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "the second\n"

    def test_a_huge_mail_is_not_read_whole(
        self, odd: OddPop3Server, mailbox: PolledMailbox, edith: str
    ) -> None:
        odd.oddities.lacks = {"TOP"}
        odd.mails["huge"] = mail_to("x@y.example", "Holiday", "x" * 1_000_001)
        odd.mails["mine"] = mail_to(edith, SUBJECT)

        assert mailbox.wait_for(edith, SUBJECT)["To"] == edith
        assert odd.asked.count("RETR") == 2

    @pytest.mark.parametrize(("listed", "is_reported"), [(250, True), (249, False), (251, False)])
    def test_a_window_is_reported(
        self,
        odd: OddPop3Server,
        impatient: PolledMailbox,
        edith: str,
        listed: int,
        *,
        is_reported: bool,
    ) -> None:
        odd.oddities.window = listed
        self.fill(odd, 260)
        impatient.check()
        odd.mails["mine"] = mail_to(edith, SUBJECT)

        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        message = "may be hidden: it lists exactly 250 emails, as many as Gmail lists at a time"
        assert (message in str(in_vain.value)) == is_reported
        assert ("recent%3ANAME" in str(in_vain.value)) == is_reported

    def test_a_server_that_asks_for_fewer_logins_gets_fewer(
        self, odd: OddPop3Server, impatient: PolledMailbox, edith: str
    ) -> None:
        odd.oddities.replies["PASS"] = "-ERR [LOGIN-DELAY] minimum time between mail checks"

        with pytest.raises(AssertionError, match="refuses to be contacted again so soon"):
            impatient.wait_for(edith, SUBJECT)


class TestWhichMailItIs:
    @pytest.mark.parametrize(
        "subject",
        [
            f"[EXTERNAL] {SUBJECT}",
            f"*****SPAM***** {SUBJECT}",
            f"{SUBJECT} [checked]",
            SUBJECT.upper(),
            "=?utf-8?q?=5BEXTERN=5D_Your_login_link?= for\r\n Superlists",
        ],
    )
    def test_a_relay_may_mark_a_subject(
        self, sender: Sender, mailbox: PolledMailbox, edith: str, subject: str
    ) -> None:
        sender.send_raw(edith, f"Subject: {subject}\r\nTo: {edith}\r\n\r\nHello".encode())

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "Hello\n"

    def test_the_email_with_exactly_the_subject_comes_first(
        self, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        sender.send(edith, subject=f"Re: {SUBJECT}")
        sender.send(edith)

        assert mailbox.wait_for(edith, SUBJECT)["Subject"] == SUBJECT

    @pytest.mark.parametrize("subject", ["Your link for Superlists", "", "Your login"])
    def test_another_subject_is_reported(
        self, sender: Sender, impatient: PolledMailbox, edith: str, subject: str
    ) -> None:
        sender.send(edith, subject=subject)

        with pytest.raises(AssertionError) as in_vain:
            impatient.wait_for(edith, SUBJECT)

        first = str(in_vain.value).splitlines()[0]
        assert first == (
            f"no email {SUBJECT!r} to {edith} has arrived; an email to that address arrived, but"
            f" its subject is {subject!r}"
        )

    def test_bad_emails_do_not_affect_others(
        self, server: MailServer, sender: Sender, mailbox: PolledMailbox, edith: str
    ) -> None:
        bad = [
            b"",
            b"\n",
            b"no mail",
            b"Date: Mon, 23 Nov 20260 10:15:03 +0000\n\n",
            b'Content-Type: text/plain; charset="x-unknown"\n\n\xff',
            b"Content-Transfer-Encoding: base64\n\n!!!",
            b"To: a@b.example <a@b.example>\nSubject: =?x-none?b?a?=\n\n",
        ]
        for number, content in enumerate(bad):
            (server.maildir / "new" / f"{number}.bad.test").write_bytes(content)
        content = f'Cc: A, "b <c@d.example>\nTo: {edith}\nSubject: {SUBJECT}\n'.encode()
        content += b'Content-Type: text/plain; charset="x-unknown"\n\nGr\xc3\xbc\xc3\x9fe'
        sender.send_raw(edith, content.replace(b"\n", b"\r\n"))

        assert text_of(mailbox.wait_for(edith, SUBJECT)) == "Grüße\n"
        assert lie_there(server) == len(bad)
