"""A substitute for a browser: HTTP and markup, without scripts and styles."""

from uuid import uuid4

from acceptance.browser.browser import Browser
from acceptance.browser.errors import NeedsBrowserError
from acceptance.browser.html.client import HttpClient
from acceptance.browser.html.navigation import Navigator
from acceptance.browser.html.session import HtmlSession
from acceptance.configuration import Configuration


class HtmlBrowser(Browser):
    """Opens sessions over HTTP, which share their connections and nothing else."""

    def __init__(self, configuration: Configuration) -> None:
        """Connect to nothing yet."""
        site = configuration.staging.url if configuration.staging else None
        self._timeout = configuration.timeout
        self._client = HttpClient(site, configuration.site_log_in, configuration.timeout)
        self._header = configuration.project.request_id_header
        self._is_monitored = False

    @property
    def name(self) -> str:
        """The name of this substitute."""
        return "none: HTTP and markup"

    def session(self) -> HtmlSession:
        """Return a session that shares nothing with any other."""
        request_id = uuid4().hex if self._is_monitored else ""
        headers = {self._header: request_id} if request_id else {}
        navigator = Navigator(self._client, headers)
        return HtmlSession(navigator, self._timeout, request_id, self._client.close)

    def that_keeps_pages(self) -> Browser:
        """Refuse, because only a real browser keeps pages.

        Raises:
            NeedsBrowserError: always.

        """
        raise NeedsBrowserError

    def be_monitored(self) -> None:
        """Send each person's request ID."""
        self._is_monitored = True

    def begin_scenario(self, *, needs_browser: bool) -> None:
        """Do nothing: there is nothing to replace."""

    def stop(self) -> None:
        """End all connections."""
        self._client.close()
