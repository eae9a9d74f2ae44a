"""What gives each person a session of their own, whatever drives it."""

from typing import Protocol

from acceptance.browser.session import Session


class Browser(Protocol):
    """The browser of a run, or what stands in for one."""

    @property
    def name(self) -> str:
        """What it is called, and its version."""
        ...

    def session(self) -> Session:
        """Hand out a session that knows nothing of any other.

        Raises:
            BrowserFailedError: the browser is broken.

        """
        ...

    def that_keeps_pages(self) -> "Browser":
        """Return a browser that keeps whole pages for "Back", as people's browsers do.

        It starts when it is first needed, and stops with this one.

        Raises:
            BrowserUnavailableError: it does not start.
            NeedsBrowserError: this is no real browser.

        """
        ...

    def be_monitored(self) -> None:
        """Hear of what goes wrong from now on, and let requests say whose they are."""
        ...

    def begin_scenario(self, *, needs_browser: bool) -> None:
        """Be there: a browser that broke is replaced by another.

        Args:
            needs_browser: whether only a real browser can show what the scenario is about.

        Raises:
            BrowserUnavailableError: no other one starts.

        """
        ...

    def stop(self) -> None:
        """Quit it."""
        ...
