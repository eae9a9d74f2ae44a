"""Ends the log of WebDriver BiDi that Chromium writes into a page."""

import json
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver
from websocket import WebSocket, WebSocketException, create_connection

MAPPER = "BiDi-CDP Mapper"
"""The title of the tab that ChromeDriver opens; its page translates WebDriver BiDi."""

# The page writes no log if this element is missing.
END_LOG = "document.getElementById('logs')?.remove()"

ANSWER_TIME = 5.0
"""How long the browser may take for an answer, in seconds."""


def end_mapper_log(driver: WebDriver) -> None:
    """Stop the log in the page that translates WebDriver BiDi.

    The page adds each command and each answer to its text, and the browser lays that out and draws
    it although no one sees it. This takes two thirds of the time of a command, and ever more
    memory. If the browser cannot be reached, as behind some grids, the log continues.
    """
    with suppress(KeyError, OSError, HTTPException, WebSocketException):
        evaluate_in_mapper(driver, END_LOG)


def evaluate_in_mapper(driver: WebDriver, expression: str) -> Any:  # noqa: ANN401
    """Return the value, as JSON, of an expression in the page that translates WebDriver BiDi.

    Raises:
        KeyError: the driver does not report where the browser listens.
        OSError: the browser cannot be reached with the Chrome DevTools Protocol.
        HTTPException: the browser does not report its DevTools address.
        WebSocketException: the browser does not answer.

    """
    endpoint = _endpoint(driver.capabilities)
    # Chromium refuses connections with an Origin header, as pages send it.
    with closing(create_connection(endpoint, timeout=ANSWER_TIME, suppress_origin=True)) as socket:
        targets = _ask(socket, "Target.getTargets", {})["targetInfos"]
        mapper = next((each["targetId"] for each in targets if each["title"] == MAPPER), None)
        if mapper is None:
            return None
        attached = _ask(socket, "Target.attachToTarget", {"targetId": mapper, "flatten": True})
        evaluated = _ask(
            socket,
            "Runtime.evaluate",
            {"expression": expression, "returnByValue": True},
            attached["sessionId"],
        )
    return evaluated["result"].get("value")


def _endpoint(capabilities: Mapping[str, Any]) -> str:
    """Return the address of the browser's DevTools, as the grid or the browser reports it."""
    if "se:cdp" in capabilities:
        return str(capabilities["se:cdp"])
    with closing(
        HTTPConnection(capabilities["goog:chromeOptions"]["debuggerAddress"], timeout=ANSWER_TIME)
    ) as connection:
        connection.request("GET", "/json/version")
        return str(json.load(connection.getresponse())["webSocketDebuggerUrl"])


def _ask(
    socket: WebSocket, method: str, parameters: Mapping[str, object], session: str | None = None
) -> Any:  # noqa: ANN401
    command = {"id": 1, "method": method, "params": parameters}
    socket.send(json.dumps(command | ({"sessionId": session} if session else {})))
    while True:
        answer = json.loads(socket.recv())
        # Events may arrive in between.
        if answer.get("id") == command["id"]:
            return answer.get("result", {})
