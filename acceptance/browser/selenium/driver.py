"""Starts and ends the browser of a run, with WebDriver BiDi on."""

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
    check_free_space,
    chromedriver,
    chromium,
    firefox,
    geckodriver,
)
from acceptance.browser.selenium.mapper_log import end_mapper_log
from acceptance.configuration import Configuration, without_password
from acceptance.hosts.web.proxy import ProxyError, proxy_for, reach_this_machine_directly
from acceptance.readers import BrowserName
from acceptance.room import has_shared_memory

if TYPE_CHECKING:
    from selenium.webdriver.remote.remote_connection import RemoteConnection

# Selenium checks for answers every 0.1 s by default, which would slow each BiDi command down.
ANSWER_INTERVAL = 0.002

FAREWELL = 5.0
"""How long a grid may take to end a browser that has been given up, in seconds."""

# In a separate process group, a browser that does not answer can be ended with all its processes.
_GROUP: dict[str, Any] = {"popen_kw": {"process_group": 0}}


def keeps_pages(configuration: Configuration) -> bool:
    """Whether the configured browser keeps pages for "Back" from the start of a run."""
    # On a grid, a second browser could wait for a free place as long as the workers run.
    return bool(configuration.headed or configuration.grid) or (
        configuration.browser is BrowserName.FIREFOX
    )


def start_driver(configuration: Configuration, *, keep_pages: bool = False) -> WebDriver:
    """Start the configured browser with WebDriver BiDi on.

    Args:
        configuration: the settings that name the browser.
        keep_pages: whether it keeps whole pages for "Back", as people's browsers do (the
            back/forward cache). Chromium's headless shell has no such cache, so the full browser
            starts.

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
        check_free_space()
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
                f"{title} did not start ({brief_reason(error)}): check that it starts by itself, "
                "and that its driver has the same version."
            )
        raise BrowserUnavailableError(message) from error
    client_config = _client_config(driver)
    client_config.websocket_interval = ANSWER_INTERVAL
    client_config.websocket_timeout = COMMAND_TIMEOUT
    client_config.timeout = COMMAND_TIMEOUT
    return driver


def _client_config(driver: WebDriver) -> ClientConfig:
    # Selenium declares the type of the argument, which is wider than that after the start.
    connection = cast("RemoteConnection", driver.command_executor)
    return cast("ClientConfig", connection.client_config)


def _start_on_grid(configuration: Configuration, grid: str, options: ArgOptions) -> WebDriver:
    # A grid answers when a browser is free; Selenium would wait for two minutes.
    patience = ClientConfig(
        remote_server_addr=grid, timeout=cast("int", configuration.grid_timeout)
    )
    return webdriver.Remote(grid, options=options, client_config=patience)


def _why_not_on_grid(configuration: Configuration, error: Exception) -> str:
    """Return why no browser started on the grid, and what to do."""
    grid = without_password(configuration.grid or "")
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return (
            f"on the grid at {grid}, which had none free within {configuration.grid_timeout:g} s: "
            f"check in {grid}/status whether one is there and free, use fewer workers (-j), or "
            "wait longer (-D grid_timeout=300)"
        )
    return f"({brief_reason(error)}): check that the grid at {grid} answers"


def stop_driver(driver: WebDriver) -> None:
    """Quit the browser and its driver.

    Selenium closes its BiDi socket before the browser has ended, and then waits up to ten seconds
    for a closing message that does not always arrive. Removing the socket first avoids that wait.
    """
    socket = driver._websocket_connection  # noqa: SLF001
    driver._websocket_connection = None  # noqa: SLF001
    try:
        driver.quit()
    except DRIVER_ERRORS:
        # The browser, or the grid that it was on, has already ended.
        kill_driver(driver)
    finally:
        if socket is not None:
            with suppress(*DRIVER_ERRORS):
                socket.close()


def kill_driver(driver: WebDriver) -> None:
    """End a browser and a driver that no longer answer."""
    service = getattr(driver, "service", None)
    if service is None:
        # Otherwise the grid would keep its place occupied for minutes.
        _client_config(driver).timeout = FAREWELL
        with suppress(*DRIVER_ERRORS):
            driver.execute(Command.QUIT)
        return
    # The whole group, because a driver that is killed leaves its browser running, and with SIGKILL,
    # because a stopped process ignores other signals. The connection to it ends by itself.
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
    # Sessions wait for pages themselves, whether an address or a key led to them.
    options.page_load_strategy = "none"
    if not configuration.grid:
        reach_this_machine_directly()
        options.proxy = _proxy_to(configuration)


def _proxy_to(configuration: Configuration) -> Proxy:
    """Return the browser's proxy for the site, the same as for all other requests to it."""
    named = proxy_for(configuration.staging.url) if configuration.staging else None
    if named is None:
        return Proxy({"proxyType": ProxyType.DIRECT})
    return Proxy({"proxyType": ProxyType.MANUAL, "httpProxy": named.place, "sslProxy": named.place})


def _chromium_switches(*, headed: bool, keep_pages: bool) -> Iterable[str]:
    yield "--window-size=1024,768"
    # The browser must not contact its maker: on a closed network, such requests fail slowly.
    yield "--disable-background-networking"
    yield "--disable-component-update"
    yield "--disable-sync"
    yield "--disable-quic"
    yield "--no-first-run"
    if not has_shared_memory():
        # Pages would crash, for instance in a container with little shared memory.
        yield "--disable-dev-shm-usage"
    if not headed:
        yield "--headless=new"
        # Fewer processes and threads to wake for each page, no separate frame for each page, and
        # none kept for "Back": together these save a fifth of a run's time. In the full browser,
        # also no pages that wait for text in the address bar of an invisible window.
        yield "--in-process-gpu"
        yield "--enable-features=NetworkServiceInProcess2"
        unneeded = "PaintHolding,RenderDocument,WebUIOmniboxPopup,WebUIOmniboxAimPopup"
        yield f"--disable-features={unneeded}{'' if keep_pages else ',BackForwardCache'}"
    if os.geteuid() == 0:
        # Chromium refuses to start its sandbox as root.
        yield "--no-sandbox"


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
