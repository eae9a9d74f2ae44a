"""Records what goes wrong in a browser while people use it: script errors and warnings."""

from collections.abc import Sequence

from selenium.webdriver.common.bidi.log import ConsoleLogEntry, JavascriptLogEntry
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.event import BrowserEvent

# Other levels, such as that of console.log(), are for developers.
_PROBLEM_LEVELS = {"error", "warn"}


class EventListener:
    """Records what goes wrong in all tabs, with WebDriver BiDi.

    It does not record failed requests: for those, a browser would have to report all requests,
    which takes a tenth of the time of a page. Sessions ask their pages for them when needed.
    """

    def __init__(self) -> None:
        """Record nothing yet."""
        self._events: list[tuple[str, BrowserEvent]] = []

    def listen_to(self, driver: WebDriver) -> None:
        """Record what goes wrong from now on."""
        driver.script.add_javascript_error_handler(self._note_script_error)
        driver.script.add_console_message_handler(self._note_console_message)

    def forget(self, tab: str) -> None:
        """Forget what happened in a tab (by its WebDriver window handle) until now."""
        self._events = [(where, event) for where, event in self._events if where != tab]

    def of(self, tab: str) -> Sequence[BrowserEvent]:
        """Return what went wrong in a tab, in order."""
        return [event for where, event in self._events if where == tab]

    def note_once(self, tab: str, event: BrowserEvent) -> None:
        """Add an event that was found in another way, unless it is already recorded."""
        if (tab, event) not in self._events:
            self._note(tab, event)

    def _note_script_error(self, entry: JavascriptLogEntry) -> None:
        text = f"{entry.text}{_place(entry.stacktrace)}"
        self._note(_tab_of(entry.source), BrowserEvent("script error", text))

    def _note_console_message(self, entry: ConsoleLogEntry) -> None:
        if entry.level in _PROBLEM_LEVELS:
            text = f"{entry.text}{_place(entry.stack_trace)}"
            self._note(_tab_of(entry.source), BrowserEvent("console", text))

    def _note(self, tab: str, event: BrowserEvent) -> None:
        # Each event arrives in a separate thread; appending to a list is atomic.
        self._events.append((tab, event))


def _tab_of(source: dict[str, str] | None) -> str:
    return str((source or {}).get("context"))


def _place(stack: dict[str, list[dict[str, object]]] | None) -> str:
    """Return the script and the line: WebDriver BiDi counts lines from 0, people from 1."""
    frames = (stack or {}).get("callFrames") or []
    if not frames:
        return ""
    line = frames[0].get("lineNumber")
    return f" ({frames[0].get('url')}:{line + 1 if isinstance(line, int) else '?'})"
