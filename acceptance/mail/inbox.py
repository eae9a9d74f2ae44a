"""What a mailbox server is asked for, whichever protocol it speaks."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A mail in the mailbox, as its head describes it.

    Attributes:
        subject: decoded, in one line.
        recipients: the addresses it came to, in lower case, in alphabetical order.
        sent: when, as far as it says so.

    """

    subject: str
    recipients: Sequence[str]
    sent: datetime | None

    def __str__(self) -> str:
        """Say what came, to whom and when."""
        recipients = ", ".join(self.recipients) or "nobody in particular"
        time = f" at {self.sent:%Y-%m-%d %H:%M:%S %z}" if self.sent else ""
        return f"{self.subject!r} to {recipients}{time}"


class OpenInbox(Protocol):
    """A mailbox as it is at the moment it was opened.

    Each method may raise MailboxError and NotNowError.
    """

    def identities(self) -> Sequence[str]:
        """Return what identifies the mails for good, in the order in which the server has them."""
        ...

    def size(self) -> int:
        """Return how long all mails together are, in bytes."""
        ...

    def arrival(self, identity: str) -> Arrival:
        """Read the head of a mail.

        Raises:
            OneMailError: this one cannot be read, as when somebody else has deleted it.

        """
        ...

    def content(self, identity: str) -> bytes:
        """Read a whole mail, as RFC 5322 describes it.

        Raises:
            OneMailError: this one cannot be read.

        """
        ...

    def delete(self, identity: str) -> None:
        """Delete a mail, at the latest when the mailbox is closed."""
        ...


class Inbox(Protocol):
    """A mailbox on a server."""

    def open(self) -> AbstractContextManager[OpenInbox]:
        """Look into the mailbox.

        Raises:
            MailboxError: it cannot be opened, and waiting will not help.
            NotNowError: it cannot be opened at this moment.

        """
        ...
