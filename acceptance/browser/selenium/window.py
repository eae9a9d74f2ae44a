"""The window of a person's tab: scripts, keys, sizes and pictures."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from selenium.webdriver.common.keys import Keys

from acceptance.browser.errors import BrowserFailedError
from acceptance.browser.selenium.tab import Tab
from acceptance.browser.session import Window

PICTURE_QUALITY = 0.7
"""The quality of WebP, from 0 to 1: text stays sharp, and a file has a third of PNG's size."""


class SeleniumWindow(Window):
    """The features that only a real browser has."""

    def __init__(self, tab: Tab, focus: Callable[[str], object]) -> None:
        """Take the window of `tab`, in which `focus` focuses the element at a selector."""
        self._tab = tab
        self._focus = focus
        self._is_resized = False

    def resize(self, width: int, height: int) -> None:
        """Resize the page's window to `width` by `height` CSS pixels."""
        self._is_resized = True
        self._set_viewport({"width": width, "height": height})

    def restore(self) -> None:
        """Restore the original size."""
        if self._is_resized:
            self._set_viewport(None)
            self._is_resized = False

    def type_into(self, selector: str, text: str) -> None:
        """Replace the text in the field with `text`, key by key."""
        self._focus(selector)
        self._tab.press(text)

    def submit_in_vain(self, selector: str) -> None:
        """Empty the field and press Enter, which the browser refuses."""
        self._focus(selector)
        self._tab.press(Keys.DELETE + Keys.ENTER)

    def press_tab(self) -> None:
        """Press the Tab key, which moves the keyboard focus to the next control or link."""
        self._tab.press(Keys.TAB)

    def press_enter(self) -> None:
        """Press Enter where the keyboard focus is."""
        self._tab.press(Keys.ENTER)

    def run_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page; if it returns a promise, return the resolved value."""
        return self._tab.run(script, *arguments)

    def picture(self) -> bytes:
        """Return a PNG picture of the part of the page that is in the window."""
        return self._capture(None)

    def small_picture(self) -> tuple[str, bytes]:
        """Return the media type and the bytes of a picture in a compact format."""
        try:
            return "image/webp", self._capture({"type": "image/webp", "quality": PICTURE_QUALITY})
        except BrowserFailedError:
            # A browser has to support PNG only (WebDriver BiDi, 7.3.3.4).
            return "image/png", self.picture()

    def _capture(self, media_type: Mapping[str, object] | None) -> bytes:
        with self._tab.connection.commands() as driver:
            taken = driver.browsing_context.capture_screenshot(
                context=self._tab.handle, format=media_type
            )
        return base64.b64decode(taken)

    def _set_viewport(self, size: Mapping[str, int] | None) -> None:
        with self._tab.connection.commands() as driver:
            driver.browsing_context.set_viewport(context=self._tab.handle, viewport=size)
