"""What can go wrong with a host, whichever way leads there."""

from acceptance.errors import SiteError
from acceptance.hosts.printable import printable


class ServerError(SiteError):
    """The host cannot be worked with; the message says why and what to type.

    Attributes:
        reason: the message without the traceback.
        traceback: the server's own, which ends the message, or "".

    """

    def __init__(self, reason: str, traceback: str = "") -> None:
        """Keep the message; much of it may come from the host."""
        self.reason = printable(reason)
        self.traceback = printable(traceback)
        super().__init__("\n".join(filter(None, [self.reason, self.traceback])))


class ConnectionLostError(ServerError):
    """The connection broke, or what ran over it ended."""


class NotStartedError(ConnectionLostError):
    """The host started nothing, because what starts programs there did something else."""


class FolderError(ConnectionLostError):
    """The folder in which something was to run cannot be entered."""


class CommandFailedError(ServerError):
    """A command ended with another status than 0."""


class HostKeyError(ServerError):
    """What answers is not known to be the host."""


class LogInError(ServerError):
    """The host lets no one in with the keys that there are."""
