"""What can go wrong with a server."""


class ServerError(Exception):
    """The server cannot be worked with; the message says why and what to type."""


class ConnectionLostError(ServerError):
    """The connection broke, or what ran over it ended."""


class CommandFailedError(ServerError):
    """A command ended with another status than 0."""


class HostKeyError(ServerError):
    """What answers is not known to be the server."""


class LogInError(ServerError):
    """The server lets no one in with the keys that there are."""
