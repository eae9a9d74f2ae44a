"""The errors of fixtures, wherever the site runs."""

from typing import Self

from acceptance.hosts.errors import ServerError


class FixtureRefusedError(ServerError):
    """The site refuses a change; the message is the site's own."""


class FixtureFailedError(ServerError):
    """A fixture failed on the site; the message contains the site's own traceback.

    Attributes:
        sentence: the reason, without the traceback.

    """

    def __init__(self, reason: str, sentence: str, traceback: str) -> None:
        super().__init__(reason, traceback.rstrip())
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        """Allow the error to be sent to another process."""
        return type(self), (self.reason, self.sentence, self.traceback)
