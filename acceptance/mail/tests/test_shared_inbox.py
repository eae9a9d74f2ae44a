"""A mailbox that several scenarios read at the same time."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from acceptance.mail import shared_inbox
from acceptance.mail.addresses import AddressBook
from acceptance.mail.errors import NotNowError, TooOftenError
from acceptance.mail.inbox import Arrival
from acceptance.mail.polled_mailbox import PolledMailbox
from acceptance.mail.shared_inbox import SharedInbox

PATTERN = "elspeth+{unique}@example.com"
SUBJECT = "Your login link"


class Mails:
    """An inbox in memory for one client at a time, like a POP3 server, which counts requests."""

    def __init__(self, mails: dict[str, str]) -> None:
        self.mails = mails
        self.refusal: Exception | None = None
        self.log_ins = 0
        self.heads: list[str] = []
        self._door = threading.Lock()

    @contextmanager
    def open(self) -> Iterator["Mails"]:
        self.log_ins += 1
        if self.refusal:
            raise self.refusal
        assert self._door.acquire(blocking=False), "two were let in"
        try:
            yield self
        finally:
            self._door.release()

    def identities(self) -> Sequence[str]:
        return list(self.mails)

    def size(self) -> int:
        return 0

    def arrival(self, identity: str) -> Arrival:
        self.heads.append(identity)
        return Arrival(subject=SUBJECT, recipients=[self.mails[identity]], sent=None)

    def content(self, identity: str) -> bytes:
        return f"To: {self.mails[identity]}\r\nSubject: {SUBJECT}\r\n\r\nHello\r\n".encode()

    def delete(self, identity: str) -> None:
        del self.mails[identity]


def mailboxes(inbox: Mails, number: int) -> list[tuple[AddressBook, PolledMailbox]]:
    """The address books of scenarios that run at the same time."""
    book = AddressBook(PATTERN)
    first = PolledMailbox(SharedInbox(inbox), book, 0.2)
    books = [book.beside() for _ in range(number)]
    return [(each, first.beside(each)) for each in books]


def test_scenarios_take_turns_and_everyone_gets_their_own_email() -> None:
    inbox = Mails({})
    readers = mailboxes(inbox, 8)
    for number, (book, _) in enumerate(readers):
        inbox.mails[str(number)] = book.address_for("Edith")

    def wait(reader: tuple[AddressBook, PolledMailbox]) -> str:
        book, mailbox = reader
        return str(mailbox.wait_for(book.address_for("Edith"), SUBJECT)["To"])

    with ThreadPoolExecutor(8) as threads:
        received = list(threads.map(wait, readers))

    assert received == [book.address_for("Edith") for book, _ in readers]
    assert inbox.mails == {}
    assert len(inbox.heads) == len(set(inbox.heads)), "a head is read once for all"


def test_emails_for_other_scenarios_are_not_shown_as_arrived() -> None:
    inbox = Mails({})
    (book, mailbox), (other_book, _) = mailboxes(inbox, 2)
    mailbox.check()
    inbox.mails["1"] = other_book.address_for("Edith")
    inbox.mails["2"] = "stranger@example.com"

    with pytest.raises(AssertionError) as failure:
        mailbox.wait_for(book.address_for("Edith"), SUBJECT)

    came = str(failure.value).split("Emails that arrived:")[1]
    assert "stranger@example.com" in came
    assert other_book.address_for("Edith") not in came.split("Older emails")[0]
    assert mailbox.of_scenario() == []


def test_a_server_that_is_asked_too_often_is_left_alone_by_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("acceptance.mail.shared_inbox.time.monotonic", lambda: now)
    inbox = Mails({})
    inbox.refusal = TooOftenError("The server refuses to be contacted again so soon.")
    shared = SharedInbox(inbox)

    def look() -> None:
        with pytest.raises(TooOftenError, match="so soon"), shared.open():
            pass

    asked = []
    for now in (0.0, 0.5, 1.5, 2.5, 3.6, 5.0):  # noqa: B007 (the clock)
        look()
        asked.append(inbox.log_ins)

    assert asked == [1, 1, 2, 2, 3, 3]
    inbox.refusal = None
    now = 10.0
    with shared.open():
        pass
    assert inbox.log_ins == 4


def test_a_look_that_takes_too_long_keeps_no_one_waiting_forever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_inbox, "PATIENCE", 0.1)
    shared = SharedInbox(Mails({}))

    with (
        shared.open(),
        pytest.raises(NotNowError, match="Another scenario has been reading the mailbox"),
        shared.open(),
    ):
        pass
