"""What only sessions without a browser do, or cannot do."""

import socket
import time
from collections.abc import Iterator

import pytest

from acceptance.browser.errors import NeedsBrowserError
from acceptance.browser.html.browser import HtmlBrowser
from acceptance.browser.html.session import HtmlSession
from acceptance.browser.tests.small_site import SmallSite, open_small_site
from acceptance.configuration import Configuration


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    with open_small_site() as site:
        yield site


@pytest.fixture
def browser() -> Iterator[HtmlBrowser]:
    browser = HtmlBrowser(Configuration(timeout=0.5))
    yield browser
    browser.stop()


@pytest.fixture
def session(browser: HtmlBrowser) -> HtmlSession:
    return browser.session()


def test_features_of_a_real_browser_are_refused(browser: HtmlBrowser, session: HtmlSession) -> None:
    with pytest.raises(NeedsBrowserError, match="tag the scenario @browser"):
        _ = session.window
    with pytest.raises(NeedsBrowserError):
        browser.that_keeps_pages()


def test_a_wait_for_what_cannot_appear_ends_immediately(
    session: HtmlSession, site: SmallSite
) -> None:
    session.timeout = 60
    session.open(f"{site.url}/")
    began = time.monotonic()

    with pytest.raises(AssertionError, match=r"^there is no 'textarea' on the page\n\(after 0 s\)"):
        session.submit("textarea", "text")

    assert time.monotonic() - began < session.timeout / 2


def test_an_action_that_reloads_the_page_is_repeated(session: HtmlSession, site: SmallSite) -> None:
    pages = iter(["<h1>Not yet", "<h1>Not yet", "<h1>There"])

    def reloads_until_there() -> None:
        session.open(site.shows(next(pages)))
        assert session.text == "There"

    session.eventually(reloads_until_there)


def test_a_site_that_takes_too_long_is_not_waited_for(session: HtmlSession) -> None:
    with socket.create_server(("localhost", 0)) as silent:
        address = f"http://localhost:{silent.getsockname()[1]}/"
        late = rf"^the site did not answer within 0.5 s: {address}\n\(after 0.5 s\)"
        with pytest.raises(AssertionError, match=late):
            session.open(address)


@pytest.mark.parametrize("address", ["http://[broken", "http://localhost:99999/", "ftp://a"])
def test_a_link_that_no_one_can_open_leads_nowhere(
    session: HtmlSession, site: SmallSite, address: str
) -> None:
    session.open(site.shows(f"<title>Here</title><a href='{address}'>x</a>"))

    with pytest.raises(AssertionError, match="no other page appeared"):
        session.follow("x")

    assert session.title == "Here"


def test_the_files_of_a_page_are_not_fetched(session: HtmlSession, site: SmallSite) -> None:
    asked = len(site.requests)
    session.open(f"{site.url}/broken-picture")

    assert [each.path for each in site.requests[asked:]] == ["/broken-picture"]
    assert list(session.failed_requests()) == []


def test_the_html_of_a_page_replaces_a_picture(session: HtmlSession, site: SmallSite) -> None:
    session.open(f"{site.url}/elsewhere")

    media_type, content = session.picture()
    assert media_type == "text/html"
    assert b"<h1>You are elsewhere</h1>" in content
