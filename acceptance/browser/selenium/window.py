"""The window of a person's tab: scripts, keys, sizes and pictures."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from selenium.webdriver.common.keys import Keys

from acceptance.browser.errors import BrowserFailedError
from acceptance.browser.selenium.tab import Tab
from acceptance.browser.session import Window

PICTURE_QUALITY = 0.7
"""Of WebP, from 0 to 1: text stays sharp, and a picture takes a third of what PNG does."""


class SeleniumWindow(Window):
    """What only a real browser has."""

    def __init__(self, tab: Tab, focus: Callable[[str], object]) -> None:
        """Have the window of `tab`, in which `focus` gives the keys to what a selector matches."""
        self._tab = tab
        self._focus = focus
        self._is_resized = False

    def resize(self, width: int, height: int) -> None:
        """Give the page a window of `width` by `height` CSS pixels."""
        self._is_resized = True
        self._set_viewport({"width": width, "height": height})

    def restore(self) -> None:
        """Have the size again that it had at first."""
        if self._is_resized:
            self._set_viewport(None)
            self._is_resized = False

    def type_into(self, selector: str, text: str) -> None:
        """Replace what the field holds by `text`, key by key."""
        self._focus(selector)
        self._tab.press(text)

    def submit_in_vain(self, selector: str) -> None:
        """Empty the field and press Enter, though the browser will not have it."""
        self._focus(selector)
        self._tab.press(Keys.DELETE + Keys.ENTER)

    def run_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page; of a promise, return what it is resolved to."""
        return self._tab.run(script, *arguments)

    def picture(self) -> bytes:
        """Return a picture of the page, as far as the window shows it, in PNG."""
        return self._capture(None)

    def small_picture(self) -> tuple[str, bytes]:
        """Return what a picture shows, in few bytes, after its media type."""
        try:
            return "image/webp", self._capture({"type": "image/webp", "quality": PICTURE_QUALITY})
        except BrowserFailedError:
            # Which formats a browser has besides PNG is its own affair (WebDriver BiDi, 7.3.3.4).
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
