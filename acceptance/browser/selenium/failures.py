"""What the commands to a browser fail with, in a few words."""

import urllib3
from selenium.common.exceptions import WebDriverException
from websocket import WebSocketException

COMMAND_TIMEOUT = 20.0
"""How long the browser may take for a command, in seconds; Selenium would give it two minutes."""

# What Selenium adds to messages, and no one needs.
_ADVERTISEMENT = "; For documentation on this error"

_NOT_CREATED = "session not created"

DRIVER_ERRORS = (
    WebDriverException,
    urllib3.exceptions.HTTPError,
    WebSocketException,
    OSError,
)
"""What the browser, its driver or the way to them answers with when a command cannot be done."""


def brief_reason(error: Exception) -> str:
    """Describe in a few words what went wrong: the system's own reason, where there is one.

    urllib3 wraps that in its own errors, whose texts hold each other's.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return f"it did not answer within {COMMAND_TIMEOUT:g} s"
    # The text of a WebDriverException holds the stack of the driver, too.
    text = error.msg if isinstance(error, WebDriverException) else str(error)
    lines = [line.partition(_ADVERTISEMENT)[0] for line in (text or "").strip().splitlines()]
    if lines[1:] and lines[0] == _NOT_CREATED:
        # Why is in the next line.
        return f"{lines[0]}: {lines[1].removeprefix('from unknown error: ')}"
    return lines[0] if lines else type(error).__name__
