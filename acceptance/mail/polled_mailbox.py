"""A mailbox on a server, as the people in a scenario read it."""

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
from acceptance.mismatch import Mismatch
from acceptance.waiting import eventually

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""How long to wait before looking again, in seconds: twice as long each time."""

MOST_READ = 100
"""How many mails are read at one look, at most; of the others, more at each look that follows."""

MOST_OLDER_READ = 10
"""How many of those are read at one look that lay in the mailbox before the run."""

LONGEST_PAUSE_WHEN_ASKED_TOO_OFTEN = 60.0
"""How long to wait where a server wants to be asked less often, in seconds."""

WINDOW = 250
"""How many mails Gmail lists at a time: the oldest that no POP3 client has had."""

SHOWN = 5
"""How many mails of each kind are told of when the right one has not come."""

LOOKS_FULL = 100_000_000
"""From how many bytes on a mailbox may be full; the smallest that are offered hold about that."""

Outcome = TypeVar("Outcome")


class PolledMailbox:
    """Finds each person's mails in one mailbox that is looked into again and again."""

    def __init__(self, inbox: Inbox, addresses: AddressBook, timeout: float) -> None:
        """Read the mails in `inbox` that come to `addresses`.

        Args:
            inbox: the mailbox on its server.
            addresses: the addresses that people have.
            timeout: how long to wait for a mail, in seconds.

        """
        self._inbox = inbox
        self._addresses = addresses
        self._timeout = timeout
        self._lying: Sequence[str] = ()
        self._size = 0
        # Mails go by their identities.
        self._has_looked = False
        self._lay_before: set[str] = set()
        self._has_newest_first = False
        self._arrivals: dict[str, Arrival] = {}
        self._attempts: Counter[str] = Counter()
        self._unreadable: dict[str, str] = {}
        self._ignored: set[str] = set()
        self._known_before: set[str] = set()
        self._taken: list[EmailMessage] = []
        self._is_asked_too_often = False

    def beside(self, addresses: AddressBook) -> Self:
        """Return this mailbox as people with other addresses read it, in parallel scenarios."""
        mailbox = type(self)(self._inbox, addresses, self._timeout)
        # What is found to lie there before the run is known to both.
        mailbox._lay_before = self._lay_before  # noqa: SLF001 (of its own kind)
        return mailbox

    def begin_scenario(self) -> None:
        """From now on, give people new addresses, and ignore mails to their former ones.

        Raises:
            MailboxError: addresses are used again, and what lies there already cannot be told.

        """
        self._taken.clear()
        self._addresses.begin_scenario()
        if not self._addresses.has_unique_addresses:
            self.ignore_what_lies_there()

    def ignore_what_lies_there(self) -> None:
        """Ignore the mails that lie in the mailbox now.

        Raises:
            MailboxError: the mailbox cannot be read.

        """

        def look() -> Sequence[str]:
            with self._inbox.open() as inbox:
                return inbox.identities()

        self._ignored.update(self._patiently(look))

    def check(self) -> str:
        """Open the mailbox, and say in a few words how much lies in it.

        What lies there the first time is what scenarios can best do without: it is read last.

        Raises:
            MailboxError: the mailbox cannot be read.

        """

        def look() -> str:
            is_first = not self._has_looked
            with self._opened():
                if is_first:
                    self._lay_before.update(self._lying)
            return _amount(len(self._lying), self._size)

        return self._patiently(look)

    @property
    def doubt(self) -> str | None:
        """What about the mailbox, as it was at the last look, may keep mails from being found."""
        if len(self._lying) == WINDOW:
            return (
                f"it lists just {WINDOW} mails, which is as many as Gmail lists at a time, the"
                " oldest ones: give its user as recent%3ANAME in the setting mailbox, or empty it"
            )
        return None

    @property
    def timeout(self) -> float:
        """How long to wait for a mail, in seconds, unless told."""
        return self._timeout

    def wait_for(self, to: str, subject: str, timeout: float | None = None) -> EmailMessage:
        """Take the oldest mail with `subject` to the address `to` out of the mailbox.

        Args:
            to: the address.
            subject: what its subject is, or what stands in it.
            timeout: how long to wait for it, in seconds, if not as long as always.

        Raises:
            AssertionError: no such mail came in time; says what did.
            MailboxError: the mailbox cannot be read, and waiting would not help.

        """
        if self._addresses.leads_nowhere(to):
            message = (
                f"No mail to {to} can come: the mailbox has one address, and another person in the "
                f"scenario uses it. Set mail_address to a pattern such as you+{UNIQUE}@example.com,"
                " in a mailbox that takes mails to all such addresses."
            )
            raise MailboxError(message)
        return self._wait_for(to, subject, self._timeout if timeout is None else timeout)

    def wait_for_any(self, to: str, timeout: float) -> EmailMessage:
        """Take the oldest mail to the address `to` out of the mailbox, whatever its subject.

        Args:
            to: the address.
            timeout: how long to wait for it, in seconds.

        Raises:
            AssertionError: no mail came in time; says which others did.
            MailboxError: the mailbox cannot be read, and waiting would not help.

        """
        return self._wait_for(to, "", timeout)

    def _wait_for(self, to: str, subject: str, timeout: float) -> EmailMessage:
        self._known_before = {*self._arrivals, *self._lay_before}
        nothing = (
            f"no mail {subject!r} to {to} has come" if subject else f"no mail to {to} has come"
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
            wanted = f"a mail {subject!r} to {to}" if subject else f"a mail to {to}"
            raise AssertionError(Mismatch(nothing + self._other_subjects(address), wanted))

        return eventually(take, timeout=timeout, describe=self._found, pauses=self._pauses())

    def of_scenario(self) -> Sequence[EmailMessage]:
        """Return the mails that came to people's addresses in this scenario, those taken first.

        Raises:
            MailboxError: the mailbox cannot be read.
            NotNowError: it cannot be read at this moment.

        """
        lying: list[EmailMessage] = []
        with self._opened() as inbox:
            self._read(inbox, self._unread(), MOST_READ)
            for identity in self._in_order():
                recipients = self._arrivals[identity].recipients
                if any(map(self._addresses.is_in_use, recipients)):
                    with suppress(OneMailError):
                        lying.append(parsed(inbox.content(identity)))
        return [*self._taken, *lying]

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
        """Look into the mailbox, and list what lies there."""
        self._is_asked_too_often = False
        try:
            with self._inbox.open() as inbox:
                self._list(inbox)
                yield inbox
        except TooOftenError:
            self._is_asked_too_often = True
            raise

    def _list(self, inbox: OpenInbox) -> None:
        lying = inbox.identities()
        self._size = inbox.size()
        known = {*self._lying, *self._arrivals}
        if not self._has_looked:
            self._has_looked = True
            self._known_before.update(lying)
        elif len(lying) > 1 and (lying[0] in known) != (lying[-1] in known):
            # New mails come at one end: at which one, servers do not agree.
            self._has_newest_first = lying[-1] in known
        self._lying = lying

    def _look_for(self, to: str, subject: str, inbox: OpenInbox) -> Iterator[str]:
        """Find the mails that are awaited: among those that are known, the new, then the old."""
        yield from self._awaited(to, subject)
        self._read(inbox, self._unread(), MOST_READ)
        yield from self._awaited(to, subject)
        self._read(inbox, self._unread(lay_before=True), MOST_OLDER_READ)
        yield from self._awaited(to, subject)

    def _unread(self, *, lay_before: bool = False) -> list[str]:
        """Return what is to be read next first: what came last, at whichever end that is."""
        unread = [
            identity
            for identity in self._lying
            if (identity in self._lay_before) == lay_before
            and identity not in self._arrivals
            and identity not in self._ignored
        ]
        from_both_ends = [
            unread[number // 2 if number % 2 else -1 - number // 2] for number in range(len(unread))
        ]
        # Where reading one mail ends the connection, the others are read before it is tried again.
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
        """Return the mails to an address with these words in their subjects, in their order.

        Those that have no other words come first: mail servers put marks before a subject.
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
        """Return the mails that lie there and have been read, the oldest first.

        Args:
            to: return those to this address only.

        """
        lying = [
            identity
            for identity in self._lying
            if identity in self._arrivals
            and identity not in self._ignored
            and (to is None or to in self._arrivals[identity].recipients)
        ]
        if self._has_newest_first:
            lying.reverse()
        dates = {each: sent for each in lying if (sent := self._arrivals[each].sent) is not None}
        return sorted(lying, key=dates.__getitem__) if len(dates) == len(lying) else lying

    def _other_subjects(self, to: str) -> str:
        others = [
            self._arrivals[each].subject
            for each in self._in_order(to)
            if self._came_in_scenario(each)
        ]
        if not others:
            return ""
        return f"; a mail to that address came, but its subject is {others[-1]!r}"

    def _take(self, identity: str, inbox: OpenInbox) -> EmailMessage:
        content = inbox.content(identity)
        # Even where it cannot be deleted, nobody gets it twice.
        self._ignored.add(identity)
        with suppress(MailboxError, NotNowError):
            inbox.delete(identity)
        self._taken.append(parsed(content))
        return self._taken[-1]

    def _found(self) -> str:
        came: list[str] = []
        older: list[str] = []
        for identity in self._in_order():
            kind = came if self._came_in_scenario(identity) else older
            kind.append(str(self._arrivals[identity]))
        told = f"Mails that came: {'; '.join(came[-SHOWN:]) or 'none'}"
        if len(came) > SHOWN:
            told += f"; and {len(came) - SHOWN} before these"
        if older:
            told += f"\nOlder mails, the newest last: {'; '.join(older[-SHOWN:])}"
        told += f"\nThe mailbox holds {_amount(len(self._lying), self._size)}."
        reasons = [self._unreadable[each] for each in self._lying if each in self._unreadable]
        if reasons:
            told += f" {_number(len(reasons))} of them cannot be read ({reasons[0]})."
        if self._size >= LOOKS_FULL:
            told += " It may be full: delete the mails that nobody needs, and run again."
        if self.doubt:
            told += f" Newer ones may be hidden: {self.doubt}."
        return told

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
    return f"{mails} mail{'s'[: mails != 1]}"
