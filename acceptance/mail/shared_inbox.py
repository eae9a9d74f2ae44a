"""A mailbox that scenarios read at the same time: one after the other, and each head once."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from acceptance.mail.errors import NotNowError, TooOftenError
from acceptance.mail.inbox import Arrival, Inbox, OpenInbox
from acceptance.mail.network import PATIENCE

SHORTEST_REST = 1.0
LONGEST_REST = 60.0
"""How long no one asks a server that wants to be asked less often, in seconds."""


class SharedInbox:
    """An inbox into which one looks at a time, as POP3 demands (RFC 1939, section 4)."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._lock = Lock()
        self._arrivals: dict[str, Arrival] = {}
        self._rest = SHORTEST_REST
        self._rests_until = 0.0
        self._wish: TooOftenError | None = None

    @contextmanager
    def open(self) -> Iterator["OpenSharedInbox"]:
        """Look into the mailbox when no one else does.

        Raises:
            MailboxError: it cannot be opened, and waiting will not help.
            NotNowError: it cannot be opened at this moment.

        """
        if not self._lock.acquire(timeout=PATIENCE):
            message = f"Another scenario has been reading the mailbox for {PATIENCE:g} s."
            raise NotNowError(message)
        try:
            self._let_it_rest()
            with self._inbox.open() as inbox:
                self._wish, self._rest = None, SHORTEST_REST
                yield OpenSharedInbox(inbox, self._arrivals)
        except TooOftenError as error:
            if time.monotonic() >= self._rests_until:
                self._wish = error
                self._rests_until = time.monotonic() + self._rest
                self._rest = min(2 * self._rest, LONGEST_REST)
            raise
        finally:
            self._lock.release()

    def _let_it_rest(self) -> None:
        if self._wish is not None and time.monotonic() < self._rests_until:
            raise TooOftenError(*self._wish.args)


class OpenSharedInbox:
    """The mailbox at the moment it was opened, of which one has read what the others need, too."""

    def __init__(self, inbox: OpenInbox, arrivals: dict[str, Arrival]) -> None:
        self._inbox = inbox
        self._arrivals = arrivals

    def identities(self) -> Sequence[str]:
        """Return what identifies the mails for good."""
        return self._inbox.identities()

    def size(self) -> int:
        """Return how long all mails together are, in bytes."""
        return self._inbox.size()

    def arrival(self, identity: str) -> Arrival:
        """Return the head of a mail, which is read once."""
        if identity not in self._arrivals:
            self._arrivals[identity] = self._inbox.arrival(identity)
        return self._arrivals[identity]

    def content(self, identity: str) -> bytes:
        """Read a whole mail."""
        return self._inbox.content(identity)

    def delete(self, identity: str) -> None:
        """Delete a mail."""
        self._inbox.delete(identity)
