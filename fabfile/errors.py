"""The error that ends a task."""

from acceptance.hosts.printable import printable


class DeploymentError(Exception):
    """A task cannot continue; the message gives the reason and what to do next."""

    def __init__(self, message: str) -> None:
        """Keep the message without control characters; parts of it may come from the server."""
        super().__init__(printable(message))
