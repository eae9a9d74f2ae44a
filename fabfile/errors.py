"""What ends a task."""

from acceptance.hosts.printable import printable


class DeploymentError(Exception):
    """A task cannot go on; the message says why, and what to do next."""

    def __init__(self, message: str) -> None:
        """Keep the message; some of it may come from the server."""
        super().__init__(printable(message))
