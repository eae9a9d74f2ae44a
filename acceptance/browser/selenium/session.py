"""A person's own tab of the browser: what it shows and does."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    JavascriptException,
    NoSuchElementException,
    WebDriverException,
)
from selenium.webdriver import ActionChains
from selenium.webdriver.common.bidi.storage import (
    BytesValue,
    PartialCookie,
    StorageKeyPartitionDescriptor,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from acceptance.browser.selenium.driver import DRIVER_ERRORS, brief_reason
from acceptance.browser.selenium.events import BrowserEvent, BrowserEvents
from acceptance.browser.selenium.page_scripts import (
    ANOTHER_PAGE,
    FOCUS,
    PAGE,
    PASTE,
    REFUSALS,
    VIOLATIONS,
    VISIBLE_TEXTS,
    WIPE,
)
from acceptance.server.session_cookie import SessionCookie
from acceptance.waiting import eventually

Outcome = TypeVar("Outcome")

ERROR_PAGES = ("chrome-error:", "about:neterror", "about:certerror")
"""Where browsers are when there is no page of a site: Chromium, and Firefox."""

MOST_LINES = 40
"""How much of a page is shown with what it did not say."""

PICTURE_QUALITY = 0.7
"""Of WebP, from 0 to 1: text stays sharp, and a picture takes a third of what PNG does."""

REQUEST_ID = "X-Request-ID"
"""The header that says how a request is called; `superlists.settings` has it, too."""


@dataclass(frozen=True)
class Answer:
    """What a server answered to a request of a page.

    Attributes:
        status: HTTP's status code, or 0 where no answer came.
        address: what was asked for.

    """

    status: int
    address: str

    def __str__(self) -> str:
        """Say which status it was, and for what."""
        return f"{self.status or 'no answer'} for {self.address}"


class MissingElementError(AssertionError):
    """The page does not have what was looked for."""


class Holder(Protocol):
    """The browser that a session is one of several in."""

    @property
    def driver(self) -> WebDriver:
        """Drives all of it."""
        ...

    @property
    def events(self) -> BrowserEvents:
        """What has gone wrong in it."""
        ...

    @property
    def timeout(self) -> float:
        """How long people wait for something to appear, in seconds."""
        ...

    def show(self, session: "Session") -> None:
        """Let the commands that follow go to the tab of `session`."""
        ...

    def take_back(self, session: "Session") -> None:
        """Let the next person have the tab of `session`."""
        ...

    def give_up(self) -> None:
        """End a browser that does not answer: nobody shall wait for it again."""
        ...


class Session:
    """What one person's browser shows and does; elements are found anew for each act.

    Attributes:
        user_context: the WebDriver BiDi user context, which keeps cookies and storage.
        tab: the WebDriver window handle.
        has_page: whether the person has opened a page yet.
        request_id: what all its requests are called, or nothing.
        answers: what the server answered with the pages that the person came to, oldest first.

    """

    def __init__(self, browser: Holder, user_context: str, tab: str) -> None:
        self.browser = browser
        self.user_context = user_context
        self.tab = tab
        self.has_page = False
        self.request_id = ""
        self.answers: list[Answer] = []
        self._is_resized = False
        self._scripts_are_off = False

    @property
    def address(self) -> str:
        """The URL in the address bar."""
        return self._driver.current_url

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._driver.title

    @property
    def text(self) -> str:
        """The text of the page as a person reads it."""
        return str(self.run_script("return document.body?.innerText ?? ''"))

    def html(self) -> str:
        """The page as it is now, with what scripts made of it."""
        return str(self.run_script("return document.documentElement.outerHTML"))

    @property
    def events(self) -> Sequence[BrowserEvent]:
        """What has gone wrong in the browser so far, as far as it has told."""
        return self.browser.events.of(self.tab)

    def call_requests(self, request_id: str) -> None:
        """Let all requests from now on be called `request_id`, so that a server can log that."""
        self.browser.driver.network.set_extra_headers(
            headers=[{"name": REQUEST_ID, "value": {"type": "string", "value": request_id}}],
            user_contexts=[self.user_context],
        )
        self.request_id = request_id

    def look_for_refusals(self) -> Sequence[Answer]:
        """Return the errors that the open page, and what it fetched, was answered with.

        When this is done, all that the browser had to tell until now is among the events.
        """
        answers = [Answer(status, address) for status, address in self._evaluate(REFUSALS)]
        for answer in answers:
            self.browser.events.note_once(self.tab, "request", str(answer))
        return answers

    def look_for_violations(self) -> None:
        """Put among the events what the open page's own policies have kept it from."""
        for directive, what, script, line in self._evaluate(VIOLATIONS):
            place = f" ({script}:{line})" if script else ""
            told = f"{directive} of the page's policy forbids {what}{place}"
            self.browser.events.note_once(self.tab, "policy", told)

    def _evaluate(self, expression: str) -> Sequence[Any]:
        """Ask in a way that needs no turn: the answer comes after all events until now."""
        told = self.browser.driver.script.evaluate(
            expression=expression, target={"context": self.tab}, await_promise=False
        )
        found: Sequence[Any] = json.loads(told["result"]["value"])
        return found

    def screenshot(self) -> bytes:
        """Return a picture of the page, as far as the window shows it, in PNG."""
        taken = self.browser.driver.browsing_context.capture_screenshot(context=self.tab)
        return base64.b64decode(taken)

    def small_picture(self) -> tuple[str, bytes]:
        """Return what a screenshot shows, in few bytes, after its media type."""
        webp = {"type": "image/webp", "quality": PICTURE_QUALITY}
        try:
            taken = self.browser.driver.browsing_context.capture_screenshot(
                context=self.tab, format=webp
            )
        except WebDriverException:
            # Which formats a browser has besides PNG is its own affair (WebDriver BiDi, 7.3.3.4).
            return "image/png", self.screenshot()
        return "image/webp", base64.b64decode(taken)

    def cookies(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""
        partition = StorageKeyPartitionDescriptor(user_context=self.user_context)
        stored = self.browser.driver.storage.get_cookies(partition=partition).cookies
        return {str(cookie.name): str(cookie.value.value) for cookie in stored}

    def open(self, url: str) -> None:
        """Type `url` into the address bar and wait until the page is there."""
        left = float(self._ask(PAGE))
        self._driver.get(url)
        # Also where it does not arrive: there is something to see, and to be emptied.
        self.has_page = True
        self._arrive(left)

    def go_back(self) -> None:
        """Press the browser's "Back" and see the page that was there before."""
        left = float(self._ask(PAGE))
        self.browser.driver.browsing_context.traverse_history(context=self.tab, delta=-1)
        self._arrive(left)

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store `cookie` for the site at `url`, without visiting it."""
        self.browser.driver.storage.set_cookie(
            cookie=PartialCookie(
                name=cookie.name,
                value=BytesValue(BytesValue.TYPE_STRING, cookie.value),
                domain=str(urlsplit(url).hostname),
                path=cookie.path,
                secure=cookie.secure,
                http_only=cookie.http_only,
                same_site=cookie.same_site.lower(),
            ),
            partition=StorageKeyPartitionDescriptor(user_context=self.user_context),
        )

    def resize(self, width: int, height: int) -> None:
        """Give the page a window of `width` by `height` CSS pixels."""
        self._is_resized = True
        self.browser.driver.browsing_context.set_viewport(
            context=self.tab, viewport={"width": width, "height": height}
        )

    def run_no_scripts(self) -> None:
        """Run no script of the pages that are opened from now on.

        Raises:
            AssertionError: the browser does not know how; Firefox 153 does not.

        """
        self._set_scripting(enabled=False)

    def run_scripts_again(self) -> None:
        """Run the scripts of pages again, as browsers do."""
        self._set_scripting(enabled=None)

    def _set_scripting(self, *, enabled: bool | None) -> None:
        try:
            self.browser.driver.emulation.set_scripting_enabled(
                enabled=enabled, user_contexts=[self.user_context]
            )
        except WebDriverException as error:
            browser = self.browser.driver.capabilities["browserName"]
            message = f"{browser} cannot be told to run no scripts: {error.msg}"
            raise AssertionError(message) from error
        self._scripts_are_off = enabled is False

    def eventually(self, action: Callable[[], Outcome]) -> Outcome:
        """Do `action` again until the page lets it succeed.

        Raises:
            AssertionError: it did not within the run's timeout; says what the page showed.

        """
        return eventually(action, timeout=self.browser.timeout, describe=self._description)

    def type_into(self, selector: str, text: str) -> None:
        """Replace what the field holds by `text`, key by key."""
        self._focus(By.CSS_SELECTOR, selector)
        self._press(text)

    def submit(self, selector: str, text: str) -> None:
        """Replace what the field holds by `text`, press Enter and see the page that answers."""
        left = self._focus(By.CSS_SELECTOR, selector)
        self.run_script(PASTE, text)
        self._press(Keys.ENTER)
        self._arrive(left)

    def submit_in_vain(self, selector: str) -> None:
        """Empty the field and press Enter, though the browser will not have it."""
        self._focus(By.CSS_SELECTOR, selector)
        self._press(Keys.DELETE + Keys.ENTER)

    def press_button(self, selector: str) -> None:
        """Press the button and see the page that it leads to."""
        self._choose(By.CSS_SELECTOR, selector)

    def follow(self, link_text: str) -> None:
        """Follow the link that reads `link_text` and see the page that it leads to."""
        self._choose(By.LINK_TEXT, link_text)

    def texts(self, selector: str) -> list[str]:
        """Read the visible elements that match, in the order of the page."""
        return [str(text) for text in self._ask(VISIBLE_TEXTS, selector)]

    def value(self, selector: str) -> str:
        """Read what the field holds.

        Raises:
            MissingElementError: there is no such field.

        """
        return str(self._find(By.CSS_SELECTOR, selector).get_property("value"))

    def matches(self, selector: str) -> bool:
        """Say whether the page has such an element, seen or not."""
        try:
            self._find(By.CSS_SELECTOR, selector)
        except MissingElementError:
            return False
        return True

    def run_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page.

        Raises:
            AssertionError: the page went away meanwhile, or the script failed.

        """
        try:
            return self._driver.execute_script(script, *arguments)
        except JavascriptException as error:
            message = f"the page did not answer a question: {error.msg}"
            raise AssertionError(message) from error

    def run_asynchronous_script(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript that calls its last argument when it has an answer."""
        return self._driver.execute_async_script(script, *arguments)

    def close(self) -> None:
        """Give the session back."""
        self.browser.take_back(self)

    def forget_everything(self) -> None:
        """Be without a page, cookies, storage and settings again."""
        partition = StorageKeyPartitionDescriptor(user_context=self.user_context)
        self.browser.driver.storage.delete_cookies(partition=partition)
        if self._scripts_are_off:
            self.run_scripts_again()
        if self._is_resized:
            self.browser.driver.browsing_context.set_viewport(context=self.tab, viewport=None)
            self._is_resized = False
        if self.has_page:
            self.run_script(WIPE)
            self.has_page = False
        self.answers.clear()

    def _choose(self, by: str, what: str) -> None:
        left = self._focus(by, what)
        self._press(Keys.ENTER)
        self._arrive(left)

    def _focus(self, by: str, what: str) -> float:
        def find_and_focus() -> float:
            problem, page = self._ask(FOCUS, self._find(by, what))
            assert not problem, f"{what} cannot be used: {problem}"
            return float(page)

        return self.eventually(find_and_focus)

    def _find(self, by: str, what: str) -> WebElement:
        try:
            return self._driver.find_element(by, what)
        except NoSuchElementException:
            # WebDriver's own words tell how it was sought, with which browser, and an address.
            message = f"there is no {what!r} on the page"
            raise MissingElementError(message) from None

    def _ask(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        answer = self.run_script(script, *arguments)
        # Firefox answers null for a page that goes away meanwhile.
        assert answer is not None, "the page went away before it answered a question"
        return answer

    def _press(self, keys: str) -> None:
        ActionChains(self._driver, duration=0).send_keys(keys).perform()

    def _arrive(self, left: float) -> None:
        def on_another_page() -> Answer:
            arrived = self.run_script(ANOTHER_PAGE, left)
            assert arrived, "no other page came"
            return Answer(*arrived)

        self.answers.append(self.eventually(on_another_page))
        if self.answers[-1].address.startswith(ERROR_PAGES):
            message = f"the site did not answer: {self._reason_for_no_answer()}"
            raise AssertionError(message)

    def _reason_for_no_answer(self) -> str:
        """Ask once more, in a way in which the browser says why there is no page."""
        address = self.address
        try:
            self.browser.driver.browsing_context.navigate(
                context=self.tab, url=address, wait="interactive"
            )
        except WebDriverException as error:
            reason = brief_reason(error).removeprefix("unknown error: ")
            return f"{address} failed with {reason}"
        return f"{address} failed, and came when it was asked for once more"

    @property
    def _driver(self) -> WebDriver:
        self.browser.show(self)
        return self.browser.driver

    def _description(self) -> str:
        try:
            lines = self.text.strip().splitlines()
            address = self.address
        except (AssertionError, *DRIVER_ERRORS) as error:
            # The reason for the wait is not to be lost on the way.
            return f"What the page said is not to be had: {brief_reason(error)}"
        if len(lines) > MOST_LINES:
            lines[MOST_LINES:] = [f"({len(lines) - MOST_LINES} more lines)"]
        return "\n".join([f"The page {address} said:", *lines])
