"""A Chromium that a worker keeps, so that it does not start again for each mutant."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.selenium import driver as drivers
from acceptance.browser.selenium.driver import kill_driver, start_driver, stop_driver
from acceptance.browser.selenium.failures import DRIVER_ERRORS
from acceptance.configuration import Configuration
from acceptance.project import project_here
from acceptance.readers import BrowserName

if TYPE_CHECKING:
    from selenium.webdriver.common.options import BaseOptions
    from selenium.webdriver.remote.remote_connection import RemoteConnection

MOST_USES = 100
"""How many mutants meet one browser: each leaves its subscriptions to events behind."""

_FIRST = "default"
"""The user context that a browser has from the start (WebDriver BiDi, 7.2.3.1)."""


@dataclass(frozen=True)
class BrowserSession:
    """What another process needs to use a browser that has started.

    Attributes:
        address: the URL of its driver.
        session_id: the ID of its WebDriver session.
        capabilities: what it has reported when it started.

    """

    address: str
    session_id: str
    capabilities: Mapping[str, Any]


class SharedBrowser:
    """A browser that other processes use, one after the other."""

    def __init__(self, configuration: Configuration) -> None:
        """Start nothing yet.

        Args:
            configuration: the settings that name the browser.

        """
        self._configuration = configuration
        self._driver: WebDriver | None = None
        self._uses = 0

    @contextmanager
    def used(self) -> Iterator[BrowserSession]:
        """Let a process use the browser in the block, as if it had just started.

        Raises:
            BrowserUnavailableError: it does not start.

        """
        if self._driver is None:
            self._driver = start_driver(self._configuration)
            self._uses = 0
        executor = cast("RemoteConnection", self._driver.command_executor)
        address = str(cast("Any", executor.client_config).remote_server_addr)
        yield BrowserSession(address, str(self._driver.session_id), self._driver.capabilities)
        self._uses += 1
        if self._uses == MOST_USES:
            self.stop()
            return
        try:
            self._clear(self._driver)
        except DRIVER_ERRORS:
            kill_driver(self._driver)
            self._driver = None

    def stop(self) -> None:
        """End the browser, if it has started."""
        if self._driver is not None:
            stop_driver(self._driver)
            self._driver = None

    def _clear(self, driver: WebDriver) -> None:
        """Close the tabs that a process has left, with their cookies and caches."""
        for context in driver.browser.get_user_contexts():
            if context != _FIRST:
                driver.browser.remove_user_context(context)


def chromium() -> Configuration:
    """Return the settings of a Chromium for a site on this machine."""
    return Configuration.resolve(project_here(), {"browser": BrowserName.CHROMIUM.value}, {})


@contextmanager
def driving(session: BrowserSession) -> Iterator[None]:
    """Let this process use a browser that has started, instead of starting one."""
    start = drivers._start  # noqa: SLF001

    def attach(configuration: Configuration, *, keep_pages: bool) -> WebDriver:
        # A browser that keeps pages is another one, which few scenarios need.
        return start(configuration, keep_pages=True) if keep_pages else _Attached(session)

    with patch.object(drivers, "_start", attach):
        yield


class _Attached(webdriver.Remote):
    """A driver for a session that another process has started."""

    def __init__(self, session: BrowserSession) -> None:
        self._started = session
        options = webdriver.ChromeOptions()
        options.ignore_local_proxy_environment_variables()
        super().__init__(session.address, options=cast("BaseOptions", options))

    def start_session(self, capabilities: dict[str, Any]) -> None:  # noqa: ARG002
        self.session_id = self._started.session_id
        self.caps = dict(self._started.capabilities)
