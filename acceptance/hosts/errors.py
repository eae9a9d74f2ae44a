"""The errors of hosts, however they are reached."""

from acceptance.errors import SiteError
from acceptance.hosts.printable import printable


class ServerError(SiteError):
    """The host cannot be used; the message gives the reason and what to type.

    Attributes:
        reason: the message without the traceback.
        traceback: the server's traceback, which ends the message, or "".

    """

    def __init__(self, reason: str, traceback: str = "") -> None:
        """Keep the message without control characters; parts of it may come from the host."""
        self.reason = printable(reason)
        self.traceback = printable(traceback)
        super().__init__("\n".join(filter(None, [self.reason, self.traceback])))


class ConnectionLostError(ServerError):
    """The connection broke, or the program that used it ended."""


class NotStartedError(ConnectionLostError):
    """The host did not start the program; its login shell or command did something else."""


class FolderError(ConnectionLostError):
    """The folder in which a command was to run cannot be entered."""


class CommandFailedError(ServerError):
    """A command ended with another status than 0."""


class HostKeyError(ServerError):
    """The host key is not known to be the host's."""


class LogInError(ServerError):
    """The host refuses the login with the available keys."""
