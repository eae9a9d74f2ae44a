"""One tab of a browser, with separate cookies and storage, and the commands to it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import JavascriptException, WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.bidi.storage import (
    BytesValue,
    CookieFilter,
    PartialCookie,
    StorageKeyPartitionDescriptor,
)

from acceptance.browser.selenium.connection import Connection
from acceptance.browser.selenium.failures import brief_reason
from acceptance.fixtures.values import SessionCookie


class Tab:
    """A tab; each command may raise BrowserFailedError.

    Attributes:
        handle: the WebDriver window handle, which is also the WebDriver BiDi browsing context.
        user_context: the WebDriver BiDi user context, which keeps cookies and storage.

    """

    def __init__(self, connection: Connection) -> None:
        """Open a tab in a new user context."""
        self.connection = connection
        with connection.commands() as driver:
            self.user_context = driver.browser.create_user_context()
            self.handle: str = driver.browsing_context.create(
                type="tab", user_context=self.user_context
            )

    @property
    def address(self) -> str:
        """The URL in the address bar."""
        with self.connection.commands_to(self.handle) as driver:
            return driver.current_url

    @property
    def title(self) -> str:
        """The title of the page."""
        with self.connection.commands_to(self.handle) as driver:
            return driver.title

    def open(self, url: str) -> None:
        """Begin to open a page."""
        with self.connection.commands_to(self.handle) as driver:
            driver.get(url)

    def go_back(self) -> None:
        """Begin to go back to the previous page."""
        with self.connection.commands() as driver:
            driver.browsing_context.traverse_history(context=self.handle, delta=-1)

    def navigate(self, url: str, *, wait: str) -> str | None:
        """Open a page; return the reason if it cannot be opened.

        Args:
            url: its address.
            wait: the state to wait for, "interactive" or "complete".

        """
        with self.connection.commands() as driver:
            try:
                driver.browsing_context.navigate(context=self.handle, url=url, wait=wait)
            except WebDriverException as error:
                return brief_reason(error).removeprefix("unknown error: ")
        return None

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        with self.connection.commands_to(self.handle) as driver:
            ActionChains(driver, duration=0).send_keys(keys).perform()

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run the body of a function in the page, and return its result, or that of its promise.

        Raises:
            AssertionError: the page was closed meanwhile, or the script failed.

        """
        with self.connection.commands_to(self.handle) as driver:
            try:
                return driver.execute_script(script, *arguments)
            except JavascriptException as error:
                message = f"a script failed in the page: {error.msg}"
                raise AssertionError(message) from error

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401
        """Return the value of an expression, which must be JSON, after all events until now."""
        with self.connection.commands() as driver:
            evaluated = driver.script.evaluate(
                expression=expression, target={"context": self.handle}, await_promise=False
            )
        return json.loads(evaluated["result"]["value"])

    def scripts_run(self) -> Sequence[str]:
        """Return none: only Chromium reports which scripts of a page have run."""
        return ()

    def enable_scripts(self, *, enabled: bool | None) -> None:
        """Turn the scripts of pages on or off; None restores the browser's default.

        Raises:
            AssertionError: the browser cannot do that.

        """
        with self.connection.commands() as driver:
            try:
                driver.emulation.set_scripting_enabled(
                    enabled=enabled, user_contexts=[self.user_context]
                )
            except WebDriverException as error:
                browser = driver.capabilities["browserName"]
                message = f"{browser} cannot turn scripts off: {error.msg}"
                raise AssertionError(message) from error

    def add_header(self, name: str, value: str) -> None:
        """Add this header to all requests from now on, instead of any added before."""
        header = {"name": name, "value": {"type": "string", "value": value}}
        with self.connection.commands() as driver:
            driver.network.set_extra_headers(headers=[header], user_contexts=[self.user_context])

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""
        with self.connection.commands() as driver:
            stored = driver.storage.get_cookies(partition=self._partition).cookies
        return {str(cookie.name): str(cookie.value.value) for cookie in stored}

    def set_cookie(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`."""
        with self.connection.commands() as driver:
            driver.storage.set_cookie(
                cookie=PartialCookie(
                    name=cookie.name,
                    value=BytesValue(BytesValue.TYPE_STRING, cookie.value),
                    domain=str(urlsplit(url).hostname),
                    path=cookie.path,
                    secure=cookie.secure,
                    http_only=cookie.http_only,
                    same_site=cookie.same_site.lower(),
                ),
                partition=self._partition,
            )

    def delete_cookies(self) -> None:
        """Delete all cookies."""
        with self.connection.commands() as driver:
            driver.storage.delete_cookies(partition=self._partition)

    def delete_session_cookies(self) -> None:
        """Delete the cookies without an expiry date."""
        with self.connection.commands() as driver:
            stored = driver.storage.get_cookies(partition=self._partition).cookies
            for cookie in stored:
                if cookie.expiry is None:
                    name = CookieFilter(name=cookie.name)
                    driver.storage.delete_cookies(filter=name, partition=self._partition)

    @property
    def _partition(self) -> StorageKeyPartitionDescriptor:
        return StorageKeyPartitionDescriptor(user_context=self.user_context)
