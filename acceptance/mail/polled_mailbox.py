"""A mailbox on a server that the people in a scenario share."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Self, TypeVar

from acceptance.mail.addresses import UNIQUE, AddressBook, comparable
from acceptance.mail.content import parsed
from acceptance.mail.errors import (
    MailboxError,
    NotNowError,
    OneMailError,
    TooOftenError,
)
from acceptance.mail.heads import has_words, one_line
from acceptance.mail.inbox import Arrival, Inbox, OpenInbox
from acceptance.mail.other_emails import arrived_instead, beside
from acceptance.mismatch import Mismatch
from acceptance.waiting import eventually

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""How long to wait between two looks, in seconds; the time doubles up to the longest."""

MOST_READ = 100
"""How many emails are read at one look, at most; each further look reads more of the others."""

MOST_OLDER_READ = 10
"""How many emails from before the run are read at one look, at most."""

LONGEST_PAUSE_WHEN_ASKED_TOO_OFTEN = 60.0
"""The longest wait if a server asks to be contacted less often, in seconds."""

WINDOW = 250
"""How many emails Gmail lists at a time: the oldest that no POP3 client has fetched."""

SHOWN = 5
"""How many emails of each kind are shown if the right one has not arrived."""

LOOKS_FULL = 100_000_000
"""The size from which a mailbox may be full, in bytes; about that of the smallest ones offered."""

Outcome = TypeVar("Outcome")


