"""A mailbox on a server, as the people in a scenario read it."""

import email.policy
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.parser import BytesParser
from typing import TypeVar

from features.support.mailboxes.addresses import UNIQUE, AddressBook
from features.support.mailboxes.errors import MailboxError, NotNowError
from features.support.mailboxes.heads import one_line
from features.support.mailboxes.inbox import Arrival, Inbox, OpenInbox
from features.support.waiting import eventually

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""How long to wait before looking again, in seconds: twice as long each time."""

NEWEST = 50
"""How many of the mails that lie in a mailbox at the first look are read."""

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
        self._has_looked = False
        self._lying: Sequence[str] = ()
        self._size = 0
        # By identity; None for those that were too old to be read.
        self._arrivals: dict[str, Arrival | None] = {}
        self._ignored: set[str] = set()
        self._known_before: set[str] = set()
        self._taken: list[EmailMessage] = []

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

        Raises:
            MailboxError: the mailbox cannot be read.

        """

        def look() -> str:
            with self._inbox.open() as inbox:
                return _amount(len(inbox.identities()), inbox.size())

        return self._patiently(look)

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest mail with `subject` to the address `to` out of the mailbox.

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
        self._known_before = set(self._arrivals)

        def take() -> EmailMessage:
            nothing = f"no mail {subject!r} to {to} has come"
            try:
                with self._inbox.open() as inbox:
                    self._look_into(inbox)
                    for identity in self._lying:
                        if self._is_awaited(identity, to.lower(), one_line(subject)):
                            return self._take(identity, inbox)
            except NotNowError as error:
                message = f"{nothing}, and the mailbox cannot be read now: {error}"
                raise AssertionError(message) from error
            raise AssertionError(nothing)

        return eventually(take, timeout=self._timeout, describe=self._found, pauses=_pauses())

    def of_scenario(self) -> Sequence[EmailMessage]:
        """Return the mails that came to people's addresses in this scenario, those taken first.

        Raises:
            MailboxError: the mailbox cannot be read.
            NotNowError: it cannot be read at this moment.

        """
        with self._inbox.open() as inbox:
            self._look_into(inbox)
            lying = [
                _parsed(inbox.content(identity))
                for identity in self._lying
                if (arrival := self._arrival(identity)) is not None
                and any(map(self._addresses.is_in_use, arrival.recipients))
            ]
        return [*self._taken, *lying]

    def _patiently(self, look: Callable[[], Outcome]) -> Outcome:
        try:
            return eventually(look, timeout=self._timeout, describe=str, pauses=_pauses())
        except AssertionError as error:
            raise MailboxError(str(error.__cause__)) from error

    def _look_into(self, inbox: OpenInbox) -> None:
        self._lying = inbox.identities()
        self._size = inbox.size()
        if not self._has_looked:
            self._has_looked = True
            self._arrivals.update(dict.fromkeys(self._lying[:-NEWEST]))
            self._known_before.update(self._lying)
        for identity in self._lying:
            if identity not in self._arrivals and identity not in self._ignored:
                self._arrivals[identity] = inbox.arrival(identity)

    def _is_awaited(self, identity: str, to: str, subject: str) -> bool:
        arrival = self._arrival(identity)
        return (
            arrival is not None
            and arrival.subject == subject
            and to in arrival.recipients
            and not self._addresses.is_former(to)
        )

    def _arrival(self, identity: str) -> Arrival | None:
        return None if identity in self._ignored else self._arrivals.get(identity)

    def _take(self, identity: str, inbox: OpenInbox) -> EmailMessage:
        content = inbox.content(identity)
        # Even where it cannot be deleted, nobody gets it twice.
        self._ignored.add(identity)
        with suppress(MailboxError, NotNowError):
            inbox.delete(identity)
        self._taken.append(_parsed(content))
        return self._taken[-1]

    def _found(self) -> str:
        came: list[str] = []
        older: list[str] = []
        for identity in self._lying:
            arrival = self._arrival(identity)
            if arrival is None:
                continue
            (came if self._came_in_scenario(identity, arrival) else older).append(str(arrival))
        told = f"Mails that came: {'; '.join(came[-SHOWN:]) or 'none'}"
        if len(came) > SHOWN:
            told += f"; and {len(came) - SHOWN} before these"
        if older:
            told += f"\nOlder mails, the newest last: {'; '.join(older[-SHOWN:])}"
        told += f"\nThe mailbox holds {_amount(len(self._lying), self._size)}."
        if self._size >= LOOKS_FULL:
            told += " It may be full: delete the mails that nobody needs, and run again."
        return told

    def _came_in_scenario(self, identity: str, arrival: Arrival) -> bool:
        if any(map(self._addresses.is_in_use, arrival.recipients)):
            return True
        is_new = identity not in self._known_before
        return is_new and not any(map(self._addresses.is_former, arrival.recipients))


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content)


def _pauses() -> Iterator[float]:
    pause = SHORTEST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)


def _amount(mails: int, size: int) -> str:
    for unit, length in (("MB", 1_000_000), ("kB", 1000)):
        if size >= length:
            return f"{mails} mail{'s'[: mails != 1]}, {size / length:.0f} {unit}"
    return f"{mails} mail{'s'[: mails != 1]}, {size} bytes"
