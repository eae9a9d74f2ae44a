"""A real browser for the scenarios that need one, and a substitute for the others."""

from collections.abc import Callable

from acceptance.browser.browser import Browser
from acceptance.browser.session import Session


class MixedBrowser(Browser):
    """Starts a real browser for the first scenario that needs one."""

    def __init__(self, substitute: Browser, start: Callable[[], Browser]) -> None:
        """Start nothing yet.

        Args:
            substitute: the browser for all other scenarios.
            start: starts the real browser.

        """
        self._substitute = substitute
        self._start = start
        self._real: Browser | None = None
        self._current = substitute
        self._is_monitored = False

    @property
    def name(self) -> str:
        """The names of both; the real browser's is known once it has started."""
        real = self._real.name if self._real else "a browser"
        return f"{self._substitute.name}; {real} where a scenario needs it"

    def session(self) -> Session:
        """Return a session of the browser that this scenario uses."""
        return self._current.session()

    def that_keeps_pages(self) -> Browser:
        """Return a browser that keeps whole pages for "Back", if this scenario has a real one."""
        return self._current.that_keeps_pages()

    def be_monitored(self) -> None:
        """Record what goes wrong from now on, and send each person's request ID."""
        self._is_monitored = True
        self._substitute.be_monitored()
        if self._real:
            self._real.be_monitored()

    def begin_scenario(self, *, needs_browser: bool) -> None:
        """Switch to the browser that the scenario needs."""
        self._current = self._started() if needs_browser else self._substitute
        self._current.begin_scenario(needs_browser=needs_browser)

    def stop(self) -> None:
        """Quit the browsers that were started."""
        self._substitute.stop()
        if self._real:
            self._real.stop()

    def _started(self) -> Browser:
        if self._real is None:
            self._real = self._start()
            if self._is_monitored:
                self._real.be_monitored()
        return self._real
