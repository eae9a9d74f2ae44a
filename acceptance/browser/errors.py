"""The errors of all browsers; each message names the problem and its cause."""

from enum import StrEnum

from acceptance.errors import ExplainedError
from acceptance.waiting import TimedOutError


class BrowserError(ExplainedError):
    """A browser cannot do what was asked of it."""


class BrowserUnavailableError(BrowserError):
    """No browser could be started; the message gives the reason and what to type."""


class BrowserFailedError(BrowserError):
    """The browser, its driver or the connection to them is broken, or does not answer in time."""

    def __init__(self, reason: str) -> None:
        """Take the reason, in a few words."""
        super().__init__(f"the browser cannot be used: {reason}")


class NeedsBrowserError(BrowserError):
    """Only a real browser can do this, and this run does not use one."""

    def __init__(self) -> None:
        """Explain how to use one."""
        super().__init__(
            "this needs a real browser: tag the scenario @browser, and run it with -D browser=mixed"
        )


class LateAnswerError(TimedOutError):
    """The site did not answer in time; the message says so, and for which address."""


class Control(StrEnum):
    """A kind of element that people use."""

    LINK = "link"
    BUTTON = "button"
    FIELD = "field"


class PressedInVainError(AssertionError):
    """No other page appeared when an element was pressed; one may still appear.

    Attributes:
        what: the selector of the element, or the text of the link.
        control: what kind of control it is.

    """

    def __init__(self, what: str, control: Control) -> None:
        super().__init__(what, control)
        self.what = what
        self.control = control

    def __str__(self) -> str:
        """Name the element."""
        return f"no other page appeared when the {self.control} {self.what!r} was pressed"


class MissingElementError(AssertionError):
    """The page does not have this element; it may still appear.

    Attributes:
        what: the selector of the element, or the text of the link.
        control: what kind of control it should be.

    """

    def __init__(self, what: str, control: Control) -> None:
        # Pickle restores an error from these arguments, so both are needed.
        super().__init__(what, control)
        self.what = what
        self.control = control

    def __str__(self) -> str:
        """Name the element."""
        return f"there is no {self.what!r} on the page"
