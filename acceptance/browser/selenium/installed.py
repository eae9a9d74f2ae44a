"""Finds the browsers and drivers on this machine.

If one is missing, BrowserUnavailableError names the command that installs it.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from acceptance.browser.errors import BrowserUnavailableError
from acceptance.configuration import Configuration
from acceptance.readers import BrowserName
from acceptance.room import room_in

# The script of that name in /usr/bin does not exec the browser, so the browser outlives its driver.
HEADLESS_SHELL = "/usr/lib/chromium/chromium-headless-shell"

CHROMIUM = ("chromium", "chromium-browser", "/snap/bin/chromium")
CHROME = ("google-chrome-stable", "google-chrome", "chrome")
FIREFOX = ("firefox-esr", "firefox")
CHROMEDRIVER = ("chromedriver", "chromium.chromedriver", "/usr/lib/chromium-browser/chromedriver")

INSTALL_CHROMIUM = "make browser"
INSTALL_FIREFOX = "make firefox"

ROOM_NEEDED = 5 * 1024 * 1024
"""How many bytes a browser on this machine needs for its files; with fewer, it may not start."""


def chromium(configuration: Configuration, *, keep_pages: bool) -> str:
    """Return the path of Chromium or of Chrome, as configured.

    Args:
        configuration: the settings that name the browser, and whether it has a window.
        keep_pages: whether it must be able to keep whole pages for "Back".

    """
    if configuration.browser is BrowserName.CHROME:
        return _first_of((*CHROME, *CHROMIUM), "Chrome", INSTALL_CHROMIUM)
    shell = () if configuration.headed or keep_pages else (HEADLESS_SHELL,)
    return _first_of((*shell, *CHROMIUM, *CHROME), "Chromium", INSTALL_CHROMIUM)


def chromedriver() -> str:
    """Return the path of ChromeDriver."""
    return _first_of(CHROMEDRIVER, "ChromeDriver", INSTALL_CHROMIUM)


def firefox() -> str:
    """Return the path of Firefox."""
    return _first_of(FIREFOX, "Firefox", INSTALL_FIREFOX)


def geckodriver() -> str:
    """Return the path of Firefox's driver."""
    beside_this_python = Path(sys.executable).with_name("geckodriver")
    return _first_of(("geckodriver", str(beside_this_python)), "geckodriver", INSTALL_FIREFOX)


def check_free_space() -> None:
    """Check that there is space for the files of a browser on this machine.

    Raises:
        BrowserUnavailableError: there is not.

    """
    # Browsers and their drivers use this folder; Python's tempfile would silently choose another.
    given = os.environ.get("TMPDIR")
    folder = Path(given or "/tmp")  # noqa: S108
    try:
        left = room_in(folder)
    except OSError as error:
        reason = f"cannot be written to ({error.strerror})"
    else:
        if left >= ROOM_NEEDED:
            return
        reason = f"has {left / 1024 / 1024:.1f} MB left"
    message = (
        f"The browser keeps its files in {folder}{' (TMPDIR)' if given else ''}, which {reason}: "
        "free some space there, or set TMPDIR to a folder with more than "
        f"{ROOM_NEEDED // 1024 // 1024} MB."
    )
    raise BrowserUnavailableError(message)


def _first_of(candidates: Iterable[str], title: str, install: str) -> str:
    names = tuple(candidates)
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    message = f"{title} was not found (searched for {', '.join(names)}): type `{install}`."
    raise BrowserUnavailableError(message)