class PolledMailbox:
    """Finds each person's emails in one mailbox by polling it."""

    def __init__(self, inbox: Inbox, addresses: AddressBook, timeout: float) -> None:
        """Read the emails in `inbox` that are sent to `addresses`.

        Args:
            inbox: the mailbox on its server.
            addresses: the addresses of people.
            timeout: how long to wait for an email, in seconds.

        """
        self._inbox = inbox
        self._addresses = addresses
        self._timeout = timeout
        self._present: Sequence[str] = ()
        self._size = 0
        # The following collections contain the identities of emails.
        self._has_looked = False
        self._from_before: set[str] = set()
        self._has_newest_first = False
        self._arrivals: dict[str, Arrival] = {}
        self._attempts: Counter[str] = Counter()
        self._unreadable: dict[str, str] = {}
        self._ignored: set[str] = set()
        self._known_before: set[str] = set()
        self._taken: list[tuple[Arrival, EmailMessage]] = []
        self._is_asked_too_often = False

    def beside(self, addresses: AddressBook) -> Self:
        """Return a view of this mailbox for other addresses, for parallel scenarios."""
        mailbox = type(self)(self._inbox, addresses, self._timeout)
        # Both share the knowledge of emails from before the run.
        mailbox._from_before = self._from_before  # noqa: SLF001 (of its own kind)
        return mailbox

    def begin_scenario(self) -> None:
        """Give people new addresses from now on, and ignore emails to their former ones.

        Raises:
            MailboxError: addresses are used again, and the mailbox cannot be read.

        """
        self._taken.clear()
        self._addresses.begin_scenario()
        if not self._addresses.has_unique_addresses:
            self.ignore_present_emails()

    def ignore_present_emails(self) -> None:
        """Ignore the emails that are in the mailbox now.

        Raises:
            MailboxError: the mailbox cannot be read.

        """

        def look() -> Sequence[str]:
            with self._inbox.open() as inbox:
                return inbox.identities()

        self._ignored.update(self._patiently(look))

    def check(self) -> str:
        """Open the mailbox, and return in a few words how much it contains.

        Emails that are there the first time are the least useful for scenarios, and read last.

        Raises:
            MailboxError: the mailbox cannot be read.

        """

        def look() -> str:
            is_first = not self._has_looked
            with self._opened():
                if is_first:
                    self._from_before.update(self._present)
            return _amount(len(self._present), self._size)

        return self._patiently(look)

    @property
    def doubt(self) -> str | None:
        """The reason why the mailbox may hide emails, judging by the last look, or None."""
        if len(self._present) == WINDOW:
            return (
                f"it lists exactly {WINDOW} emails, as many as Gmail lists at a time, the oldest"
                " ones: give its user as recent%3ANAME in the setting mailbox, or empty it"
            )
        return None

    @property
    def timeout(self) -> float:
        """The default time to wait for an email, in seconds."""
        return self._timeout

    def wait_for(self, to: str, subject: str, timeout: float | None = None) -> EmailMessage:
        """Take the oldest email with `subject` to the address `to` out of the mailbox.

        Args:
            to: the address.
            subject: its subject, or a part of it.
            timeout: how long to wait for it, in seconds; None for the default.

        Raises:
            AssertionError: no such email arrived in time; the message shows those that did.
            MailboxError: the mailbox cannot be read, and waiting would not help.

        """
        if self._addresses.leads_nowhere(to):
            message = (
                f"No email to {to} can arrive, because the mailbox has only one address, which "
                "another person in the scenario uses: set mail_address to a pattern such as "
                f"you+{UNIQUE}@example.com, of a mailbox that accepts emails to all such addresses."
            )
            raise MailboxError(message)
        return self._wait_for(to, subject, self._timeout if timeout is None else timeout)

    def wait_for_any(self, to: str, timeout: float) -> EmailMessage:
        """Take the oldest email to the address `to` out of the mailbox, with any subject.

        Args:
            to: the address.
            timeout: how long to wait for it, in seconds.

        Raises:
            AssertionError: no email arrived in time; the message shows others that did.
            MailboxError: the mailbox cannot be read, and waiting would not help.

        """
        return self._wait_for(to, "", timeout)

    def _wait_for(self, to: str, subject: str, timeout: float) -> EmailMessage:
        self._known_before = {*self._arrivals, *self._from_before}
        nothing = (
            f"no email {subject!r} to {to} has arrived"
            if subject
            else f"no email to {to} has arrived"
        )
        address, words = comparable(to), one_line(subject)

        def take() -> EmailMessage:
            try:
                with self._opened() as inbox:
                    for identity in self._look_for(address, words, inbox):
                        with suppress(OneMailError):
                            return self._take(identity, inbox)
            except NotNowError as error:
                message = f"{nothing}, and the mailbox cannot be read now: {error}"
                raise AssertionError(message) from error
            wanted = f"an email {subject!r} to {to}" if subject else f"an email to {to}"
            cause = arrived_instead(address, words, self._arrived_in_scenario())
            sentence = nothing + (self._other_subjects(address) or beside(self._of_people()))
            raise AssertionError(Mismatch(sentence, wanted, cause=cause))

        return eventually(take, timeout=timeout, describe=self._found, pauses=self._pauses())

    def of_scenario(self) -> Sequence[EmailMessage]:
        """Return the emails to people's addresses in this scenario, starting with those taken out.

        Raises:
            MailboxError: the mailbox cannot be read.
            NotNowError: it cannot be read at this moment.

        """
        present: list[EmailMessage] = []
        with self._opened() as inbox:
            self._read(inbox, self._unread(), MOST_READ)
            for identity in self._in_order():
                recipients = self._arrivals[identity].recipients
                if any(map(self._addresses.is_in_use, recipients)):
                    with suppress(OneMailError):
                        present.append(parsed(inbox.content(identity)))
        return [*(content for _, content in self._taken), *present]

    def _patiently(self, look: Callable[[], Outcome]) -> Outcome:
        try:
            return eventually(look, timeout=self._timeout, describe=str, pauses=self._pauses())
        except AssertionError as error:
            raise MailboxError(str(error.__cause__)) from error

    def _pauses(self) -> Iterator[float]:
        pause = SHORTEST_PAUSE
        while True:
            yield pause
            too_often = self._is_asked_too_often
            longest = LONGEST_PAUSE_WHEN_ASKED_TOO_OFTEN if too_often else LONGEST_PAUSE
            pause = min(2 * pause, longest)

    @contextmanager
    def _opened(self) -> Iterator[OpenInbox]:
        """Open the mailbox, and list its emails."""
        self._is_asked_too_often = False
        try:
            with self._inbox.open() as inbox:
                self._list(inbox)
                yield inbox
        except TooOftenError:
            self._is_asked_too_often = True
            raise

    def _list(self, inbox: OpenInbox) -> None:
        present = inbox.identities()
        self._size = inbox.size()
        known = {*self._present, *self._arrivals}
        if not self._has_looked:
            self._has_looked = True
            self._known_before.update(present)
        elif len(present) > 1 and (present[0] in known) != (present[-1] in known):
            # New emails are at one end of the list, but servers differ in which.
            self._has_newest_first = present[-1] in known
        self._present = present

    def _look_for(self, to: str, subject: str, inbox: OpenInbox) -> Iterator[str]:
        """Yield the awaited emails: known ones first, then new ones, then older ones."""
        yield from self._awaited(to, subject)
        self._read(inbox, self._unread(), MOST_READ)
        yield from self._awaited(to, subject)
        self._read(inbox, self._unread(from_before=True), MOST_OLDER_READ)
        yield from self._awaited(to, subject)

    def _unread(self, *, from_before: bool = False) -> list[str]:
        """Return the emails to read, the newest first, taken alternately from both ends."""
        unread = [
            identity
            for identity in self._present
            if (identity in self._from_before) == from_before
            and identity not in self._arrivals
            and identity not in self._ignored
        ]
        from_both_ends = [
            unread[number // 2 if number % 2 else -1 - number // 2] for number in range(len(unread))
        ]
        # If reading one email ends the connection, the others are read before the next attempt.
        return sorted(from_both_ends, key=self._attempts.__getitem__)

    def _read(self, inbox: OpenInbox, identities: Sequence[str], most: int) -> None:
        for identity in identities[:most]:
            self._attempts[identity] += 1
            try:
                self._arrivals[identity] = inbox.arrival(identity)
            except OneMailError as error:
                self._unreadable[identity] = str(error)
            else:
                self._unreadable.pop(identity, None)

    def _awaited(self, to: str, subject: str) -> list[str]:
        """Return the emails to an address with these words in their subjects, in order.

        Those without other words come first, since mail servers put marks before a subject.
        """
        if self._addresses.is_of_others(to):
            return []
        found = [
            identity
            for identity in self._in_order(to)
            if has_words(self._arrivals[identity].subject, subject)
        ]
        return sorted(found, key=lambda each: self._arrivals[each].subject != subject)

    def _in_order(self, to: str | None = None) -> list[str]:
        """Return the emails in the mailbox that have been read, the oldest first.

        Args:
            to: return only those to this address.

        """
        present = [
            identity
            for identity in self._present
            if identity in self._arrivals
            and identity not in self._ignored
            and (to is None or to in self._arrivals[identity].recipients)
        ]
        if self._has_newest_first:
            present.reverse()
        dates = {each: sent for each in present if (sent := self._arrivals[each].sent) is not None}
        return sorted(present, key=dates.__getitem__) if len(dates) == len(present) else present

    def _other_subjects(self, to: str) -> str:
        others = [
            self._arrivals[each].subject
            for each in self._in_order(to)
            if self._came_in_scenario(each)
        ]
        if not others:
            return ""
        return f"; an email to that address arrived, but its subject is {others[-1]!r}"

    def _arrived_in_scenario(self) -> Iterator[tuple[Sequence[str], str]]:
        for each in filter(self._came_in_scenario, self._in_order()):
            yield self._arrivals[each].recipients, self._arrivals[each].subject

    def _of_people(self) -> Iterator[tuple[Sequence[str], str]]:
        """Yield the emails to people of this scenario, starting with those taken out."""
        read = [(arrival.recipients, arrival.subject) for arrival, _ in self._taken]
        for recipients, subject in [*read, *self._arrived_in_scenario()]:
            if any(map(self._addresses.is_in_use, recipients)):
                yield recipients, subject

    def _take(self, identity: str, inbox: OpenInbox) -> EmailMessage:
        content = inbox.content(identity)
        # Even if it cannot be deleted, no one gets it twice.
        self._ignored.add(identity)
        with suppress(MailboxError, NotNowError):
            inbox.delete(identity)
        email = parsed(content)
        self._taken.append((self._arrivals[identity], email))
        return email

    def _found(self) -> str:
        came: list[str] = []
        older: list[str] = []
        for identity in self._in_order():
            kind = came if self._came_in_scenario(identity) else older
            kind.append(str(self._arrivals[identity]))
        text = f"Emails that arrived: {'; '.join(came[-SHOWN:]) or 'none'}"
        if len(came) > SHOWN:
            text += f"; and {len(came) - SHOWN} before these"
        if older:
            text += f"\nOlder emails, the newest last: {'; '.join(older[-SHOWN:])}"
        text += f"\nThe mailbox contains {_amount(len(self._present), self._size)}."
        reasons = [self._unreadable[each] for each in self._present if each in self._unreadable]
        if reasons:
            text += f" {_number(len(reasons))} of them cannot be read ({reasons[0]})."
        if self._size >= LOOKS_FULL:
            text += " It may be full: delete the emails that no one needs, and run again."
        if self.doubt:
            text += f" Newer ones may be hidden: {self.doubt}."
        return text

    def _came_in_scenario(self, identity: str) -> bool:
        recipients = self._arrivals[identity].recipients
        if any(map(self._addresses.is_in_use, recipients)):
            return True
        is_new = identity not in self._known_before
        return is_new and not any(map(self._addresses.is_of_others, recipients))


def _amount(mails: int, size: int) -> str:
    for unit, length in (("MB", 1_000_000), ("kB", 1000)):
        if size >= length:
            return f"{_number(mails)}, {size / length:.0f} {unit}"
    return f"{_number(mails)}, {size} bytes"


def _number(mails: int) -> str:
    return f"{mails} email{'s'[: mails != 1]}"
