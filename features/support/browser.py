"""One browser for the whole run, and in it a session of their own for each person."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
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

from features.support.browser_events import BrowserEvent, BrowserEvents
from features.support.configuration import Configuration
from features.support.driver import (
    DRIVER_ERRORS,
    brief_reason,
    kill_driver,
    start_driver,
    stop_driver,
)
from features.support.waiting import eventually
from staging.session_cookie import SessionCookie

Outcome = TypeVar("Outcome")

MOST_LINES = 40
"""How much of a page is shown with what it did not say."""

PICTURE_QUALITY = 0.7
"""Of WebP, from 0 to 1: text stays sharp, and a picture takes a third of what PNG does."""

REQUEST_ID = "X-Request-ID"
"""The header that says how a request is called; `superlists.settings` has it, too."""

_VISIBLE_TEXTS = """
return [...document.querySelectorAll(arguments[0])]
    .filter(element => element.checkVisibility())
    .map(element => element.innerText.trim());
"""

# A page left standing could be mistaken for one of the next scenario; emptying it is several
# times faster than going to a blank one.
_WIPE = """
try {
    localStorage.clear();
    sessionStorage.clear();
} catch (noStorage) {}  // the browser's own error pages have none
document.documentElement.replaceChildren();
"""

# Each page has a time of its own at which it began (W3C High Resolution Time, section 4). It is
# ready once the scripts that it defers have run (HTML Standard, "the end").
_PAGE = "return performance.timeOrigin"
_ANOTHER_PAGE = """
const [timing] = performance.getEntriesByType("navigation");
const isThere = performance.timeOrigin !== arguments[0] && timing?.domContentLoadedEventEnd > 0;
return isThere ? [timing.responseStatus ?? 0, location.href] : null;
"""

# What the page, and what it has fetched, were answered with if it was an error (Resource Timing).
_REFUSALS = """
JSON.stringify([...performance.getEntriesByType("navigation"),
                ...performance.getEntriesByType("resource")]
    .filter(entry => entry.responseStatus >= 400)
    .map(entry => [entry.responseStatus, entry.name]))
