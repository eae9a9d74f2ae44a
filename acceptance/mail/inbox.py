"""The interface of mailbox servers, for all protocols."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An email in the mailbox, as its header describes it.

    Attributes:
        subject: the subject, decoded, in one line.
        recipients: the addresses of its recipients, in lower case, in alphabetical order.
        sent: the time at which it was sent, or None if it is unknown.

    """

    subject: str
    recipients: Sequence[str]
    sent: datetime | None

    def __str__(self) -> str:
        """Return the subject, the recipients and the time, for messages."""
        recipients = ", ".join(self.recipients) or "no one in particular"
        time = f" at {self.sent:%Y-%m-%d %H:%M:%S %z}" if self.sent else ""
        return f"{self.subject!r} to {recipients}{time}"


class OpenInbox(Protocol):
    """A mailbox as it is at the moment it was opened.

    Each method may raise MailboxError and NotNowError.
    """

    def identities(self) -> Sequence[str]:
        """Return the permanent identities of the emails, in the server's order."""
        ...

    def size(self) -> int:
        """Return the size of all emails together, in bytes."""
        ...

    def arrival(self, identity: str) -> Arrival:
        """Read the header of an email.

        Raises:
            OneMailError: this one cannot be read, for example because someone has deleted it.

        """
        ...

    def content(self, identity: str) -> bytes:
        """Read a whole email, in the format of RFC 5322.

        Raises:
            OneMailError: this one cannot be read.

        """
        ...

    def delete(self, identity: str) -> None:
        """Delete an email, at the latest when the mailbox is closed."""
        ...


class Inbox(Protocol):
    """A mailbox on a server."""

    def open(self) -> AbstractContextManager[OpenInbox]:
        """Open the mailbox.

        Raises:
            MailboxError: it cannot be opened, and waiting will not help.
            NotNowError: it cannot be opened at this moment.

        """
        ...
