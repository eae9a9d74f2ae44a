"""What can go wrong with a fixture, wherever the site runs."""

from typing import Self

from acceptance.hosts.errors import ServerError


class FixtureRefusedError(ServerError):
    """The site refuses to be changed, or to be changed in this way; the message is its own."""


class FixtureFailedError(ServerError):
    """A fixture broke on the site; the message holds the site's own traceback.

    Attributes:
        sentence: what went wrong, without the traceback.

    """

    def __init__(self, reason: str, sentence: str, traceback: str) -> None:
        super().__init__(reason, traceback.rstrip())
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        """Let another process have it."""
        return type(self), (self.reason, self.sentence, self.traceback)
