"""The interface of all browsers: each person gets their own session."""

from typing import Protocol

from acceptance.browser.session import Session


class Browser(Protocol):
    """The browser of a run, or its substitute."""

    @property
    def name(self) -> str:
        """Its name and version."""
        ...

    def session(self) -> Session:
        """Return a session that shares nothing with any other.

        Raises:
            BrowserFailedError: the browser is broken.

        """
        ...

    def that_keeps_pages(self) -> "Browser":
        """Return a browser that keeps whole pages for "Back", as people's browsers do.

        It starts when it is first needed, and stops with this one.

        Raises:
            BrowserUnavailableError: it does not start.
            NeedsBrowserError: this is not a real browser.

        """
        ...

    def be_monitored(self) -> None:
        """Record what goes wrong from now on, and send each person's request ID."""
        ...

    def begin_scenario(self, *, needs_browser: bool) -> None:
        """Be ready for a scenario; replace the browser if it is broken.

        Args:
            needs_browser: whether the scenario needs a real browser.

        Raises:
            BrowserUnavailableError: the replacement does not start.

        """
        ...

    def stop(self) -> None:
        """Quit the browser."""
        ...
