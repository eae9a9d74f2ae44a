"""Hears what goes wrong in a browser while people use it: script errors and warnings."""

from collections.abc import Sequence

from selenium.webdriver.common.bidi.log import ConsoleLogEntry, JavascriptLogEntry
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.event import BrowserEvent

# console.log() and the like are for developers; these are about trouble.
_TELLING_LEVELS = {"error", "warn"}


class EventListener:
    """Hears of all that goes wrong in all tabs, by WebDriver BiDi.

    Not of requests: to hear of the one that fails, a browser has to look at all of them, which
    takes a tenth of the time of a page. Sessions ask their pages when they need to know.
    """

    def __init__(self) -> None:
        """Hear nothing yet."""
        self._events: list[tuple[str, BrowserEvent]] = []

    def listen_to(self, driver: WebDriver) -> None:
        """Hear what goes wrong from now on."""
        driver.script.add_javascript_error_handler(self._note_script_error)
        driver.script.add_console_message_handler(self._note_console_message)

    def forget(self, tab: str) -> None:
        """Forget what happened in a tab (by its WebDriver window handle) until now."""
        self._events = [(where, event) for where, event in self._events if where != tab]

    def of(self, tab: str) -> Sequence[BrowserEvent]:
        """Return what went wrong in a tab, in order."""
        return [event for where, event in self._events if where == tab]

    def note_once(self, tab: str, event: BrowserEvent) -> None:
        """Add what was found out in another way, unless it is known."""
        if (tab, event) not in self._events:
            self._note(tab, event)

    def _note_script_error(self, entry: JavascriptLogEntry) -> None:
        text = f"{entry.text}{_place(entry.stacktrace)}"
        self._note(_tab_of(entry.source), BrowserEvent("script error", text))

    def _note_console_message(self, entry: ConsoleLogEntry) -> None:
        if entry.level in _TELLING_LEVELS:
            text = f"{entry.text}{_place(entry.stack_trace)}"
            self._note(_tab_of(entry.source), BrowserEvent("console", text))

    def _note(self, tab: str, event: BrowserEvent) -> None:
        # Each event comes in a thread of its own; appending to a list is atomic.
        self._events.append((tab, event))


def _tab_of(source: dict[str, str] | None) -> str:
    return str((source or {}).get("context"))


def _place(stack: dict[str, list[dict[str, object]]] | None) -> str:
    """Say where in which script: WebDriver BiDi counts lines from 0, and people from 1."""
    frames = (stack or {}).get("callFrames") or []
    if not frames:
        return ""
    line = frames[0].get("lineNumber")
    return f" ({frames[0].get('url')}:{line + 1 if isinstance(line, int) else '?'})"
