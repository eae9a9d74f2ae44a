"""One browser for the whole run, which holds a session of their own for each person."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.selenium.driver import (
    DRIVER_ERRORS,
    keeps_pages,
    kill_driver,
    start_driver,
    stop_driver,
)
from acceptance.browser.selenium.events import BrowserEvents
from acceptance.browser.selenium.log_in import log_in_to_site
from acceptance.browser.selenium.session import Session
from acceptance.configuration import Configuration

LogIn = Callable[[WebDriver, str, str], None]
"""Lets a user context through what stands before the site, in a tab of it."""


class Browser:
    """The browser of a run; it holds as many separate sessions as there are people.

    Attributes:
        timeout: how long people wait for something to appear, in seconds.
        driver: drives all of it.
        events: what goes wrong in it.

    """

    def __init__(
        self,
        start: Callable[[], WebDriver],
        timeout: float,
        start_keeping: Callable[[], WebDriver] | None = None,
        log_in: LogIn | None = None,
    ) -> None:
        """Start a browser.

        Args:
            start: starts one, and another if that one breaks.
            timeout: how long people wait for something to appear, in seconds.
            start_keeping: starts one that keeps pages for "Back"; None where `start` does.
            log_in: lets the tab of a user context through what stands before the site.

        """
        self.timeout = timeout
        self._start = start
        self._start_keeping = start_keeping
        self._log_in = log_in
        self._keeping: Browser | None = None
        self._is_watched = False
        self._aside = ThreadPoolExecutor(max_workers=1)
        self._begin()

    def _begin(self) -> None:
        self.driver = self._start()
        self.events = BrowserEvents()
        self._is_broken = False
        self._shown: Session | None = None
        self._free: list[Session] = []

    def be_watched(self) -> None:
        """Hear of what goes wrong from now on, and let requests say whose they are."""
        self._is_watched = True
        self.events.listen_to(self.driver)
        if self._keeping:
            self._keeping.be_watched()

    def begin_scenario(self) -> None:
        """Be there: a browser that broke is replaced by another.

        Raises:
            BrowserUnavailableError: no other one starts.

        """
        if self._is_broken:
            kill_driver(self.driver)
            self._begin()
            if self._is_watched:
                self.be_watched()
        if self._keeping:
            self._keeping.begin_scenario()

    def that_keeps_pages(self) -> "Browser":
        """Return a browser that keeps whole pages for "Back", as people's browsers do.

        It starts when it is first needed, and stops with this one.

        Raises:
            BrowserUnavailableError: it does not start.

        """
        if self._start_keeping is None:
            return self
        if self._keeping is None:
            self._keeping = Browser(self._start_keeping, self.timeout, log_in=self._log_in)
            if self._is_watched:
                self._keeping.be_watched()
        return self._keeping

    def give_up(self) -> None:
        """End a browser that does not answer: nobody shall wait for it again."""
        self._is_broken = True
        kill_driver(self.driver)

    def stop(self) -> None:
        """Quit it."""
        if self._keeping:
            self._keeping.stop()
            self._keeping = None
        if self._is_broken:
            kill_driver(self.driver)
        else:
            stop_driver(self.driver)

    def session(self) -> Session:
        """Hand out a tab with cookies and storage of its own (a WebDriver BiDi user context).

        A tab that has been given back is handed out again: opening one, and filling its cache
        with the site's static files, takes longer than all that a short scenario does.
        """
        try:
            session = self._free.pop() if self._free else self._new_session()
        except DRIVER_ERRORS:
            self._is_broken = True
            raise
        self.events.forget(session.tab)
        return session

    def show(self, session: Session) -> None:
        """Let the commands that follow go to the tab of `session`."""
        if self._shown is not session:
            self.driver.switch_to.window(session.tab)
            self._shown = session

    def take_back(self, session: Session) -> None:
        """Let the next person have the tab of `session`, as one that was never used."""
        if self._is_broken:
            return
        # Whoever has the session next shall not be mistaken for this person. That can be seen to at
        # the same time, for which nobody has to wait then.
        named = self._aside.submit(self._name_requests_of, session)
        try:
            session.forget_everything()
            named.result()
        except AssertionError:
            # Nobody else gets a tab that cannot be emptied.
            self._shown = None
        except DRIVER_ERRORS:
            self._is_broken = True
        else:
            self._free.append(session)

    def _new_session(self) -> Session:
        user_context = self.driver.browser.create_user_context()
        tab = self.driver.browsing_context.create(type="tab", user_context=user_context)
        if self._log_in:
            self._log_in(self.driver, user_context, tab)
        session = Session(self, user_context, tab)
        self._name_requests_of(session)
        return session

    def _name_requests_of(self, session: Session) -> None:
        if self._is_watched:
            session.call_requests(uuid4().hex)


@contextmanager
def browser_on_its_way(configuration: Configuration) -> Iterator[Callable[[], Browser]]:
    """Start the configured browser behind the back of the block, and stop it at the end.

    The block is given a function that waits for the browser and returns it, or raises
    BrowserUnavailableError.
    """
    with ThreadPoolExecutor(max_workers=1) as background:
        starting = background.submit(
            Browser,
            lambda: start_driver(configuration),
            configuration.timeout,
            None
            if keeps_pages(configuration)
            else lambda: start_driver(configuration, keep_pages=True),
            _log_in_of(configuration),
        )
        try:
            yield starting.result
        finally:
            if starting.exception() is None:
                starting.result().stop()


def _log_in_of(configuration: Configuration) -> LogIn | None:
    site, log_in = configuration.staging, configuration.site_log_in
    if site is None or log_in is None:
        return None
    return lambda driver, user_context, tab: log_in_to_site(
        driver, user_context, tab, site.url, log_in
    )