"""

# What the page was kept from by its own policies, such as that of contents (Reporting API).
_VIOLATIONS = """
(() => {
    if (!window.ReportingObserver) return "[]";
    const observer = new ReportingObserver(() => {}, {types: ["csp-violation"], buffered: true});
    observer.observe();
    const violations = observer.takeRecords().map(({body}) =>
        [body.effectiveDirective, body.blockedURL, body.sourceFile, body.lineNumber]);
    observer.disconnect();
    return JSON.stringify(violations);
})()
"""

# WebDriver's own click, clear and send-keys make the same checks, one by one, and take longer than
# the page that follows. These make them at once and return what is wrong, and the page's time.
_FOCUS = """
const [element] = arguments;
const problem = (() => {
    if (!element.checkVisibility()) return "it cannot be seen";
    if (element.disabled) return "it is disabled";
    element.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
    const box = element.getClientRects()[0];
    const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!element.contains(above)) return `${above?.outerHTML} is in front of it`;
    element.focus();
    element.select?.();
    if (document.activeElement !== element) return "it does not take the focus";
})();
return [problem ?? "", performance.timeOrigin];
"""

# A paste, as the browser's own editing does it: it minds limits, and the page is told.
_PASTE = "document.execCommand('insertText', false, arguments[0])"


@dataclass(frozen=True)
class Answer:
    """What a server answered to a request of a page.

    Attributes:
        status: HTTP's status code.
        address: what was asked for.

    """

    status: int
    address: str

    def __str__(self) -> str:
        """Say which status it was, and for what."""
        return f"{self.status} for {self.address}"


class MissingElementError(AssertionError):
    """The page does not have what was looked for."""


class Browser:
    """The browser of a run; it holds as many separate sessions as there are people.

    Attributes:
        events: what goes wrong in it.
        request_id: what all requests of sessions that are handed out are called, or None.

    """

    def __init__(self, start: Callable[[], WebDriver], timeout: float) -> None:
        """Start a browser.

        Args:
            start: starts one, and another if that one breaks.
            timeout: how long people wait for something to appear, in seconds.

        """
        self.timeout = timeout
        self.request_id: str | None = None
        self._start = start
        self._listens = False
        self._begin()

    def _begin(self) -> None:
        self.driver = self._start()
        self.events = BrowserEvents()
        self._is_broken = False
        self._shown: Session | None = None
        self._free: list[Session] = []

    def listen(self) -> None:
        """Hear of what goes wrong from now on."""
        self._listens = True
        self.events.listen_to(self.driver)

    def begin_scenario(self, request_id: str | None) -> None:
        """Call all requests so from now on; a browser that broke is replaced by another.

        Raises:
            BrowserUnavailableError: no other one starts.

        """
        self.request_id = request_id
        if self._is_broken:
            kill_driver(self.driver)
            self._begin()
            if self._listens:
                self.listen()

    def give_up(self) -> None:
        """End a browser that does not answer: nobody shall wait for it again."""
        self._is_broken = True
        kill_driver(self.driver)

    def stop(self) -> None:
        """Quit it."""
        if self._is_broken:
            kill_driver(self.driver)
        else:
            stop_driver(self.driver)

    def session(self) -> "Session":
        """Hand out a tab with cookies and storage of its own (a WebDriver BiDi user context).

        A tab that has been given back is handed out again: opening one, and filling its cache
        with the site's static files, takes longer than all that a short scenario does.
        """
        try:
            session = self._free.pop() if self._free else self._new_session()
            self.events.forget(session.tab)
            if self.request_id is not None:
                session.call_requests(self.request_id)
        except DRIVER_ERRORS:
            self._is_broken = True
            raise
        return session

    def show(self, session: "Session") -> None:
        """Let the commands that follow go to the tab of `session`."""
        if self._shown is not session:
            self.driver.switch_to.window(session.tab)
            self._shown = session

    def take_back(self, session: "Session") -> None:
        """Let the next person have the tab of `session`, as one that was never used."""
        if self._is_broken:
            return
        try:
            session.forget_everything()
        except AssertionError:
            # Nobody else gets a tab that cannot be emptied.
            self._shown = None
        except DRIVER_ERRORS:
            self._is_broken = True
        else:
            self._free.append(session)

    def _new_session(self) -> "Session":
        user_context = self.driver.browser.create_user_context()
        tab = self.driver.browsing_context.create(type="tab", user_context=user_context)
        return Session(self, user_context, tab)


@contextmanager
def browser_on_its_way(configuration: Configuration) -> Iterator[Callable[[], Browser]]:
    """Start the configured browser behind the back of the block, and stop it at the end.

    The block is given a function that waits for the browser and returns it, or raises
    BrowserUnavailableError.
    """
    with ThreadPoolExecutor(max_workers=1) as background:
        starting = background.submit(
            Browser, lambda: start_driver(configuration), configuration.timeout
        )
        try:
            yield starting.result
        finally:
            if starting.exception() is None:
                starting.result().stop()


class Session:
    """What one person's browser shows and does; elements are found anew for each act.

    Attributes:
        user_context: the WebDriver BiDi user context, which keeps cookies and storage.
        tab: the WebDriver window handle.
        has_page: whether the person has opened a page yet.
        answers: what the server answered with the pages that the person came to, oldest first.

    """

    def __init__(self, browser: Browser, user_context: str, tab: str) -> None:
        self.browser = browser
        self.user_context = user_context
        self.tab = tab
        self.has_page = False
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

    def look_for_refusals(self) -> Sequence[Answer]:
        """Return the errors that the open page, and what it fetched, was answered with.

        When this is done, all that the browser had to tell until now is among the events.
        """
        answers = [Answer(status, address) for status, address in self._evaluate(_REFUSALS)]
        for answer in answers:
            self.browser.events.note_once(self.tab, "request", str(answer))
        return answers

    def look_for_violations(self) -> None:
        """Put among the events what the open page's own policies have kept it from."""
        for directive, what, script, line in self._evaluate(_VIOLATIONS):
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
        left = float(self._ask(_PAGE))
        self._driver.get(url)
        # Also where it does not arrive: there is something to see, and to be emptied.
        self.has_page = True
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
        self.run_script(_PASTE, text)
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
        return [str(text) for text in self._ask(_VISIBLE_TEXTS, selector)]

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
            self.run_script(_WIPE)
            self.has_page = False
        self.answers.clear()

    def _choose(self, by: str, what: str) -> None:
        left = self._focus(by, what)
        self._press(Keys.ENTER)
        self._arrive(left)

    def _focus(self, by: str, what: str) -> float:
        def find_and_focus() -> float:
            problem, page = self._ask(_FOCUS, self._find(by, what))
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
            arrived = self.run_script(_ANOTHER_PAGE, left)
            assert arrived, "no other page came"
            return Answer(*arrived)

        self.answers.append(self.eventually(on_another_page))

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
