"""A person's session without a browser: pages as their markup defines them."""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeVar
from urllib.parse import parse_qsl, urlsplit

from turbohtml import Element, parse

from acceptance.browser.errors import (
    Control,
    LateAnswerError,
    MissingElementError,
    NeedsBrowserError,
    PressedInVainError,
)
from acceptance.browser.event import BrowserEvent
from acceptance.browser.html.addresses import resolved, without_fragment
from acceptance.browser.html.client import NoAnswerError, TooLateError
from acceptance.browser.html.fields import (
    default_button,
    field_names,
    form_of,
    is_button,
    is_sent_by_enter,
    takes_focus,
    toggle,
    type_into,
    value_of,
)
from acceptance.browser.html.navigation import Arrival, Navigator, Visit
from acceptance.browser.html.page import Page
from acceptance.browser.html.referrer import policy_in
from acceptance.browser.html.submission import (
    OWN_TARGETS,
    URLENCODED,
    is_submit_button,
    submission,
)
from acceptance.browser.html.validation import refused_fields
from acceptance.browser.session import Response, SentForm, Session, Window
from acceptance.fixtures.values import SessionCookie
from acceptance.waiting import TimedOutError

Outcome = TypeVar("Outcome")

_BLANK = "about:blank"
_FIRST_ERROR = 400
_LINKS = frozenset({"a", "area"})
_REFRESH = re.compile(
    r"\s*(?P<delay>\d+)[\d.]*\s*[;,]?\s*(url\s*=\s*)?(?P<url>.*)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Refresh:
    """An automatic move to another page, and its time (HTML Standard, `http-equiv=refresh`)."""

    due: float
    url: str


class HtmlSession(Session):
    """A session over HTTP for one person.

    It fetches pages, but not the pictures, styles and scripts that they refer to.
    """

    can_run_scripts = False

    def __init__(
        self,
        navigator: Navigator,
        timeout: float,
        request_id: str,
        give_up: Callable[[], None],
    ) -> None:
        """Begin without a page.

        Args:
            navigator: fetches pages.
            timeout: how long the person waits for a page, in seconds.
            request_id: the ID that all requests carry, or "".
            give_up: ends all connections.

        """
        self.timeout = timeout
        self.has_page = False
        self.request_id = request_id
        self.responses = []
        self.sent_forms = []
        self._navigator = navigator
        self._end_connections = give_up
        self._events: list[BrowserEvent] = []
        self._history = [Arrival(Visit(_BLANK), 0, _blank_page())]
        self._refresh: Refresh | None = None
        self._visits = 0

    @property
    def window(self) -> Window:
        """Refuse, because this is not a real browser."""
        raise NeedsBrowserError

    @property
    def address(self) -> str:
        """The URL in the address bar."""
        return self._page.address

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._page.title

    @property
    def text(self) -> str:
        """The text of the page as its markup alone defines it."""
        return self._page.text

    @property
    def html(self) -> str:
        """The HTML of the page as the parser understood it."""
        return self._page.html

    def picture(self) -> tuple[str, bytes]:
        """Return the media type of HTML and the page's HTML, because nothing draws the page."""
        return "text/html", self.html.encode(errors="backslashreplace")

    @property
    def events(self) -> Sequence[BrowserEvent]:
        """The events so far: only failed requests, since no scripts run."""
        return self._events

    def failed_requests(self) -> Sequence[Response]:
        """Return the request for the open page, if it failed; no other files were fetched."""
        arrival = self._history[-1]
        if not self.has_page or 0 < arrival.status < _FIRST_ERROR:
            return []
        failed = Response(arrival.status, self.address)
        event = BrowserEvent("request", str(failed))
        if event not in self._events:
            self._events.append(event)
        return [failed]

    def scripts_run(self) -> Sequence[str]:
        """Return none: no scripts run."""
        return ()

    def open(self, url: str) -> None:
        """Type `url` into the address bar and see the page."""
        self._go(Visit(url))

    def go_back(self) -> None:
        """Press "Back" and see the previous page."""
        # The first page is the blank one of a new window, which the person did not open.
        if not self._history[1:-1]:
            message = "there is no page to go back to"
            raise AssertionError(message)
        self._history.pop()
        before = self._history[-1]
        if before.is_kept:
            self._arrive(before)
        else:
            self._history.pop()
            self._go(before.visit)

    def follow(self, link_text: str) -> None:
        """Follow the link with the text `link_text` and see the next page."""

        def find() -> Element:
            link = self._page.link(link_text)
            if link is None:
                raise MissingElementError(link_text, Control.LINK)
            return link

        self._press(self.eventually(find), link_text, Control.LINK)

    def press(self, selector: str) -> None:
        """Press the button and see the next page."""
        self._press(self._usable(selector, Control.BUTTON), selector, Control.BUTTON)

    def toggle(self, selector: str) -> None:
        """Tick or untick a check box, press Enter and see the page that answers."""
        box = self._usable(selector, Control.BUTTON)
        toggle(box)
        self._press(box, selector, Control.BUTTON)

    def submit(self, selector: str, text: str) -> None:
        """Replace the text in the field with `text`, press Enter and see the next page."""
        field = self._usable(selector, Control.FIELD)
        type_into(self._page, field, text)
        self._press(field, selector, Control.FIELD)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of the visible elements that match, in the order of the page."""
        return self._page.texts(selector)

    def names(self, selector: str) -> list[str]:
        """Return the names of the visible controls and links that match."""
        return self._page.names(selector)

    def value(self, selector: str) -> str:
        """Return the value of the field."""
        found = self._page.select(selector)
        value = value_of(self._page, found[0]) if found else None
        if value is None:
            raise MissingElementError(selector, Control.FIELD)
        return value

    def matches(self, selector: str) -> bool:
        """Whether the page has such an element, visible or not."""
        return bool(self._page.select(selector))

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""
        return self._navigator.cookies.values()

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`, without visiting it."""
        self._navigator.cookies.remember(cookie, url)

    def forget_session_cookies(self) -> None:
        """Forget the cookies that browsers do not keep when they are closed."""
        self._navigator.cookies.end_session()

    def run_no_scripts(self) -> None:
        """Do nothing: this driver never runs scripts."""

    def run_scripts_again(self) -> None:
        """Do nothing: this driver never runs scripts."""

    def close(self) -> None:
        """Do nothing: the session is not used again."""

    def give_up(self) -> None:
        """End connections that do not answer, so that nothing waits for them again."""
        self._end_connections()

    def eventually(self, action: Callable[[], Outcome]) -> Outcome:
        """Do `action`; repeat it only if the page may have changed.

        Without scripts, a page does not change, so a wait for a missing element would be in vain.
        """
        visits = self._visits
        try:
            return action()
        except AssertionError as error:
            if self._visits == visits and self._refresh is None:
                raise TimedOutError(str(error), 0, self._description()) from error
        return super().eventually(action)

    @property
    def _page(self) -> Page:
        if self._refresh is not None and self._refresh.due <= time.monotonic():
            self._do_refresh(self._refresh)
        return self._history[-1].page

    def _usable(self, selector: str, control: Control) -> Element:
        """Find an element that can have the keyboard focus."""

        def find() -> Element:
            found = self._page.select(selector)
            if not found:
                raise MissingElementError(selector, control)
            problem = self._problem_of(found[0])
            assert not problem, f"{selector} cannot be used: {problem}"
            return found[0]

        return self.eventually(find)

    def _problem_of(self, element: Element) -> str:
        if not self._page.rendering.shows(element):
            return "it cannot be seen"
        if element.attr("disabled") is not None:
            return "it is disabled"
        return "" if takes_focus(element) else "it does not take the focus"

    def _press(self, element: Element, what: str, control: Control) -> None:
        """Press Enter in an element, and see the next page."""
        visit = self._visit_by(element)
        if visit is not None and self._is_within_page(visit):
            self._page.address = visit.url
            visit = None
        if visit is None:
            self._see_no_page(PressedInVainError(what, control))
        # A link that stands in a form sends no form.
        form = form_of(self._page, element) if element.tag not in _LINKS else None
        sent = _form_sent_by(visit, field_names(self._page, form)) if form is not None else None
        self._go(visit)
        if sent is not None:
            self.sent_forms.append(sent)

    def _visit_by(self, element: Element) -> Visit | None:
        """Return the request that Enter in an element makes, or None if it makes none."""
        page = self._page
        if element.tag in _LINKS:
            return _visit_by_link(page, element)
        form = form_of(page, element)
        if form is None or element.tag not in {"button", "input"}:
            return None
        button = element if is_submit_button(element) else default_button(page, form)
        is_refused = (
            (is_button(element) and button != element)
            or (button is None and not is_sent_by_enter(page, form))
            or (button is not None and button.matches(":disabled"))
            or (_is_validated(form, button) and any(refused_fields(page, form)))
        )
        sent = None if is_refused else submission(page, form, button)
        if sent is None:
            return None
        policy = _policy_at(page, form)
        return Visit(sent.url, sent.method, sent.body, sent.media_type, page.address, policy)

    def _is_within_page(self, visit: Visit) -> bool:
        here = without_fragment(self._page.address)
        return visit.method == "GET" and "#" in visit.url and without_fragment(visit.url) == here

    def _go(self, visit: Visit) -> None:
        self.has_page = True
        arrival = self._load(visit)
        self._history.append(arrival)
        self._arrive(arrival)

    def _load(self, visit: Visit) -> Arrival:
        self._visits += 1
        try:
            arrival = self._navigator.go(visit)
        except TooLateError:
            reason = f"the site did not answer within {self.timeout:g} s: {visit.url}"
            raise LateAnswerError(reason, self.timeout, self._description()) from None
        except NoAnswerError as error:
            self._history.append(Arrival(visit, 0, _blank_page(visit.url)))
            self.responses.append(Response(0, visit.url))
            message = f"the site did not answer: {visit.url} failed with {error}"
            raise AssertionError(message) from error
        if arrival is None:
            message = f"no other page appeared: the answer of {visit.url} is none"
            self._see_no_page(AssertionError(message))
        return arrival

    def _arrive(self, arrival: Arrival) -> None:
        page = self._history[-1].page
        self.responses.append(Response(arrival.status, page.address))
        self._refresh = _refresh_of(page)

    def _do_refresh(self, refresh: Refresh) -> None:
        """Replace the page with the one that its refresh leads to."""
        self._refresh = None
        left = self._history.pop()
        arrival = self._load(Visit(refresh.url, source=left.page.address, policy=left.page.policy))
        self._history.append(arrival)
        self._refresh = _refresh_of(arrival.page)

    def _see_no_page(self, reason: AssertionError) -> NoReturn:
        """Report for what reason no page appeared.

        Raises:
            TimedOutError: always.

        """
        raise TimedOutError(str(reason), 0, self._description()) from reason


def _form_sent_by(visit: Visit, names: Iterable[str]) -> SentForm:
    address = urlsplit(visit.url)
    is_in_body = visit.body is not None and visit.media_type == URLENCODED
    sent = visit.body.decode("latin-1") if visit.body and is_in_body else address.query
    is_known = is_in_body or visit.method == "GET"
    filled = dict.fromkeys(name for name, _ in parse_qsl(sent))
    empty = dict.fromkeys(name for name in names if name not in filled)
    return SentForm(visit.method, address.path, tuple(filled), tuple(empty) if is_known else ())


def _visit_by_link(page: Page, link: Element) -> Visit | None:
    target = (link.attr("target") or "").lower()
    url = resolved(page.base, (link.attr("href") or "").strip())
    if url is None or target not in OWN_TARGETS or link.attr("download") is not None:
        return None
    return Visit(url, source=page.address, policy=_policy_at(page, link))


def _is_validated(form: Element, button: Element | None) -> bool:
    is_let_pass = button is not None and button.attr("formnovalidate") is not None
    return form.attr("novalidate") is None and not is_let_pass


def _policy_at(page: Page, element: Element) -> str:
    if "noreferrer" in (element.attr("rel") or "").lower().split():
        return "no-referrer"
    return policy_in([element.attr("referrerpolicy") or ""], page.policy)


def _refresh_of(page: Page) -> Refresh | None:
    for meta in page.document.select("meta[http-equiv=refresh i][content]"):
        refresh = _REFRESH.fullmatch(meta.attr("content") or "")
        if refresh:
            url = refresh["url"].strip().strip("'\"")
            due = time.monotonic() + int(refresh["delay"])
            return Refresh(due, (resolved(page.base, url) if url else None) or page.address)
    return None


def _blank_page(address: str = _BLANK) -> Page:
    return Page(address, parse(""), "")
