"""One browser for the whole run, which holds a session of their own for each person."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from acceptance.browser.browser import Browser
from acceptance.browser.errors import BrowserFailedError, BrowserUnavailableError
from acceptance.browser.selenium.connection import Connection
from acceptance.browser.selenium.driver import keeps_pages, start_driver
from acceptance.browser.selenium.event_listener import EventListener
from acceptance.browser.selenium.log_in import log_in_to_site
from acceptance.browser.selenium.session import SeleniumSession
from acceptance.browser.selenium.tab import Tab
from acceptance.configuration import Configuration


class SeleniumBrowser(Browser):
    """The browser of a run; it holds as many separate sessions as there are people.

    Attributes:
        connection: takes commands to it.

    """

    def __init__(self, configuration: Configuration, *, keep_pages: bool = False) -> None:
        """Start a browser.

        Args:
            configuration: says which browser, and for which site.
            keep_pages: let it keep whole pages for "Back".

        Raises:
            BrowserUnavailableError: it does not start.

        """
        self._configuration = configuration
        self._keeps_pages = keep_pages or keeps_pages(configuration)
        self._that_keeps_pages: SeleniumBrowser | None = None
        self._is_monitored = False
        self._no_other: BrowserUnavailableError | None = None
        self._aside = ThreadPoolExecutor(max_workers=1)
        self._begin()

    def _begin(self) -> None:
        driver = start_driver(self._configuration, keep_pages=self._keeps_pages)
        self.connection = Connection(driver)
        self._events = EventListener()
        self._free: list[SeleniumSession] = []

    @property
    def name(self) -> str:
        """What it calls itself, and its version."""
        capabilities = self.connection.driver.capabilities
        return f"{capabilities['browserName']} {capabilities['browserVersion']}"

    def be_monitored(self) -> None:
        """Hear of what goes wrong from now on, and let requests say whose they are."""
        self._is_monitored = True
        self._events.listen_to(self.connection.driver)
        if self._that_keeps_pages:
            self._that_keeps_pages.be_monitored()

    def begin_scenario(self, *, needs_browser: bool) -> None:
        """Be there: a browser that broke is replaced by another."""
        if self._no_other is not None:
            # To wait for the grid again before each scenario would take hours.
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
        """Quit it."""
        if self._that_keeps_pages:
            self._that_keeps_pages.stop()
            self._that_keeps_pages = None
        self.connection.stop()
        self._aside.shutdown(wait=False)

    def session(self) -> SeleniumSession:
        """Hand out a tab with cookies and storage of its own (a WebDriver BiDi user context).

        A tab that has been given back is handed out again: opening one, and filling its cache
        with the site's static files, takes longer than all that a short scenario does.
        """
        try:
            session = self._free.pop() if self._free else self._new_session()
        except BrowserFailedError:
            self.connection.is_broken = True
            raise
        session.forget_events()
        return session

    def _new_session(self) -> SeleniumSession:
        tab = Tab(self.connection)
        site, log_in = self._configuration.staging, self._configuration.site_log_in
        if site and log_in.is_set:
            log_in_to_site(tab, site.url, log_in)
        timeout = self._configuration.timeout
        session = SeleniumSession(tab, self._events, timeout, self._take_back)
        self._name_requests_of(session)
        return session

    def _take_back(self, session: SeleniumSession) -> None:
        """Let the next person have the tab of `session`, as one that was never used."""
        if self.connection.is_broken:
            return
        # Whoever has the session next shall not be mistaken for this person. That can be seen to at
        # the same time, for which no one has to wait then.
        named = self._aside.submit(self._name_requests_of, session)
        try:
            session.forget_everything()
            named.result()
        except AssertionError:
            # No one else gets a tab that cannot be emptied.
            self.connection.leave_tab()
        except BrowserFailedError:
            self.connection.is_broken = True
        else:
            self._free.append(session)

    def _name_requests_of(self, session: SeleniumSession) -> None:
        if self._is_monitored:
            header = self._configuration.project.request_id_header
            session.call_requests(uuid4().hex, header)
