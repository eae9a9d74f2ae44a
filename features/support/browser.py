"""One browser for the whole run, which holds a session of their own for each person."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from selenium.webdriver.remote.webdriver import WebDriver

from features.support.browser_events import BrowserEvents
from features.support.configuration import Configuration
from features.support.driver import DRIVER_ERRORS, kill_driver, start_driver, stop_driver
from features.support.session import Session


class Browser:
    """The browser of a run; it holds as many separate sessions as there are people.

    Attributes:
        events: what goes wrong in it.
        request_id: what all requests of sessions that are handed out are called, or None.

    """

    def __init__(self, start: Callable[[], WebDriver], timeout: float) -> None:
        """Start a browser.

        Args:
            start: starts one, and another if that one breaks.
            timeout: how long people wait for something to appear, in seconds.

        """
        self.timeout = timeout
        self.request_id: str | None = None
        self._start = start
        self._listens = False
        self._begin()

    def _begin(self) -> None:
        self.driver = self._start()
        self.events = BrowserEvents()
        self._is_broken = False
        self._shown: Session | None = None
        self._free: list[Session] = []

    def listen(self) -> None:
        """Hear of what goes wrong from now on."""
        self._listens = True
        self.events.listen_to(self.driver)

    def begin_scenario(self, request_id: str | None) -> None:
        """Call all requests so from now on; a browser that broke is replaced by another.

        Raises:
            BrowserUnavailableError: no other one starts.

        """
        self.request_id = request_id
        if self._is_broken:
            kill_driver(self.driver)
            self._begin()
            if self._listens:
                self.listen()

    def give_up(self) -> None:
        """End a browser that does not answer: nobody shall wait for it again."""
        self._is_broken = True
        kill_driver(self.driver)

    def stop(self) -> None:
        """Quit it."""
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
            self.events.forget(session.tab)
            if self.request_id is not None:
                session.call_requests(self.request_id)
        except DRIVER_ERRORS:
            self._is_broken = True
            raise
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
        try:
            session.forget_everything()
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
        return Session(self, user_context, tab)


@contextmanager
def browser_on_its_way(configuration: Configuration) -> Iterator[Callable[[], Browser]]:
    """Start the configured browser behind the back of the block, and stop it at the end.

    The block is given a function that waits for the browser and returns it, or raises
    BrowserUnavailableError.
    """
    with ThreadPoolExecutor(max_workers=1) as background:
        starting = background.submit(
            Browser, lambda: start_driver(configuration), configuration.timeout
        )
        try:
            yield starting.result
        finally:
            if starting.exception() is None:
                starting.result().stop()
