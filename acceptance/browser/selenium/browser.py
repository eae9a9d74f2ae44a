"""One real browser for the whole run, with a separate session for each person."""

from uuid import uuid4

from acceptance.browser.browser import Browser
from acceptance.browser.errors import BrowserFailedError, BrowserUnavailableError
from acceptance.browser.selenium.chromium_tab import open_tab
from acceptance.browser.selenium.connection import Connection
from acceptance.browser.selenium.driver import keeps_pages, start_driver
from acceptance.browser.selenium.event_listener import EventListener
from acceptance.browser.selenium.log_in import log_in_to_site
from acceptance.browser.selenium.session import SeleniumSession
from acceptance.configuration import Configuration


class SeleniumBrowser(Browser):
    """The browser of a run, with a separate session for each person.

    Attributes:
        connection: sends commands to the browser.

    """

    def __init__(self, configuration: Configuration, *, keep_pages: bool = False) -> None:
        """Start a browser.

        Args:
            configuration: the settings that name the browser and the site.
            keep_pages: whether it keeps whole pages for "Back".

        Raises:
            BrowserUnavailableError: it does not start.

        """
        self._configuration = configuration
        self._keeps_pages = keep_pages or keeps_pages(configuration)
        self._that_keeps_pages: SeleniumBrowser | None = None
        self._is_monitored = False
        self._no_other: BrowserUnavailableError | None = None
        self._begin()

    def _begin(self) -> None:
        driver = start_driver(self._configuration, keep_pages=self._keeps_pages)
        self.connection = Connection(driver)
        self._events = EventListener()
        self._free: list[SeleniumSession] = []

    @property
    def name(self) -> str:
        """The name and version that the browser reports."""
        capabilities = self.connection.driver.capabilities
        return f"{capabilities['browserName']} {capabilities['browserVersion']}"

    def be_monitored(self) -> None:
        """Record what goes wrong from now on, and send each person's request ID."""
        self._is_monitored = True
        self._events.listen_to(self.connection.driver)
        if self._that_keeps_pages:
            self._that_keeps_pages.be_monitored()

    def begin_scenario(self, *, needs_browser: bool) -> None:
        """Be ready for a scenario; replace the browser if it is broken."""
        if self._no_other is not None:
            # Waiting for the grid again before each scenario would take hours.
            raise self._no_other
        if self.connection.is_broken:
            self.connection.kill()
            try:
                self._begin()
            except BrowserUnavailableError as error:
                if self._configuration.grid:
                    self._no_other = error
                raise
            if self._is_monitored:
                self.be_monitored()
        if self._that_keeps_pages:
            self._that_keeps_pages.begin_scenario(needs_browser=needs_browser)

    def that_keeps_pages(self) -> Browser:
        """Return a browser that keeps whole pages for "Back"; it stops with this one."""
        if self._keeps_pages:
            return self
        if self._that_keeps_pages is None:
            self._that_keeps_pages = SeleniumBrowser(self._configuration, keep_pages=True)
            if self._is_monitored:
                self._that_keeps_pages.be_monitored()
        return self._that_keeps_pages

    def stop(self) -> None:
        """Quit the browser."""
        if self._that_keeps_pages:
            self._that_keeps_pages.stop()
            self._that_keeps_pages = None
        self.connection.stop()

    def session(self) -> SeleniumSession:
        """Return a session in a tab with separate cookies and storage (a BiDi user context).

        Tabs are used again: opening one, and filling its cache with the site's static files, takes
        longer than a short scenario.
        """
        try:
            session = self._free.pop() if self._free else self._new_session()
        except BrowserFailedError:
            self.connection.is_broken = True
            raise
        session.forget_events()
        return session

    def _new_session(self) -> SeleniumSession:
        tab = open_tab(self.connection)
        site, log_in = self._configuration.staging, self._configuration.site_log_in
        if site and log_in.is_set:
            log_in_to_site(tab, site.url, log_in)
        timeout = self._configuration.timeout
        session = SeleniumSession(tab, self._events, timeout, self._take_back)
        self._name_requests_of(session)
        return session

    def _take_back(self, session: SeleniumSession) -> None:
        """Clear the tab of `session` for the next person."""
        if self.connection.is_broken:
            return
        try:
            session.forget_everything()
            # The next person gets another request ID.
            self._name_requests_of(session)
        except AssertionError:
            # A tab that cannot be cleared is not used again.
            self.connection.leave_tab()
        except BrowserFailedError:
            self.connection.is_broken = True
        else:
            self._free.append(session)

    def _name_requests_of(self, session: SeleniumSession) -> None:
        if self._is_monitored:
            header = self._configuration.project.request_id_header
            session.call_requests(uuid4().hex, header)
