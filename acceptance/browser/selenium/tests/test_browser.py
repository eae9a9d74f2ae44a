"""One browser, and sessions in it that know nothing of each other; with a real browser."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from acceptance.browser.selenium.browser import Browser, browser_on_its_way
from acceptance.browser.selenium.session import Session
from acceptance.configuration import Configuration
from acceptance.server.session_cookie import SessionCookie

PAGE = b"""<!DOCTYPE html><title>Page</title><h1>Hello</h1>
<form action="/answer"><input name="text"><button>Send</button></form>
<p style="position: fixed; bottom: 0; margin: 0">At the bottom</p>
<a href="/covered" style="position: fixed; bottom: 0">Covered</a>
<div style="position: fixed; bottom: 0; width: 100%; height: 3em; background: white"></div>
<a href="/elsewhere">Elsewhere</a><script>document.title += " with scripts"</script>"""


class Pages(BaseHTTPRequestHandler):
    cookies: list[str]

    def do_GET(self) -> None:
        self.server.paths.append(self.path)  # type: ignore[attr-defined]
        self.server.cookies.append(self.headers.get("Cookie", ""))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_on_its_way(Configuration(timeout=1)) as when_ready:
        yield when_ready()


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("localhost", 0), Pages)
    server.paths = []  # type: ignore[attr-defined]
    server.cookies = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    return f"http://localhost:{server.server_port}"


@pytest.fixture
def session(browser: Browser) -> Iterator[Session]:
    session = browser.session()
    yield session
    session.close()


def cookie(value: str) -> SessionCookie:
    return SessionCookie(
        name="sessionid", value=value, path="/", secure=False, http_only=True, same_site="Lax"
    )


def test_two_people_have_cookies_of_their_own(
    browser: Browser, session: Session, server: ThreadingHTTPServer, site: str
) -> None:
    other = browser.session()
    session.remember(cookie("edith"), site)
    other.remember(cookie("francis"), site)
    for each in (session, other):
        each.open(site)
    other.close()
    assert server.cookies[-2:] == ["sessionid=edith", "sessionid=francis"]  # type: ignore[attr-defined]


def test_a_browser_that_keeps_pages_goes_back_to_one_without_asking_for_it(
    browser: Browser, server: ThreadingHTTPServer, site: str
) -> None:
    keeping = browser.that_keeps_pages().session()
    keeping.open(f"{site}/kept")
    keeping.run_script("document.body.append('Edith was here')")
    keeping.open(f"{site}/other")

    keeping.go_back()

    assert keeping.address == f"{site}/kept"
    assert "Edith was here" in keeping.text
    # A full browser asks for an icon by itself, whenever it likes.
    assert server.paths.count("/kept") == 1  # type: ignore[attr-defined]
    keeping.close()


def test_a_session_that_is_handed_on_knows_nothing_of_the_person_before(
    browser: Browser, server: ThreadingHTTPServer, site: str
) -> None:
    used = browser.session()
    used.remember(cookie("edith"), site)
    used.resize(360, 640)
    used.run_no_scripts()
    used.open(site)
    used.run_scripts_again()
    used.run_script("localStorage.setItem('a', 1); sessionStorage.setItem('a', 1)")
    used.close()
    handed_on = browser.session()
    assert handed_on is used
    assert handed_on.text == ""
    handed_on.open(site)
    assert server.cookies[-1] == ""  # type: ignore[attr-defined]
    assert handed_on.title == "Page with scripts"
    assert handed_on.run_script("return localStorage.length + sessionStorage.length") == 0
    assert handed_on.run_script("return innerWidth") == 1024
    handed_on.close()


def test_without_scripts_a_page_runs_none(session: Session, site: str) -> None:
    session.run_no_scripts()
    session.open(site)
    session.run_scripts_again()
    assert session.title == "Page"


def test_what_is_typed_replaces_what_was_there(session: Session, site: str) -> None:
    session.open(site)
    session.type_into("input", "first")
    session.type_into("input", "second")
    assert session.value("input") == "second"


def test_a_form_is_submitted_with_what_was_typed(session: Session, site: str) -> None:
    session.open(site)
    session.submit("input", 'milk & "tea" ü')
    assert session.address == f"{site}/answer?text=milk+%26+%22tea%22+%C3%BC"


def test_links_and_buttons_lead_to_their_pages(session: Session, site: str) -> None:
    session.open(site)
    session.follow("Elsewhere")
    assert session.address == f"{site}/elsewhere"
    session.press_button("button")
    assert session.address == f"{site}/answer?text="


def test_a_link_behind_something_else_cannot_be_followed(session: Session, site: str) -> None:
    session.open(site)
    with pytest.raises(AssertionError, match=r"Covered cannot be used: <div .* is in front of it"):
        session.follow("Covered")


def test_a_missing_field_is_told_with_what_the_page_said(session: Session, site: str) -> None:
    session.open(site)
    with pytest.raises(AssertionError, match=r"textarea[\s\S]*Hello"):
        session.type_into("textarea", "text")


def test_only_what_can_be_seen_is_read(session: Session, site: str) -> None:
    session.open(site)
    session.run_script("document.querySelector('h1').hidden = true")
    assert session.texts("h1") == []
    assert session.texts("button") == ["Send"]


def test_a_picture_of_the_page_can_be_taken(browser: Browser, session: Session, site: str) -> None:
    session.open(site)
    assert browser.driver.get_screenshot_as_png().startswith(b"\x89PNG")
