"""Runs scripts in the page of a tab, in the shortest way that its browser has."""

import json
from typing import Any

from selenium.common.exceptions import JavascriptException, WebDriverException

from acceptance.browser.selenium.connection import Connection

# Of a page that was left before the script ended.
_LEFT = (
    "Inspected target navigated or closed",
    "Execution context was destroyed.",
    "Cannot find default execution context",
    "Promise was collected",
)


class Scripts:
    """Runs scripts in a tab.

    ChromeDriver sends three commands to the browser for each script, one after the other, and
    translates the result. With one command to the browser itself, a script takes a sixth of that.
    """

    def __init__(self, connection: Connection, tab: str) -> None:
        """Prepare for running scripts in a tab (by its WebDriver window handle).

        Raises:
            BrowserFailedError: the browser is broken.

        """
        self._connection = connection
        self._tab = tab
        self._tools = connection.dev_tools
        if self._tools:
            with connection.commands():
                self._session = self._tools.attach(tab)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run the body of a function in the page, and return its result, or that of its promise.

        Args:
            script: the body; its `arguments` are those that follow.
            arguments: values that JSON can express.

        Raises:
            AssertionError: the page was closed meanwhile, or the script failed.
            BrowserFailedError: the browser is broken.

        """
        if self._tools:
            return self._run_directly(script, *arguments)
        with self._connection.commands_to(self._tab) as driver:
            try:
                return driver.execute_script(script, *arguments)
            except JavascriptException as error:
                raise _failed(str(error.msg)) from error

    def _run_directly(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        assert self._tools
        # The line break ends a comment in the last line.
        expression = f"(function () {{{script}\n}}).apply(null, {json.dumps(arguments)})"
        with self._connection.commands():
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
            kind = thrown.get("className", "")
            raise _failed(f"javascript error: {text.removeprefix(f'{kind}: ')}")
        return evaluated["result"].get("value")


def _failed(reason: str) -> AssertionError:
    return AssertionError(f"a script failed in the page: {reason}")
