"""The errors of commands to a browser, and their reasons in a few words."""

import urllib3
from selenium.common.exceptions import WebDriverException
from websocket import WebSocketException, WebSocketTimeoutException

COMMAND_TIMEOUT = 20.0
"""How long the browser may take for a command, in seconds; Selenium would give it two minutes."""

# Selenium adds this to messages, and no one needs it.
_ADVERTISEMENT = "; For documentation on this error"

_NOT_CREATED = "session not created"

DRIVER_ERRORS = (
    WebDriverException,
    urllib3.exceptions.HTTPError,
    WebSocketException,
    OSError,
)
"""The errors that are raised when the browser, its driver or the connection to them fails."""


def brief_reason(error: Exception) -> str:
    """Return the reason in a few words: the operating system's, if there is one.

    urllib3 wraps that reason in its own errors, whose texts contain each other.
    """
    if isinstance(error, (urllib3.exceptions.ReadTimeoutError, WebSocketTimeoutException)):
        return f"it did not answer within {COMMAND_TIMEOUT:g} s"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__
    # The text of a WebDriverException also contains the stack of the driver.
    text = error.msg if isinstance(error, WebDriverException) else str(error)
    lines = [line.partition(_ADVERTISEMENT)[0] for line in (text or "").strip().splitlines()]
    if lines[1:] and lines[0] == _NOT_CREATED:
        # The next line gives the reason.
        return f"{lines[0]}: {lines[1].removeprefix('from unknown error: ')}"
    return lines[0] if lines else type(error).__name__
