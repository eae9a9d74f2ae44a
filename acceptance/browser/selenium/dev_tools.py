"""The Chrome DevTools Protocol, a shorter way to Chromium than through its driver."""

import json
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver
from websocket import (
    WebSocket,
    WebSocketConnectionClosedException,
    WebSocketException,
    create_connection,
)

from acceptance.browser.selenium.failures import COMMAND_TIMEOUT

ANSWER_TIME = 5.0
"""How long the browser may take to accept a connection, in seconds."""

UNREACHABLE = (KeyError, OSError, HTTPException, WebSocketException)
"""The errors that are raised when a browser cannot be reached with this protocol."""


class DevTools:
    """A connection to the browser of a driver; one thread at a time may use it."""

    def __init__(self, driver: WebDriver) -> None:
        """Connect to the browser.

        Raises:
            KeyError: the driver does not report where the browser listens.
            OSError: the browser cannot be reached.
            HTTPException: the browser does not report its DevTools address.
            WebSocketException: the browser does not answer.

        """
        self._socket: WebSocket = create_connection(
            _endpoint(driver.capabilities),
            timeout=ANSWER_TIME,
            # Chromium refuses connections with an Origin header, as pages send it.
            suppress_origin=True,
        )
        self._socket.settimeout(COMMAND_TIMEOUT)
        self._asked = 0
        self._crashed: set[str] = set()

    def ask(
        self, method: str, parameters: Mapping[str, object], session: str | None = None
    ) -> dict[str, Any]:
        """Send a command, and return the result.

        Args:
            method: the name of the command.
            parameters: its parameters.
            session: what `attach` returned, for a command to a tab.

        Raises:
            WebDriverException: the browser refuses the command, or the tab has crashed.
            WebSocketException: the browser does not answer.
            OSError: the connection is lost.

        """
        number = self.send(method, parameters, session)
        while True:
            if session in self._crashed:
                message = "tab crashed"
                raise WebDriverException(message)
            received = str(self._socket.recv())
            if not received:
                message = "the browser has closed the connection"
                raise WebSocketConnectionClosedException(message)
            # Some thirty arrive for each page.
            if received.startswith('{"method":"Network.'):
                continue
            answer = json.loads(received)
            if answer.get("method") == "Inspector.targetCrashed":
                self._crashed.add(answer["sessionId"])
            if "error" in answer:
                raise WebDriverException(answer["error"]["message"])
            # Other events may arrive in between, and answers to commands that were only sent.
            if answer.get("id") == number:
                result: dict[str, Any] = answer["result"]
                return result

    def send(
        self, method: str, parameters: Mapping[str, object], session: str | None = None
    ) -> int:
        """Send a command without waiting for the answer; return its number.

        If the browser refuses the command, the next one that is asked raises the error.

        Raises:
            OSError: the connection is lost.
            WebSocketException: likewise.

        """
        self._asked += 1
        command = {"id": self._asked, "method": method, "params": parameters}
        self._socket.send(json.dumps(command | ({"sessionId": session} if session else {})))
        return self._asked

    def attach(self, tab: str) -> str:
        """Return a session for commands to a tab (by its WebDriver window handle)."""
        attached = self.ask("Target.attachToTarget", {"targetId": tab, "flatten": True})
        session = str(attached["sessionId"])
        # A page that has crashed does not answer; this reports it.
        self.ask("Inspector.enable", {}, session)
        return session

    def evaluate(self, expression: str, session: str) -> dict[str, Any]:
        """Evaluate an expression in a tab, or await its promise; return the result as JSON.

        Returns:
            the result of the command Runtime.evaluate.

        """
        return self.ask(
            "Runtime.evaluate",
            {"expression": expression, "returnByValue": True, "awaitPromise": True},
            session,
        )

    def close(self) -> None:
        """Close the connection; the browser goes on."""
        self._socket.close()


def dev_tools_of(driver: WebDriver) -> DevTools | None:
    """Connect to the browser of a driver, or return None if it cannot be reached.

    Firefox does not have the protocol. On a grid, another machine would have to be reached.
    """
    if getattr(driver, "service", None) is None:
        return None
    try:
        return DevTools(driver)
    except UNREACHABLE:
        return None


def _endpoint(capabilities: Mapping[str, Any]) -> str:
    """Return the address of the browser's DevTools, as the grid or the browser reports it."""
    if "se:cdp" in capabilities:
        return str(capabilities["se:cdp"])
    with closing(
        HTTPConnection(capabilities["goog:chromeOptions"]["debuggerAddress"], timeout=ANSWER_TIME)
    ) as connection:
        connection.request("GET", "/json/version")
        return str(json.load(connection.getresponse())["webSocketDebuggerUrl"])
