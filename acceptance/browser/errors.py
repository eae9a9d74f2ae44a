"""What can go wrong with a browser, whichever it is; each message says what and why."""

from acceptance.errors import ExplainedError


class BrowserError(ExplainedError):
    """A browser cannot do what it was asked for."""


class BrowserUnavailableError(BrowserError):
    """No browser could be started; the message says why and what to type."""


class BrowserFailedError(BrowserError):
    """The browser, its driver or the way to them broke, or does not answer in time."""

    def __init__(self, reason: str) -> None:
        """Say for which reason, in a few words."""
        super().__init__(f"the browser cannot be used: {reason}")


class NeedsBrowserError(BrowserError):
    """Only a real browser can do it, and people have none in this run."""

    def __init__(self) -> None:
        """Say how to have one."""
        super().__init__(
            "this needs a real browser: tag the scenario @browser, and run it with -D browser=mixed"
        )


class MissingElementError(AssertionError):
    """The page does not have what was looked for; it may come yet."""
