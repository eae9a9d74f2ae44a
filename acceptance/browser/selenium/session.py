"""A person's own tab of a real browser: what it shows and does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from selenium.webdriver.common.keys import Keys

from acceptance.browser.errors import MissingElementError
from acceptance.browser.event import BrowserEvent
from acceptance.browser.selenium.event_listener import EventListener
from acceptance.browser.selenium.page_scripts import (
    ANOTHER_PAGE,
    BY_LINK_TEXT,
    BY_SELECTOR,
    FAILURES,
    FOCUS,
    HTML,
    MATCHES,
    PAGE,
    TEXT,
    VALUE,
    VISIBLE_TEXTS,
    WIPE,
)
from acceptance.browser.selenium.tab import Tab
from acceptance.browser.selenium.window import SeleniumWindow
from acceptance.browser.session import Response, Session
from acceptance.fixtures.values import SessionCookie

ERROR_PAGES = ("chrome-error:", "about:neterror", "about:certerror")
"""Where browsers are when there is no page of a site: Chromium, and Firefox."""


class SeleniumSession(Session):
    """A session in a tab, which is handed on to the next person when it has been emptied."""

    can_run_scripts = True

    def __init__(
        self,
        tab: Tab,
        events: EventListener,
        timeout: float,
        give_back: Callable[["SeleniumSession"], None],
    ) -> None:
        """Begin with a tab that shows no page.

        Args:
            tab: takes the commands.
            events: hears what goes wrong in the tab.
            timeout: how long the person waits for something to appear, in seconds.
            give_back: takes the session when the person has no use for it any more.

        """
        self.timeout = timeout
        self.has_page = False
        self.request_id = ""
        self.responses = []
        self._tab = tab
        self._events = events
        self._give_back = give_back
        self._window = SeleniumWindow(tab, self._focus)
        self._runs_scripts = True
        self._pages = 0

    @property
    def window(self) -> SeleniumWindow:
        """What only a real browser has."""
        return self._window

    @property
    def address(self) -> str:
        """The URL in the address bar."""
        return self._tab.address

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._tab.title

    @property
    def text(self) -> str:
        """The text of the page as a person reads it."""
        return str(self._tab.run(TEXT))

    @property
    def html(self) -> str:
        """The page as it is now, with what scripts made of it."""
        return str(self._tab.run(HTML))

    def picture(self) -> tuple[str, bytes]:
        """Return a picture of what the person sees, in few bytes, after its media type."""
        return self._window.small_picture()

    @property
    def events(self) -> Sequence[BrowserEvent]:
        """What has gone wrong so far, as far as the browser has reported it."""
        return self._events.of(self._tab.handle)

    def failed_requests(self) -> Sequence[Response]:
        """Return which requests of the open page, and of what it fetched, failed."""
        requests, violations = self._tab.evaluate(FAILURES)
        failed = [Response(status, address) for status, address in requests]
        for response in failed:
            self._note("request", str(response))
        for directive, what, script, line in violations:
            place = f" ({script}:{line})" if script else ""
            self._note("policy", f"{directive} of the page's policy forbids {what}{place}")
        return failed

    def open(self, url: str) -> None:
        """Type `url` into the address bar and wait until the page is there."""
        left = self._page()
        self._tab.open(url)
        # Also where it does not arrive: there is something to see, and to be emptied.
        self.has_page = True
        self._arrive(left)

    def go_back(self) -> None:
        """Press the browser's "Back" and see the page that was there before."""
        # Behind that are pages of whoever had the tab before.
        assert self._pages > 1, "there is no page to go back to"
        left = self._page()
        self._tab.go_back()
        self._arrive(left)
        self._pages -= 2

    def follow(self, link_text: str) -> None:
        """Follow the link that reads `link_text` and see the page that it leads to."""
        self._enter(self._focus(link_text, found=BY_LINK_TEXT))

    def press(self, selector: str) -> None:
        """Press the button and see the page that it leads to."""
        self._enter(self._focus(selector))

    def toggle(self, selector: str) -> None:
        """Tick or untick a check box and see the page that answers."""
        left = self._focus(selector)
        self._tab.press(Keys.SPACE if self._runs_scripts else Keys.SPACE + Keys.ENTER)
        self._arrive(left)

    def submit(self, selector: str, text: str) -> None:
        """Replace what the field holds by `text`, press Enter and see the page that answers."""
        self._enter(self._focus(selector, text))

    def texts(self, selector: str) -> list[str]:
        """Read the visible elements that match, in the order of the page."""
        return [str(text) for text in self._ask(VISIBLE_TEXTS, selector)]

    def value(self, selector: str) -> str:
        """Read what the field holds."""
        (value,) = self._ask(VALUE, selector)
        if value is None:
            raise _missing(selector)
        return str(value)

    def matches(self, selector: str) -> bool:
        """Say whether the page has such an element, seen or not."""
        return bool(self._ask(MATCHES, selector))

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""
        return self._tab.cookies()

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`, without visiting it."""
        self._tab.set_cookie(cookie, url)

    def run_no_scripts(self) -> None:
        """Run no script of the pages that are opened from now on."""
        self._tab.enable_scripts(enabled=False)
        self._runs_scripts = False

    def run_scripts_again(self) -> None:
        """Run the scripts of pages again, as browsers do."""
        self._tab.enable_scripts(enabled=None)
        self._runs_scripts = True

    def close(self) -> None:
        """Give the session back."""
        self._give_back(self)

    def give_up(self) -> None:
        """End a browser that does not answer: no one is to wait for it again."""
        self._tab.connection.kill()

    def call_requests(self, request_id: str, header: str) -> None:
        """Let all requests from now on say in a header that they are called `request_id`."""
        self._tab.add_header(header, request_id)
        self.request_id = request_id

    def forget_events(self) -> None:
        """Take whatever went wrong until now for someone else's."""
        self._events.forget(self._tab.handle)

    def forget_everything(self) -> None:
        """Be without a page, cookies, storage and settings again.

        Raises:
            AssertionError: the page cannot be emptied.
            BrowserFailedError: the browser is broken.

        """
        self._tab.delete_cookies()
        if not self._runs_scripts:
            self.run_scripts_again()
        self._window.restore()
        if self.has_page:
            self._tab.run(WIPE)
            self.has_page = False
        self.responses.clear()
        self._pages = 0

    def _note(self, kind: str, text: str) -> None:
        self._events.note_once(self._tab.handle, BrowserEvent(kind, text))

    def _ask(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        answer = self._tab.run(script, *arguments)
        # Firefox answers null for a page that goes away meanwhile.
        assert answer is not None, "the page went away before it answered a question"
        return answer

    def _page(self) -> float:
        return float(self._ask(PAGE))

    def _focus(self, what: str, *text: str, found: str = BY_SELECTOR) -> float:
        """Give the keys to an element, and `text` if it is a field; return which page it is on."""

        def find_and_focus() -> float:
            problem, page = self._ask(f"const element = {found};{FOCUS}", what, *text)
            if problem is None:
                raise _missing(what)
            assert not problem, f"{what} cannot be used: {problem}"
            return float(page)

        return self.eventually(find_and_focus)

    def _enter(self, left: float) -> None:
        self._tab.press(Keys.ENTER)
        self._arrive(left)

    def _arrive(self, left: float) -> None:
        def on_another_page() -> Response:
            arrived = self._tab.run(ANOTHER_PAGE, left)
            assert arrived, "no other page came"
            return Response(*arrived)

        self.responses.append(self.eventually(on_another_page))
        self._pages += 1
        if self.responses[-1].address.startswith(ERROR_PAGES):
            message = f"the site did not answer: {self._reason_for_no_page()}"
            raise AssertionError(message)

    def _reason_for_no_page(self) -> str:
        """Ask once more, in a way in which the browser says why there is no page."""
        address = self.address
        reason = self._tab.navigate(address, wait="interactive")
        if reason:
            return f"{address} failed with {reason}"
        return f"{address} failed, and came when it was asked for once more"


def _missing(what: str) -> MissingElementError:
    return MissingElementError(f"there is no {what!r} on the page")
