"""Open a page for the person who asked for it."""

import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path

DESKTOPS = ("DISPLAY", "WAYLAND_DISPLAY")
"""The variables of which a desktop session sets one, on systems other than macOS and Windows."""

ELSEWHERE = ("CI", "SSH_CONNECTION")
"""The variables that say that no one sits in front of this machine."""


def open_page(file: Path, environment: Mapping[str, str]) -> None:
    """Open a page in the browser of the desktop session; do nothing where there is none."""
    if _has_desktop(environment):
        # A browser that cannot be started is no reason to fail: the path has been printed.
        webbrowser.open(file.resolve().as_uri())


def _has_desktop(environment: Mapping[str, str]) -> bool:
    if any(environment.get(name) for name in ELSEWHERE):
        return False
    return sys.platform in {"darwin", "win32"} or any(environment.get(name) for name in DESKTOPS)
