"""The interface of a person's browser session, whichever driver it uses.

Every driver implements `Session`. Only a real browser has a `Window`; other drivers raise
`NeedsBrowserError` when the window is used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Protocol, TypeVar

from acceptance.browser.errors import BrowserError
from acceptance.browser.event import BrowserEvent
from acceptance.fixtures.values import SessionCookie
from acceptance.waiting import eventually

Outcome = TypeVar("Outcome")

MOST_LINES = 40
"""How many lines of a page a failure message shows."""


@dataclass(frozen=True)
class Response:
    """The response to a request of a page.

    Attributes:
        status: HTTP's status code, or 0 if there was no response.
        address: the address of the request.
        use: "style sheet" or "script" for such a file of a page, otherwise "".

    """

    status: int
    address: str
    use: str = field(default="", compare=False)

    @property
    def is_refusal(self) -> bool:
        """Whether its status is that of an error of the client or of the server."""
        return self.status >= HTTPStatus.BAD_REQUEST

    def __str__(self) -> str:
        """Return the status and the address."""
        return f"{self.status or 'no answer'} for {self.address}"


@dataclass(frozen=True)
class SentForm:
    """A form that a person has sent, without the values of its fields, which may be secret.

    Attributes:
        method: HTTP's method.
        path: the path of its address.
        fields: the names of the fields that were not empty, where they are known.
        empty: the names of the others, which were empty or not ticked.

    """

    method: str
    path: str
    fields: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the method, the path and the fields."""
        filled = f"with {', '.join(self.fields)}" if self.fields else ""
        empty = f"without {', '.join(self.empty)}" if self.empty else ""
        fields = " and ".join(filter(None, [filled, empty]))
        return " ".join(filter(None, [self.method, self.path, fields]))


class Window(Protocol):
    """The features that only a real browser has: scripts, keys, sizes and pictures."""

    def resize(self, width: int, height: int) -> None:
        """Resize the page's window to `width` by `height` CSS pixels."""

    def type_into(self, selector: str, text: str) -> None:
        """Replace the text in the field with `text`, key by key."""

    def submit_in_vain(self, selector: str) -> None:
        """Empty the field and press Enter, which the browser refuses."""

    def press_tab(self) -> None:
        """Press the Tab key, which moves the keyboard focus to the next control or link."""

    def press_enter(self) -> None:
        """Press Enter where the keyboard focus is."""

    def run_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page; if it returns a promise, return the resolved value.

        Raises:
            AssertionError: the page was closed meanwhile, or the script failed.

        """

    def picture(self) -> bytes:
        """Return a PNG picture of the part of the page that is in the window."""

    def small_picture(self) -> tuple[str, bytes]:
        """Return the media type and the bytes of a picture in a compact format."""


class Session(Protocol):
    """One person's browser; each action finds its elements anew.

    Attributes:
        timeout: how long the person waits for something to appear, in seconds.
        has_page: whether the person has opened a page yet.
        request_id: the ID that all its requests carry, or "".
        responses: the responses to the pages that the person opened, oldest first.
        accepted: how many of them have the status that the scenario expects.
        sent_forms: the forms that the person sent and got an answer to, oldest first.
        can_run_scripts: whether the driver can run the scripts of pages.

    """

    can_run_scripts: ClassVar[bool]
    timeout: float
    has_page: bool
    request_id: str
    responses: list[Response]
    accepted: int = 0
    sent_forms: list[SentForm]

    @property
    def window(self) -> Window:
        """The features that only a real browser has.

        Raises:
            NeedsBrowserError: this is not a real browser.

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
        """The HTML of the page as it is now, including changes by scripts."""

    def picture(self) -> tuple[str, bytes]:
        """Return the media type and the bytes of what the person sees, in a compact format.

        That is a picture, or the page's HTML where the driver cannot draw it.
        """

    @property
    def events(self) -> Sequence[BrowserEvent]:
        """The known events so far."""

    def failed_requests(self) -> Sequence[Response]:
        """Return the failed requests for the open page and for the files that it fetched.

        Afterwards, `events` is complete up to now.
        """

    def scripts_run(self) -> Sequence[str]:
        """Return the scripts of the open page, each with the lines that have not run, in words.

        Only Chromium reports them; in other drivers, there are none.
        """

    def open(self, url: str) -> None:
        """Type `url` into the address bar and wait for the page."""

    def go_back(self) -> None:
        """Press the browser's "Back" and see the previous page.

        Raises:
            AssertionError: there is no previous page, or it does not appear.

        """

    def follow(self, link_text: str) -> None:
        """Follow the link with the text `link_text` and see the next page."""

    def press(self, selector: str) -> None:
        """Press the button and see the next page."""

    def toggle(self, selector: str) -> None:
        """Tick or untick a check box whose form is sent at each change; see the page that answers.

        Where no script sends the form, Enter does.
        """

    def submit(self, selector: str, text: str) -> None:
        """Replace the text in the field with `text`, press Enter and see the next page."""

    def texts(self, selector: str) -> list[str]:
        """Return the texts of the visible elements that match, in the order of the page."""

    def names(self, selector: str) -> list[str]:
        """Return the names of the visible controls and links that match, for screen readers.

        A name is the attribute `aria-label`, or else the label, or else the text. The empty string
        stands for a control without a name.
        """

    def value(self, selector: str) -> str:
        """Return the value of the field.

        Raises:
            MissingElementError: there is no such field.

        """

    def matches(self, selector: str) -> bool:
        """Whether the page has such an element, visible or not."""

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`, without visiting it."""

    def forget_session_cookies(self) -> None:
        """Forget the cookies that browsers do not keep when they are closed."""

    def run_no_scripts(self) -> None:
        """Run no scripts of pages that are opened from now on.

        Raises:
            AssertionError: the browser cannot do that; Firefox 153 cannot.

        """

    def run_scripts_again(self) -> None:
        """Run the scripts of pages again, as browsers do."""

    def close(self) -> None:
        """Return the session to the browser."""

    def give_up(self) -> None:
        """End a browser that does not answer, so that nothing waits for it again."""

    def accept_response(self) -> None:
        """Take the last response for the expected one, so that its status explains no failure."""
        self.accepted = len(self.responses)

    @property
    def unexpected_responses(self) -> Sequence[Response]:
        """The responses since one was accepted, oldest first."""
        return self.responses[self.accepted :]

    @property
    def unexpected_response(self) -> Response | None:
        """The last response, or None if it has been accepted."""
        return next(reversed(self.unexpected_responses), None)

    def eventually(self, action: Callable[[], Outcome]) -> Outcome:
        """Repeat `action` until it succeeds on the page.

        Raises:
            AssertionError: it did not within the timeout; the message includes the page's text.

        """
        return eventually(action, timeout=self.timeout, describe=self._description)

    def _description(self) -> str:
        try:
            lines = self.text.strip().splitlines()
            address = self.address
        except (AssertionError, BrowserError) as error:
            # This error must not replace the one that the wait ends with.
            return f"The page cannot be read: {error}"
        return described(address, lines)


def described(address: str, lines: Sequence[str]) -> str:
    """Return what a page shows, for messages: its address and the first lines of its text."""
    left_out = len(lines) - MOST_LINES
    more = [f"({left_out} more lines)"] if left_out > 0 else []
    return "\n".join([f"The page {address} showed:", *lines[:MOST_LINES], *more])
