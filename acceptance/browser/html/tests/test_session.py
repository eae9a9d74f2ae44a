"""What only a session without a browser does, or cannot do."""

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


def test_what_only_a_browser_has_is_declined(browser: HtmlBrowser, session: HtmlSession) -> None:
    with pytest.raises(NeedsBrowserError, match="tag the scenario @browser"):
        _ = session.window
    with pytest.raises(NeedsBrowserError):
        browser.that_keeps_pages()


def test_no_one_waits_for_what_cannot_come(session: HtmlSession, site: SmallSite) -> None:
    session.timeout = 60
    session.open(f"{site.url}/")
    began = time.monotonic()

    with pytest.raises(AssertionError, match=r"^there is no 'textarea' on the page\n\(after 0 s\)"):
        session.submit("textarea", "text")

    assert time.monotonic() - began < session.timeout / 2


def test_who_asks_the_site_again_gets_what_comes_later(
    session: HtmlSession, site: SmallSite
) -> None:
    pages = iter(["<h1>Not yet", "<h1>Not yet", "<h1>There"])

    def reloads_until_there() -> None:
        session.open(site.shows(next(pages)))
        assert session.text == "There"

    session.eventually(reloads_until_there)


def test_a_site_that_takes_too_long_is_left(session: HtmlSession) -> None:
    with socket.create_server(("localhost", 0)) as silent:
        address = f"http://localhost:{silent.getsockname()[1]}/"
        with pytest.raises(AssertionError, match=r"^no other page came\n\(after 0.5 s\)"):
            session.open(address)


@pytest.mark.parametrize("address", ["http://[broken", "http://localhost:99999/", "ftp://a"])
def test_a_link_that_no_one_can_open_leads_nowhere(
    session: HtmlSession, site: SmallSite, address: str
) -> None:
    session.open(site.shows(f"<title>Here</title><a href='{address}'>x</a>"))

    with pytest.raises(AssertionError, match="no other page came"):
        session.follow("x")

    assert session.title == "Here"


def test_nothing_that_a_page_refers_to_is_fetched(session: HtmlSession, site: SmallSite) -> None:
    asked = len(site.requests)
    session.open(f"{site.url}/broken-picture")

    assert [each.path for each in site.requests[asked:]] == ["/broken-picture"]
    assert list(session.failed_requests()) == []


def test_a_page_is_shown_where_a_browser_has_a_picture(
    session: HtmlSession, site: SmallSite
) -> None:
    session.open(f"{site.url}/elsewhere")

    media_type, content = session.picture()
    assert media_type == "text/html"
    assert b"<h1>You are elsewhere</h1>" in content
