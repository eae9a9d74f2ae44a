"""A tab of a Chromium on this machine, which carries out most commands itself."""

import json
from collections.abc import Generator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.selenium.connection import Connection
from acceptance.browser.selenium.dev_tools import DevTools
from acceptance.browser.selenium.failures import COMMAND_TIMEOUT
from acceptance.browser.selenium.script_coverage import in_words, lines_not_run
from acceptance.browser.selenium.tab import Tab
from acceptance.fixtures.values import SessionCookie
from acceptance.waiting import eventually

# The name, the code, the number and the text of keys (Input.dispatchKeyEvent).
_KEYS = {
    Keys.ENTER: ("Enter", "Enter", 13, "\r"),
    Keys.SPACE: (" ", "Space", 32, " "),
    Keys.TAB: ("Tab", "Tab", 9, ""),
    Keys.DELETE: ("Delete", "Delete", 46, ""),
}

# In this order: events of a page's life are reported apart from its other events.
_END_EVENTS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("Page.setLifecycleEventsEnabled", {"enabled": False}),
    ("Page.disable", {}),
    ("Network.disable", {}),
)

# Of a page that was left before a script in it ended.
_LEFT = (
    "Inspected target navigated or closed",
    "Execution context was destroyed.",
    "Cannot find default execution context",
    "Promise was collected",
)


class ChromiumTab(Tab):
    """A tab, whose commands go to the browser itself where that is shorter.

    ChromeDriver sends three commands to the browser for each script, one after the other, and
    WebDriver BiDi sends each command through a page. Most commands take a sixth of that here.
    """

    def __init__(self, connection: Connection, tools: DevTools) -> None:
        """Open a tab in a new user context."""
        super().__init__(connection)
        self._tools = tools
        with connection.commands() as driver:
            self._session = tools.attach(self.handle)
            _end_events_of_pages(driver, self.handle)
            # Chromium adds headers only while it reports requests.
            self._ask("Network.enable", {})
            self._ask("Profiler.enable", {})
            self._ask("Profiler.startPreciseCoverage", {"callCount": False, "detailed": True})

    def open(self, url: str) -> None:
        """Begin to open a page."""
        with self.connection.commands():
            self._tools.send("Page.navigate", {"url": url}, self._session)

    def navigate(self, url: str, *, wait: str) -> str | None:
        """Open a page; return the reason if it cannot be opened.

        Args:
            url: its address.
            wait: the state to wait for, "interactive" or "complete".

        """
        with self.connection.commands():
            opened = self._ask("Page.navigate", {"url": url})
        if "errorText" in opened:
            return str(opened["errorText"])

        def is_there() -> None:
            state = self.run("return document.readyState")
            assert state in {wait, "complete"}, f"the page is {state}"

        eventually(is_there, timeout=COMMAND_TIMEOUT, describe=lambda: url)
        return None

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        if not all(key in _KEYS for key in keys):
            super().press(keys)
            return
        with self.connection.commands():
            for key in keys:
                name, code, number, text = _KEYS[key]
                pressed = {"key": name, "code": code, "windowsVirtualKeyCode": number}
                kind = "keyDown" if text else "rawKeyDown"
                self._ask("Input.dispatchKeyEvent", {"type": kind, "text": text, **pressed})
                self._ask("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run the body of a function in the page, and return its result, or that of its promise.

        Raises:
            AssertionError: the page was closed meanwhile, or the script failed.

        """
        # The line break ends a comment in the last line.
        expression = f"(function () {{{script}\n}}).apply(null, {json.dumps(arguments)})"
        with self.connection.commands():
            try:
                evaluated = self._tools.evaluate(expression, self._session)
            except WebDriverException as error:
                if error.msg not in _LEFT:
                    raise
                message = "the page was closed before a script in it could end"
                raise AssertionError(message) from error
        if "exceptionDetails" in evaluated:
            thrown = evaluated["exceptionDetails"].get("exception", {})
            text = str(thrown.get("description", thrown.get("value"))).partition("\n")[0]
            reason = text.removeprefix(f"{thrown.get('className', '')}: ")
            message = f"a script failed in the page: javascript error: {reason}"
            raise AssertionError(message)
        return evaluated["result"].get("value")

    def scripts_run(self) -> Sequence[str]:
        """Return the scripts of the page, each with the lines that have not run, in words."""
        addresses = self.run("return [...document.scripts].map(script => script.src)")
        with self.connection.commands():
            # Without it, the browser does not give away the text of a script.
            self._ask("Debugger.enable", {})
            try:
                found = [
                    self._script_run(each)
                    for each in self._ask("Profiler.takePreciseCoverage", {})["result"]
                    if each["url"] and each["url"] in addresses
                ]
            finally:
                self._ask("Debugger.disable", {})
        return found

    def add_header(self, name: str, value: str) -> None:
        """Add this header to all requests from now on, instead of any added before."""
        with self.connection.commands():
            self._ask("Network.setExtraHTTPHeaders", {"headers": {name: value}})

    def set_cookie(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`."""
        stored = {
            "name": cookie.name,
            "value": cookie.value,
            "domain": str(urlsplit(url).hostname),
            "path": cookie.path,
            "secure": cookie.secure,
            "httpOnly": cookie.http_only,
            "sameSite": cookie.same_site.capitalize(),
        }
        with self.connection.commands():
            self._tools.ask(
                "Storage.setCookies", {"cookies": [stored], "browserContextId": self.user_context}
            )

    def delete_cookies(self) -> None:
        """Delete all cookies."""
        with self.connection.commands():
            self._tools.ask("Storage.clearCookies", {"browserContextId": self.user_context})

    def _script_run(self, covered: Mapping[str, Any]) -> str:
        text = self._ask("Debugger.getScriptSource", {"scriptId": covered["scriptId"]})
        lines = in_words(lines_not_run(text["scriptSource"], covered["functions"]))
        path = urlsplit(covered["url"]).path
        return f"{path} (not run: {lines})" if lines else path

    def _ask(self, method: str, parameters: Mapping[str, object]) -> dict[str, Any]:
        return self._tools.ask(method, parameters, self._session)


def open_tab(connection: Connection) -> Tab:
    """Open a tab in a new user context.

    Raises:
        BrowserFailedError: the browser is broken.

    """
    if connection.dev_tools:
        return ChromiumTab(connection, connection.dev_tools)
    return Tab(connection)


def _end_events_of_pages(driver: WebDriver, tab: str) -> None:
    """End the reports of a tab's pages and requests to the page that translates WebDriver BiDi.

    It translates some fifty of them for each page, and nothing waits for one. It still reports
    errors of scripts and messages on the console.
    """
    session = _send(driver, "goog:cdp.getSession", context=tab)["session"]
    for method, parameters in _END_EVENTS:
        _send(driver, "goog:cdp.sendCommand", method=method, params=parameters, session=session)


def _send(driver: WebDriver, command: str, **parameters: object) -> dict[str, Any]:
    """Send a command of Chromium's own, which WebDriver BiDi has beside the others."""

    def commands() -> Generator[dict[str, object], dict[str, Any], dict[str, Any]]:
        return (yield {"method": command, "params": parameters})

    connection = driver._websocket_connection  # noqa: SLF001
    assert connection, "WebDriver BiDi is off"
    answer: dict[str, Any] = connection.execute(commands())
    return answer
