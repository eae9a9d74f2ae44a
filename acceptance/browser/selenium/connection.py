"""The connection to one browser, which several tabs share."""

from collections.abc import Iterator
from contextlib import contextmanager

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.errors import BrowserFailedError
from acceptance.browser.selenium.dev_tools import dev_tools_of
from acceptance.browser.selenium.driver import kill_driver, stop_driver
from acceptance.browser.selenium.failures import DRIVER_ERRORS, brief_reason


class Connection:
    """Sends commands to a browser, and raises one kind of error if they fail.

    Attributes:
        driver: drives the browser.
        dev_tools: a shorter way to the same browser, if there is one.
        is_broken: whether the browser can no longer be used.

    """

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver
        self.dev_tools = dev_tools_of(driver)
        self.is_broken = False
        self._current_tab: str | None = None

    @contextmanager
    def commands(self) -> Iterator[WebDriver]:
        """Send commands that name their tab themselves, as those of WebDriver BiDi do.

        Raises:
            BrowserFailedError: the browser cannot carry them out.

        """
        try:
            yield self.driver
        except DRIVER_ERRORS as error:
            # If the driver is gone, the browser may still carry out what needs no driver.
            self.is_broken = self.is_broken or not isinstance(error, WebDriverException)
            raise BrowserFailedError(brief_reason(error)) from error

    @contextmanager
    def commands_to(self, tab: str) -> Iterator[WebDriver]:
        """Send commands to a tab (by its WebDriver window handle).

        Raises:
            BrowserFailedError: the browser cannot carry them out.

        """
        with self.commands() as driver:
            if self._current_tab != tab:
                driver.switch_to.window(tab)
                self._current_tab = tab
            yield driver

    def leave_tab(self) -> None:
        """Forget which tab is the current one."""
        self._current_tab = None

    def kill(self) -> None:
        """End a browser that does not answer, so that nothing waits for it again."""
        self.is_broken = True
        kill_driver(self.driver)

    def stop(self) -> None:
        """Quit the browser."""
        if self.dev_tools:
            self.dev_tools.close()
        if self.is_broken:
            kill_driver(self.driver)
        else:
            stop_driver(self.driver)
