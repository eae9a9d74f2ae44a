"""What a person can do with a browser of their own, whatever drives it.

`Session` is what every driver can do. `Window` is what only a real browser can; a driver that
has none raises `NeedsBrowserError` where it is asked for its window.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from acceptance.browser.errors import BrowserError
from acceptance.browser.event import BrowserEvent
from acceptance.fixtures.values import SessionCookie
from acceptance.waiting import eventually

Outcome = TypeVar("Outcome")

MOST_LINES = 40
"""How much of a page is shown with what was not found on it."""


@dataclass(frozen=True)
class Response:
    """What came back for a request of a page.

    Attributes:
        status: HTTP's status code, or 0 where no response came.
        address: what was asked for.

    """

    status: int
    address: str

    def __str__(self) -> str:
        """Say which status it was, and for what."""
        return f"{self.status or 'no answer'} for {self.address}"


class Window(Protocol):
    """What only a real browser has: scripts, keys, sizes and pictures."""

    def resize(self, width: int, height: int) -> None:
        """Give the page a window of `width` by `height` CSS pixels."""

    def type_into(self, selector: str, text: str) -> None:
        """Replace what the field holds by `text`, key by key."""

    def submit_in_vain(self, selector: str) -> None:
        """Empty the field and press Enter, though the browser will not have it."""

    def run_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page; of a promise, return what it is resolved to.

        Raises:
            AssertionError: the page went away meanwhile, or the script failed.

        """

    def picture(self) -> bytes:
        """Return a picture of the page, as far as the window shows it, in PNG."""

    def small_picture(self) -> tuple[str, bytes]:
        """Return what a picture shows, in few bytes, after its media type."""


class Session(Protocol):
    """What one person's browser shows and does; elements are found anew for each act.

    Attributes:
        timeout: how long the person waits for something to appear, in seconds.
        has_page: whether the person has opened a page yet.
        request_id: what all its requests are called, or nothing.
        responses: what came back for the pages that the person went to, oldest first.
        can_run_scripts: whether there is something that runs the scripts of pages, unless it is
            told not to.

    """

    can_run_scripts: ClassVar[bool]
    timeout: float
    has_page: bool
    request_id: str
    responses: list[Response]

    @property
    def window(self) -> Window:
        """What only a real browser has.

        Raises:
            NeedsBrowserError: this is none.

        """

    @property
    def address(self) -> str:
        """The URL in the address bar."""

    @property
    def title(self) -> str:
        """The title of the page."""

    @property
    def text(self) -> str:
        """The text of the page as a person reads it."""

    @property
    def html(self) -> str:
        """The page as it is now, with what scripts made of it."""

    def picture(self) -> tuple[str, bytes]:
        """Return what the person sees, in few bytes, after its media type.

        That is a picture, or the page itself where there is nothing that could draw it.
        """

    @property
    def events(self) -> Sequence[BrowserEvent]:
        """What has gone wrong so far, as far as it is known."""

    def failed_requests(self) -> Sequence[Response]:
        """Return which requests of the open page, and of what it fetched, failed.

        When this is done, all that went wrong until now is among the events.
        """

    def open(self, url: str) -> None:
        """Type `url` into the address bar and wait until the page is there."""

    def go_back(self) -> None:
        """Press the browser's "Back" and see the page that was there before.

        Raises:
            AssertionError: the person has opened none before, or it does not come.

        """

    def follow(self, link_text: str) -> None:
        """Follow the link that reads `link_text` and see the page that it leads to."""

    def press(self, selector: str) -> None:
        """Press the button and see the page that it leads to."""

    def toggle(self, selector: str) -> None:
        """Tick or untick a check box whose form is sent at each change; see the page that answers.

        Where no script sends the form, Enter does.
        """

    def submit(self, selector: str, text: str) -> None:
        """Replace what the field holds by `text`, press Enter and see the page that answers."""

    def texts(self, selector: str) -> list[str]:
        """Read the visible elements that match, in the order of the page."""

    def value(self, selector: str) -> str:
        """Read what the field holds.

        Raises:
            MissingElementError: there is no such field.

        """

    def matches(self, selector: str) -> bool:
        """Say whether the page has such an element, seen or not."""

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`, without visiting it."""

    def run_no_scripts(self) -> None:
        """Run no script of the pages that are opened from now on.

        Raises:
            AssertionError: the browser does not know how; Firefox 153 does not.

        """

    def run_scripts_again(self) -> None:
        """Run the scripts of pages again, as browsers do."""

    def close(self) -> None:
        """Give the session back."""

    def give_up(self) -> None:
        """End a browser that does not answer: no one is to wait for it again."""

    def eventually(self, action: Callable[[], Outcome]) -> Outcome:
        """Do `action` again until the page lets it succeed.

        Raises:
            AssertionError: it did not within the timeout; says what the page showed.

        """
        return eventually(action, timeout=self.timeout, describe=self._description)

    def _description(self) -> str:
        try:
            lines = self.text.strip().splitlines()
            address = self.address
        except (AssertionError, BrowserError) as error:
            # The reason for the wait is not to be lost on the way.
            return f"What the page said is not to be had: {error}"
        if len(lines) > MOST_LINES:
            lines[MOST_LINES:] = [f"({len(lines) - MOST_LINES} more lines)"]
        return "\n".join([f"The page {address} said:", *lines])
