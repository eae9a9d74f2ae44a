"""Ends the log of WebDriver BiDi that Chromium writes into a page."""

from contextlib import closing, suppress
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.selenium.dev_tools import UNREACHABLE, DevTools

MAPPER = "BiDi-CDP Mapper"
"""The title of the tab that ChromeDriver opens; its page translates WebDriver BiDi."""

# The page writes no log if this element is missing.
END_LOG = "document.getElementById('logs')?.remove()"


def end_mapper_log(driver: WebDriver) -> None:
    """Stop the log in the page that translates WebDriver BiDi.

    The page adds each command and each answer to its text, and the browser lays that out and draws
    it although no one sees it. This takes two thirds of the time of a command, and ever more
    memory. If the browser cannot be reached, as behind some grids, the log continues.
    """
    with suppress(*UNREACHABLE, WebDriverException):
        evaluate_in_mapper(driver, END_LOG)


def evaluate_in_mapper(driver: WebDriver, expression: str) -> Any:  # noqa: ANN401
    """Return the value, as JSON, of an expression in the page that translates WebDriver BiDi.

    Raises:
        KeyError: the driver does not report where the browser listens.
        OSError: the browser cannot be reached with the Chrome DevTools Protocol.
        HTTPException: the browser does not report its DevTools address.
        WebSocketException: the browser does not answer.
        WebDriverException: the browser refuses a command.

    """
    with closing(DevTools(driver)) as tools:
        targets = tools.ask("Target.getTargets", {})["targetInfos"]
        mapper = next((each["targetId"] for each in targets if each["title"] == MAPPER), None)
        if mapper is None:
            return None
        return tools.evaluate(expression, tools.attach(mapper))["result"].get("value")
