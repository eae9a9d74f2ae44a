"""The window of a person's tab: scripts, keys, sizes and pictures."""

from collections.abc import Callable
from typing import Any

from selenium.webdriver.common.keys import Keys

from acceptance.browser.selenium.tab import Tab
from acceptance.browser.session import Window


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
        self._tab.resize({"width": width, "height": height})

    def restore(self) -> None:
        """Have the size again that it had at first."""
        if self._is_resized:
            self._tab.resize(None)
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
        """Run JavaScript in the page."""
        return self._tab.run(script, *arguments)

    def run_asynchronous_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript that calls its last argument when it has an answer."""
        return self._tab.run_asynchronously(script, *arguments)

    def picture(self) -> bytes:
        """Return a picture of the page, as far as the window shows it, in PNG."""
        return self._tab.picture()

    def small_picture(self) -> tuple[str, bytes]:
        """Return what a picture shows, in few bytes, after its media type."""
        return self._tab.small_picture()
