"""Starts and ends the browser that a run asked for, with WebDriver BiDi on."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import urllib3
from selenium import webdriver
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webdriver import WebDriver

from acceptance.browser.errors import BrowserUnavailableError
from acceptance.browser.selenium.failures import COMMAND_TIMEOUT, DRIVER_ERRORS, brief_reason
from acceptance.browser.selenium.installed import (
    chromedriver,
    chromium,
    firefox,
    geckodriver,
    see_that_there_is_room,
)
from acceptance.browser.selenium.mapper_log import end_mapper_log
from acceptance.configuration import Configuration, without_password
from acceptance.hosts.web.proxy import ProxyError, proxy_for, reach_this_machine_directly
from acceptance.readers import BrowserName
from acceptance.room import has_shared_memory

if TYPE_CHECKING:
    from selenium.webdriver.remote.remote_connection import RemoteConnection

# Selenium looks at its answers every 0.1 s by default, which each BiDi command would wait for.
ANSWER_INTERVAL = 0.002

FAREWELL = 5.0
"""How long a grid may take to end a browser that is given up, in seconds."""

# With a process group of its own, a browser that does not answer can be ended with all its parts.
_GROUP: dict[str, Any] = {"popen_kw": {"process_group": 0}}


def keeps_pages(configuration: Configuration) -> bool:
    """Whether the configured browser keeps pages for "Back" as it starts for a run."""
    # A worker that took a second place of a grid could wait for it as long as the others do.
    return bool(configuration.headed or configuration.grid) or (
        configuration.browser is BrowserName.FIREFOX
    )


def start_driver(configuration: Configuration, *, keep_pages: bool = False) -> WebDriver:
    """Start the configured browser with WebDriver BiDi on.

    Args:
        configuration: says which browser.
        keep_pages: let it keep whole pages for "Back", as people's browsers do (the back/forward
            cache). Chromium's headless shell has no such cache, so the full browser starts.

    Raises:
        BrowserUnavailableError: the browser, its driver, a screen or the grid is missing.

    """
    if configuration.headed and not configuration.grid and not _has_screen():
        message = (
            "A headed browser needs a screen, and neither DISPLAY nor WAYLAND_DISPLAY is set: "
            "leave out -D headed, or run under xvfb-run."
        )
        raise BrowserUnavailableError(message)
    if not configuration.grid:
        see_that_there_is_room()
    try:
        driver = _start(configuration, keep_pages=keep_pages)
    except ProxyError as error:
        message = f"{error}."
        raise BrowserUnavailableError(message) from None
    except DRIVER_ERRORS as error:
        title = configuration.browser.capitalize()
        if configuration.grid:
            message = f"{title} did not start {_why_not_on_grid(configuration, error)}."
        else:
            message = (
                f"{title} did not start ({brief_reason(error)}): see that it starts by itself, and "
                "that its driver is of the same version."
            )
        raise BrowserUnavailableError(message) from error
    client_config = _client_config(driver)
    client_config.websocket_interval = ANSWER_INTERVAL
    client_config.websocket_timeout = COMMAND_TIMEOUT
    client_config.timeout = COMMAND_TIMEOUT
    return driver


def _client_config(driver: WebDriver) -> ClientConfig:
    # Selenium declares the attribute as it may be given, not as it is after the start.
    connection = cast("RemoteConnection", driver.command_executor)
    return cast("ClientConfig", connection.client_config)


def _start_on_grid(configuration: Configuration, grid: str, options: ArgOptions) -> WebDriver:
    # A grid answers when a browser is free; Selenium would wait for two minutes.
    patience = ClientConfig(
        remote_server_addr=grid, timeout=cast("int", configuration.grid_timeout)
    )
    return webdriver.Remote(grid, options=options, client_config=patience)


def _why_not_on_grid(configuration: Configuration, error: Exception) -> str:
    """Say why no browser started on the grid, and what to do."""
    grid = without_password(configuration.grid or "")
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return (
            f"on the grid at {grid}, which gave none within {configuration.grid_timeout:g} s: see "
            f"in {grid}/status whether one is there and free, and ask for fewer workers (-j) or "
            "for more patience (-D grid_timeout=300)"
        )
    return f"({brief_reason(error)}): see that the grid at {grid} answers"


def stop_driver(driver: WebDriver) -> None:
    """Quit the browser and its driver.

    Selenium closes its BiDi socket before the browser has gone, and then waits up to ten seconds
    for a farewell that does not always come; taking the socket away first avoids that wait.
    """
    socket = driver._websocket_connection  # noqa: SLF001
    driver._websocket_connection = None  # noqa: SLF001
    try:
        driver.quit()
    except DRIVER_ERRORS:
        # It went before, or the grid that it was on did.
        kill_driver(driver)
    finally:
        if socket is not None:
            with suppress(*DRIVER_ERRORS):
                socket.close()


def kill_driver(driver: WebDriver) -> None:
    """End a browser and its driver that do not answer any more."""
    service = getattr(driver, "service", None)
    if service is None:
        # A grid would keep its place for minutes, in which no other browser starts there.
        _client_config(driver).timeout = FAREWELL
        with suppress(*DRIVER_ERRORS):
            driver.execute(Command.QUIT)
        return
    # All of its parts: a driver that was killed leaves its browser behind, and what was stopped
    # takes no notice of anything else. The connection to it ends by itself.
    with suppress(ProcessLookupError):
        os.killpg(service.process.pid, signal.SIGKILL)
    service.process.wait()


def _start(configuration: Configuration, *, keep_pages: bool) -> WebDriver:
    if configuration.browser is BrowserName.FIREFOX:
        return _start_firefox(configuration)
    driver = _start_chromium(configuration, keep_pages=keep_pages)
    end_mapper_log(driver)
    return driver


def _start_firefox(configuration: Configuration) -> WebDriver:
    options = webdriver.FirefoxOptions()
    _set_common(options, configuration)
    options.add_argument("--width=1024")
    options.add_argument("--height=768")
    if not configuration.headed:
        options.add_argument("-headless")
    if configuration.grid:
        return _start_on_grid(configuration, configuration.grid, options)
    options.binary_location = firefox()
    return webdriver.Firefox(options=options, service=FirefoxService(geckodriver(), **_GROUP))


def _start_chromium(configuration: Configuration, *, keep_pages: bool) -> WebDriver:
    options = webdriver.ChromeOptions()
    _set_common(options, configuration)
    for switch in _chromium_switches(headed=configuration.headed, keep_pages=keep_pages):
        options.add_argument(switch)
    if configuration.grid:
        return _start_on_grid(configuration, configuration.grid, options)
    options.binary_location = chromium(configuration, keep_pages=keep_pages)
    return webdriver.Chrome(options=options, service=ChromeService(chromedriver(), **_GROUP))


def _set_common(options: ArgOptions, configuration: Configuration) -> None:
    options.enable_bidi = True
    # Sessions wait for pages themselves, whether they were opened or a key led to them.
    options.page_load_strategy = "none"
    if not configuration.grid:
        reach_this_machine_directly()
        options.proxy = _proxy_to(configuration)


def _proxy_to(configuration: Configuration) -> Proxy:
    """Return how the browser gets to the site: as all else that asks it."""
    named = proxy_for(configuration.staging.url) if configuration.staging else None
    if named is None:
        return Proxy({"proxyType": ProxyType.DIRECT})
    return Proxy({"proxyType": ProxyType.MANUAL, "httpProxy": named.place, "sslProxy": named.place})


def _chromium_switches(*, headed: bool, keep_pages: bool) -> Iterable[str]:
    yield "--window-size=1024,768"
    # The browser must not call home: on a closed network those calls only fail slowly.
    yield "--disable-background-networking"
    yield "--disable-component-update"
    yield "--disable-sync"
    yield "--disable-quic"
    yield "--no-first-run"
    if not has_shared_memory():
        # As in a container with little of it, where pages would crash.
        yield "--disable-dev-shm-usage"
    if not headed:
        yield "--headless=new"
        # Fewer processes and threads to wake for each page, no frame of its own for each page,
        # and none kept for "Back": together a fifth of a run's time. In the full browser, no pages
        # that wait for what is typed into the address bar of a window that no one sees.
        yield "--in-process-gpu"
        yield "--enable-features=NetworkServiceInProcess2"
        unneeded = "PaintHolding,RenderDocument,WebUIOmniboxPopup,WebUIOmniboxAimPopup"
        yield f"--disable-features={unneeded}{'' if keep_pages else ',BackForwardCache'}"
    if os.geteuid() == 0:
        # Chromium refuses to start its sandbox as root.
        yield "--no-sandbox"


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
