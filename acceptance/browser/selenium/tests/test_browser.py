"""What only a real browser can do."""

import pytest

from acceptance.browser.errors import BrowserFailedError
from acceptance.browser.selenium.browser import SeleniumBrowser
from acceptance.browser.selenium.session import SeleniumSession
from acceptance.browser.tests.small_site import Reply, SmallSite

COVERED = """
document.body.innerHTML = `<a href="/elsewhere" style="position: fixed; bottom: 0">Covered</a>
    <div style="position: fixed; bottom: 0; width: 100%; height: 3em; background: white"></div>`;
"""


def test_a_browser_that_keeps_pages_goes_back_without_a_request(
    browser: SeleniumBrowser, site: SmallSite
) -> None:
    keeping = browser.that_keeps_pages().session()
    keeping.open(f"{site.url}/form")
    keeping.window.run_script("document.body.append('Edith was here')")
    keeping.open(f"{site.url}/elsewhere")

    keeping.go_back()

    assert keeping.address == f"{site.url}/form"
    assert "Edith was here" in keeping.text
    # A full browser may request an icon by itself at any time.
    assert [each.path for each in site.requests].count("/form") == 1
    keeping.close()


def test_the_next_person_gets_a_tab_without_the_storage_and_size_of_the_last(
    browser: SeleniumBrowser, site: SmallSite
) -> None:
    used = browser.session()
    used.window.resize(360, 640)
    used.open(f"{site.url}/script")
    used.window.run_script("localStorage.setItem('a', 1); sessionStorage.setItem('a', 1)")
    used.run_no_scripts()
    used.close()

    handed_on = browser.session()

    assert handed_on is used
    handed_on.open(f"{site.url}/script")
    assert handed_on.title == "Scripted"
    kept = handed_on.window.run_script("return localStorage.length + sessionStorage.length")
    assert kept == 0
    assert handed_on.window.run_script("return innerWidth") == 1024
    handed_on.close()


def test_what_is_typed_replaces_what_was_there(session: SeleniumSession, site: SmallSite) -> None:
    session.open(f"{site.url}/form")
    session.window.type_into("input", "first")
    session.window.type_into("input", "second")
    assert session.value("input") == "second"


def test_a_link_behind_something_else_cannot_be_followed(
    session: SeleniumSession, site: SmallSite
) -> None:
    session.open(f"{site.url}/")
    session.window.run_script(COVERED)
    with pytest.raises(AssertionError, match=r"Covered cannot be used: <div .* is in front of it"):
        session.follow("Covered")


def test_a_missing_file_is_reported_with_its_use(session: SeleniumSession, site: SmallSite) -> None:
    markup = (
        "<link rel=stylesheet href=/no.css><script src=/no.js></script><img src=/no.png alt=''>"
    )
    session.open(site.shows(markup))

    uses = {each.address: each.use for each in session.failed_requests()}

    assert uses == {
        f"{site.url}/no.css": "style sheet",
        f"{site.url}/no.js": "script",
        f"{site.url}/no.png": "",
    }


def test_what_a_script_hides_is_not_read(session: SeleniumSession, site: SmallSite) -> None:
    session.open(f"{site.url}/")
    session.window.run_script("document.querySelector('h1').style.display = 'none'")
    assert session.texts("h1") == []


def test_a_script_that_fails_is_reported(session: SeleniumSession, site: SmallSite) -> None:
    session.open(f"{site.url}/")
    with pytest.raises(AssertionError, match=r"a script failed in the page: .*boom"):
        session.window.run_script("throw new Error('boom')")


def test_a_script_may_answer_later(session: SeleniumSession, site: SmallSite) -> None:
    session.open(f"{site.url}/")
    assert session.window.run_script("return Promise.resolve(arguments[1])", 1, [2]) == [2]


def test_the_lines_of_scripts_that_have_not_run_are_named(
    session: SeleniumSession, site: SmallSite
) -> None:
    site.answers(Reply(b"const seen = true;\nif (!seen) {\n  alert(1);\n}\n"), "/a.js")
    site.answers(Reply(b"document.title = 'Ready';\n"), "/b.js")
    session.open(
        site.shows("<title>x</title><script src=/a.js></script><script src=/b.js></script>")
    )

    assert sorted(session.scripts_run()) == ["/a.js (not run: line 3)", "/b.js"]
    # It can be asked again, and a page without scripts has none.
    session.open(f"{site.url}/script")
    assert session.scripts_run() == []


def test_a_page_that_has_crashed_is_reported(browser: SeleniumBrowser) -> None:
    session = browser.session()
    with pytest.raises(BrowserFailedError, match="tab crashed"):
        session.open("chrome://crash")


def test_a_picture_of_the_page_can_be_taken(session: SeleniumSession, site: SmallSite) -> None:
    session.open(f"{site.url}/")
    assert session.window.picture().startswith(b"\x89PNG")
    media_type, content = session.window.small_picture()
    assert media_type == "image/webp"
    assert content[8:12] == b"WEBP"
