"""Ends the log that Chromium's WebDriver BiDi keeps of itself, in a page that it draws."""

import json
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver
from websocket import WebSocket, WebSocketException, create_connection

MAPPER = "BiDi-CDP Mapper"
"""The title of the tab that ChromeDriver opens; its page translates WebDriver BiDi."""

# The page writes no log where it finds no place for it.
END_LOG = "document.getElementById('logs')?.remove()"

ANSWER_TIME = 5.0
"""How long the browser may take for an answer, in seconds."""


def end_mapper_log(driver: WebDriver) -> None:
    """Let the page that translates WebDriver BiDi write no log of it.

    It adds each command and each answer to what it shows, and the browser lays that out and draws
    it, though no one sees it: two thirds of the time of a command, and memory without end.
    Where the browser cannot be reached, as behind some grids, it goes on.
    """
    with suppress(KeyError, OSError, HTTPException, WebSocketException):
        evaluate_in_mapper(driver, END_LOG)


def evaluate_in_mapper(driver: WebDriver, expression: str) -> Any:  # noqa: ANN401
    """Return what an expression is in the page that translates WebDriver BiDi, as JSON has it.

    Raises:
        KeyError: the driver does not say where the browser listens.
        OSError: the browser cannot be reached by the Chrome DevTools Protocol.
        HTTPException: it does not say how it can be.
        WebSocketException: it does not answer.

    """
    endpoint = _endpoint(driver.capabilities)
    # Chromium refuses whoever says that a page sent them.
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
    """Return the address of the browser's DevTools: a grid says it, a browser here is asked."""
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
        # Events come in between.
        if answer.get("id") == command["id"]:
            return answer.get("result", {})
