"""A mailbox for parallel scenarios, which read it in turn, and each header only once."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from acceptance.mail.errors import NotNowError, TooOftenError
from acceptance.mail.inbox import Arrival, Inbox, OpenInbox
from acceptance.mail.network import PATIENCE

SHORTEST_REST = 1.0
LONGEST_REST = 60.0
"""How long not to contact a server that asks to be contacted less often, in seconds."""


class SharedInbox:
    """An inbox that only one thread opens at a time, as POP3 requires (RFC 1939, section 4)."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._lock = Lock()
        self._arrivals: dict[str, Arrival] = {}
        self._rest = SHORTEST_REST
        self._rests_until = 0.0
        self._wish: TooOftenError | None = None

    @contextmanager
    def open(self) -> Iterator["OpenSharedInbox"]:
        """Open the mailbox when no one else is using it.

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
    """The mailbox at the moment it was opened, with a cache of headers for all scenarios."""

    def __init__(self, inbox: OpenInbox, arrivals: dict[str, Arrival]) -> None:
        self._inbox = inbox
        self._arrivals = arrivals

    def identities(self) -> Sequence[str]:
        """Return the permanent identities of the emails."""
        return self._inbox.identities()

    def size(self) -> int:
        """Return the size of all emails together, in bytes."""
        return self._inbox.size()

    def arrival(self, identity: str) -> Arrival:
        """Return the header of an email, which is read only once."""
        if identity not in self._arrivals:
            self._arrivals[identity] = self._inbox.arrival(identity)
        return self._arrivals[identity]

    def content(self, identity: str) -> bytes:
        """Read a whole email."""
        return self._inbox.content(identity)

    def delete(self, identity: str) -> None:
        """Delete an email."""
        self._inbox.delete(identity)
