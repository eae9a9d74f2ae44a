"""A person's session in a tab of a real browser."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any

from selenium.webdriver.common.keys import Keys

from acceptance.browser.errors import (
    Control,
    LateAnswerError,
    MissingElementError,
    PressedInVainError,
)
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
    VISIBLE_NAMES,
    VISIBLE_TEXTS,
    WIPE,
)
from acceptance.browser.selenium.tab import Tab
from acceptance.browser.selenium.window import SeleniumWindow
from acceptance.browser.session import Response, SentForm, Session
from acceptance.fixtures.values import SessionCookie
from acceptance.waiting import TimedOutError, eventually

MOST_ANSWERS = 2
"""How many answers lead to a page: a form that is posted is answered with another address. A person
waits for each as long as for something to appear."""

ARRIVAL_INTERVAL = 0.003
"""The pause between two looks for the next page, in seconds; a run has hundreds of pages."""

ERROR_PAGES = ("chrome-error:", "about:neterror", "about:certerror")
"""The beginnings of the addresses of error pages in Chromium and in Firefox."""


class SeleniumSession(Session):
    """A session in a tab, which the next person uses after it has been cleared."""

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
            tab: carries out the commands.
            events: records what goes wrong in the tab.
            timeout: how long the person waits for something to appear, in seconds.
            give_back: takes the session back when the person no longer needs it.

        """
        self.timeout = timeout
        self.has_page = False
        self.request_id = ""
        self.responses = []
        self.sent_forms = []
        self._tab = tab
        self._events = events
        self._give_back = give_back
        self._window = SeleniumWindow(tab, self._focus)
        self._runs_scripts = True
        self._pages = 0

    @property
    def window(self) -> SeleniumWindow:
        """The features that only a real browser has."""
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
        """The HTML of the page as it is now, including changes by scripts."""
        return str(self._tab.run(HTML))

    def picture(self) -> tuple[str, bytes]:
        """Return the media type and the bytes of a compact picture of what the person sees."""
        return self._window.small_picture()

    @property
    def events(self) -> Sequence[BrowserEvent]:
        """The events that the browser has reported so far."""
        return self._events.of(self._tab.handle)

    def failed_requests(self) -> Sequence[Response]:
        """Return the failed requests for the open page and for the files that it fetched."""
        requests, violations = self._tab.evaluate(FAILURES)
        failed = [Response(status, address, use) for status, address, use in requests]
        for response in failed:
            self._note("request", str(response))
        for directive, what, script, line in violations:
            place = f" ({script}:{line})" if script else ""
            self._note("policy", f"{directive} of the page's policy forbids {what}{place}")
        return failed

    def scripts_run(self) -> Sequence[str]:
        """Return the scripts of the open page, each with the lines that have not run, in words."""
        return self._tab.scripts_run()

    def open(self, url: str) -> None:
        """Type `url` into the address bar and wait until the page is there."""
        left = self._page()
        self._tab.open(url)
        # Even if the page does not arrive, the tab shows something that has to be cleared.
        self.has_page = True
        self._arrive(left)

    def go_back(self) -> None:
        """Press the browser's "Back" and see the previous page."""
        # Before the first page are those of the person who used the tab before.
        assert self._pages > 1, "there is no page to go back to"
        left = self._page()
        self._tab.go_back()
        self._arrive(left)
        self._pages -= 2

    def follow(self, link_text: str) -> None:
        """Follow the link with the text `link_text` and see the next page."""
        self._press(Keys.ENTER, link_text, control=Control.LINK)

    def press(self, selector: str) -> None:
        """Press the button and see the next page."""
        self._press(Keys.ENTER, selector)

    def toggle(self, selector: str) -> None:
        """Tick or untick a check box and see the page that answers."""
        self._press(Keys.SPACE if self._runs_scripts else Keys.SPACE + Keys.ENTER, selector)

    def submit(self, selector: str, text: str) -> None:
        """Replace the text in the field with `text`, press Enter and see the next page."""
        self._press(Keys.ENTER, selector, text, control=Control.FIELD)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of the visible elements that match, in the order of the page."""
        return [str(text) for text in self._ask(VISIBLE_TEXTS, selector)]

    def names(self, selector: str) -> list[str]:
        """Return the names of the visible controls and links that match."""
        return [str(name) for name in self._ask(VISIBLE_NAMES, selector)]

    def value(self, selector: str) -> str:
        """Return the value of the field."""
        (value,) = self._ask(VALUE, selector)
        if value is None:
            raise MissingElementError(selector, Control.FIELD)
        return str(value)

    def matches(self, selector: str) -> bool:
        """Whether the page has such an element, visible or not."""
        return bool(self._ask(MATCHES, selector))

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""
        return self._tab.cookies()

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`, without visiting it."""
        self._tab.set_cookie(cookie, url)

    def forget_session_cookies(self) -> None:
        """Forget the cookies that browsers do not keep when they are closed."""
        self._tab.delete_session_cookies()

    def run_no_scripts(self) -> None:
        """Run no scripts of pages that are opened from now on."""
        self._tab.enable_scripts(enabled=False)
        self._runs_scripts = False

    def run_scripts_again(self) -> None:
        """Run the scripts of pages again, as browsers do."""
        self._tab.enable_scripts(enabled=None)
        self._runs_scripts = True

    def close(self) -> None:
        """Return the session to the browser."""
        self._give_back(self)

    def give_up(self) -> None:
        """End a browser that does not answer, so that nothing waits for it again."""
        self._tab.connection.kill()

    def call_requests(self, request_id: str, header: str) -> None:
        """Send `request_id` in a header of all requests from now on."""
        self._tab.add_header(header, request_id)
        self.request_id = request_id

    def forget_events(self) -> None:
        """Forget what went wrong until now, because it belongs to someone else."""
        self._events.forget(self._tab.handle)

    def forget_everything(self) -> None:
        """Clear the page, cookies, storage and settings.

        Raises:
            AssertionError: the page cannot be cleared.
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
        self.accepted = 0
        self.sent_forms.clear()
        self._pages = 0

    def _note(self, kind: str, text: str) -> None:
        self._events.note_once(self._tab.handle, BrowserEvent(kind, text))

    def _ask(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        answer = self._tab.run(script, *arguments)
        # Firefox answers null for a page that is closed meanwhile.
        assert answer is not None, "the page was closed before a script in it could end"
        return answer

    def _page(self) -> float:
        return float(self._ask(PAGE))

    def _focus(
        self, what: str, *text: str, control: Control = Control.FIELD
    ) -> tuple[float, SentForm | None]:
        """Focus an element, and type `text` if it is a field.

        Returns:
            the time of its page, and the form that Enter would send, if any.

        """
        found = BY_LINK_TEXT if control is Control.LINK else BY_SELECTOR

        def find_and_focus() -> tuple[float, SentForm | None]:
            problem, page, form = self._ask(f"const element = {found};{FOCUS}", what, *text)
            if problem is None:
                raise MissingElementError(what, control)
            assert not problem, f"{what} cannot be used: {problem}"
            if form is None:
                return float(page), None
            method, path, *fields = form
            filled, empty = (tuple(dict.fromkeys(names)) for names in fields)
            return float(page), SentForm(method, path, filled, empty)

        return self.eventually(find_and_focus)

    def _press(self, keys: str, what: str, *text: str, control: Control = Control.BUTTON) -> None:
        left, form = self._focus(what, *text, control=control)
        self._tab.press(keys)
        self._arrive(left, PressedInVainError(what, control))
        if form is not None:
            self.sent_forms.append(form)

    def _arrive(self, left: float, in_vain: PressedInVainError | None = None) -> None:
        def on_another_page() -> Response:
            arrived = self._tab.run(ANOTHER_PAGE, left)
            if not arrived:
                raise in_vain or AssertionError("no other page appeared")
            return Response(*arrived)

        try:
            arrived = eventually(
                on_another_page,
                timeout=MOST_ANSWERS * self.timeout,
                describe=self._description,
                pauses=repeat(ARRIVAL_INTERVAL),
            )
            self.responses.append(arrived)
        except TimedOutError as error:
            # The browser describes what it shows only once a page that it loads is there.
            if not self._tab.run(ANOTHER_PAGE, left):
                raise
            reason = f"the site did not answer within {error.timeout:g} s: {self.address}"
            raise LateAnswerError(reason, error.timeout, error.seen) from None
        self._pages += 1
        if self.responses[-1].address.startswith(ERROR_PAGES):
            message = f"the site did not answer: {self._reason_for_no_page()}"
            raise AssertionError(message)

    def _reason_for_no_page(self) -> str:
        """Open the page once more, in a way in which the browser reports the reason."""
        address = self.address
        reason = self._tab.navigate(address, wait="interactive")
        if reason:
            return f"{address} failed with {reason}"
        return f"{address} failed, but opened when it was tried again"
