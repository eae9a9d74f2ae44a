"""The contract of all drivers, with a real browser or without."""

import socket
from urllib.parse import parse_qsl, urlsplit

import pytest

from acceptance.browser.browser import Browser
from acceptance.browser.errors import MissingElementError
from acceptance.browser.event import BrowserEvent
from acceptance.browser.session import Response, Session
from acceptance.browser.tests.small_site import Reply, SmallSite
from acceptance.fixtures.values import SessionCookie


def cookie(value: str) -> SessionCookie:
    return SessionCookie(
        name="sessionid", value=value, path="/", secure=False, http_only=True, same_site="Lax"
    )


class TestReading:
    def test_a_page_is_read_as_a_person_reads_it(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/")

        assert edith.title == "Home"
        assert edith.address == f"{site.url}/"
        assert edith.text.split() == ["Hello", "Go", "elsewhere", "Seen"]
        assert "Unseen" in edith.html

    def test_only_visible_elements_are_read(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/")

        assert edith.texts(".note") == ["Seen"]
        assert edith.texts("h1, a") == ["Hello", "Go elsewhere"]
        assert edith.texts("h2") == []

    def test_an_element_matches_whether_visible_or_not(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.open(f"{site.url}/")

        assert edith.matches(".note[hidden]")
        assert not edith.matches("h2")

    def test_controls_have_the_names_that_screen_readers_read(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.open(
            site.shows("""<a href="/">Go <b>home</b></a> <a href="/" hidden>Away</a>
                <button aria-label="Close">x</button> <button>Send <p>it</p></button>
                <label for="one">Item</label> <label>Name <input></label>
                <input id="one" type="checkbox"> <input placeholder="no name">""")
        )

        assert edith.names("a, button") == ["Go home", "Close", "Send it"]
        assert edith.names("input") == ["Name", "Item", ""]

    def test_a_field_holds_a_value(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/form")

        assert edith.value("input[name=text]") == "old"
        with pytest.raises(MissingElementError, match="there is no 'textarea' on the page"):
            edith.value("textarea")

    def test_a_wait_ends_with_the_last_error_and_what_the_page_shows(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.open(f"{site.url}/elsewhere")

        with pytest.raises(AssertionError) as given_up:
            edith.eventually(lambda: edith.value("textarea"))

        message = str(given_up.value)
        assert message.startswith("there is no 'textarea' on the page\n(after ")
        assert message.endswith(f"The page {site.url}/elsewhere showed:\nYou are elsewhere")


class TestGoing:
    def test_a_session_has_no_page_at_first(self, edith: Session, site: SmallSite) -> None:
        assert not edith.has_page
        edith.open(f"{site.url}/")
        assert edith.has_page

    def test_a_link_is_found_by_its_text(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/")
        edith.follow("Go elsewhere")

        assert edith.address == f"{site.url}/elsewhere"
        assert site.last_request("/elsewhere").headers["Referer"] == f"{site.url}/"

    @pytest.mark.parametrize("text", ["Go", "Secret", "Nowhere"])
    def test_a_link_that_is_not_visible_is_not_followed(
        self, edith: Session, site: SmallSite, text: str
    ) -> None:
        edith.open(f"{site.url}/")

        with pytest.raises(AssertionError, match=rf"there is no '{text}' on the page[\s\S]*Hello"):
            edith.follow(text)

    def test_going_back_shows_the_page_before(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/")
        edith.follow("Go elsewhere")
        edith.go_back()

        assert edith.address == f"{site.url}/"
        assert edith.title == "Home"

    def test_a_redirect_leads_on(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/moved")

        assert edith.address == f"{site.url}/elsewhere"
        assert edith.responses == [Response(200, f"{site.url}/elsewhere")]

    def test_the_response_to_each_page_is_recorded(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/")
        edith.open(f"{site.url}/nothing")

        assert edith.responses == [
            Response(200, f"{site.url}/"),
            Response(404, f"{site.url}/nothing"),
        ]
        missing = Response(404, f"{site.url}/nothing")
        assert list(edith.failed_requests()) == [missing]
        assert BrowserEvent("request", str(missing)) in edith.events

    def test_a_response_is_unexpected_until_it_is_accepted(
        self, edith: Session, site: SmallSite
    ) -> None:
        unexpected = [edith.unexpected_response]
        edith.open(f"{site.url}/nothing")
        unexpected.append(edith.unexpected_response)
        edith.accept_response()
        unexpected.append(edith.unexpected_response)
        edith.open(f"{site.url}/nothing")
        unexpected.append(edith.unexpected_response)

        missing = Response(404, f"{site.url}/nothing")
        assert unexpected == [None, missing, None, missing]

    def test_a_site_that_does_not_answer_is_named(self, edith: Session) -> None:
        with socket.create_server(("localhost", 0)) as unused:
            nowhere = f"http://localhost:{unused.getsockname()[1]}/"

        with pytest.raises(AssertionError, match=f"the site did not answer: {nowhere} failed with"):
            edith.open(nowhere)

    def test_pages_run_no_scripts_after_they_are_turned_off(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.run_no_scripts()
        edith.open(f"{site.url}/script")
        edith.run_scripts_again()

        assert edith.title == "Written"


class TestForms:
    def test_a_field_is_submitted_with_the_other_fields_of_its_form(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.open(f"{site.url}/form")
        edith.submit("input[name=text]", 'milk & "tea" ü')

        assert parse_qsl(urlsplit(edith.address).query) == [
            ("text", 'milk & "tea" ü'),
            ("token", "t"),
            ("done", "on"),
            # Enter presses the form's default button (HTML Standard, implicit submission).
            ("way", "fast"),
        ]

    def test_a_button_sends_its_form(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/form")
        edith.press("#send")

        assert edith.address == f"{site.url}/answer?text=old&token=t&done=on&way=fast"

    def test_a_form_is_posted(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/form")
        edith.submit("input[name=item]", "Buy milk")

        assert edith.title == "Posted"
        assert site.last_request("/posted").body == "item=Buy+milk"
        assert site.last_request("/posted").headers["Origin"] == site.url

    def test_a_missing_field_is_named_with_the_text_of_the_page(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.open(f"{site.url}/form")

        with pytest.raises(AssertionError, match=r"no 'textarea' on the page[\s\S]*Fill it in"):
            edith.submit("textarea", "text")

    @pytest.mark.parametrize(
        ("selector", "reason"),
        [("#off", "it is disabled"), ("input[name=token]", "it cannot be seen")],
    )
    def test_an_element_that_a_person_cannot_use_is_refused(
        self, edith: Session, site: SmallSite, selector: str, reason: str
    ) -> None:
        edith.open(f"{site.url}/form")

        with pytest.raises(AssertionError) as refused:
            edith.press(selector)

        assert str(refused.value).startswith(f"{selector} cannot be used: {reason}")


class TestPeople:
    def test_each_person_has_cookies_of_their_own(
        self, edith: Session, francis: Session, site: SmallSite
    ) -> None:
        edith.remember(cookie("edith"), site.url)
        francis.remember(cookie("francis"), site.url)
        for each in (edith, francis):
            each.open(f"{site.url}/")

        assert [each.headers["Cookie"] for each in site.requests if each.path == "/"][-2:] == [
            "sessionid=edith",
            "sessionid=francis",
        ]
        assert edith.cookies() == {"sessionid": "edith"}

    def test_cookies_that_a_site_sets_are_kept(self, edith: Session, site: SmallSite) -> None:
        edith.open(f"{site.url}/moved")

        assert site.last_request("/elsewhere").headers["Cookie"] == "seen=yes"
        assert edith.cookies() == {"seen": "yes"}

    def test_a_browser_that_is_closed_keeps_cookies_that_have_a_date(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.remember(cookie("edith"), site.url)
        for kept in ("kept=yes; Max-Age=60", "lost=yes"):
            edith.open(site.answers(Reply(headers={"Set-Cookie": f"{kept}; Path=/"})))

        edith.forget_session_cookies()

        assert edith.cookies() == {"kept": "yes"}

    def test_requests_carry_the_id_of_a_person(
        self, edith: Session, francis: Session, site: SmallSite
    ) -> None:
        names = []
        for each in (edith, francis):
            each.open(f"{site.url}/")
            names.append(site.last_request("/").headers["X-Request-ID"])

        assert names == [edith.request_id, francis.request_id]
        assert names[0] != names[1]

    def test_the_next_person_finds_nothing_of_the_last(
        self, browser: Browser, site: SmallSite
    ) -> None:
        used = browser.session()
        name = used.request_id
        used.remember(cookie("edith"), site.url)
        used.open(f"{site.url}/nothing")
        used.run_no_scripts()
        used.failed_requests()
        used.accept_response()
        used.close()

        handed_on = browser.session()

        assert not handed_on.has_page
        assert handed_on.text == ""
        assert handed_on.responses == []
        assert handed_on.accepted == 0
        assert list(handed_on.events) == []
        assert handed_on.cookies() == {}
        assert handed_on.request_id != name
        handed_on.open(f"{site.url}/")
        assert site.last_request("/").headers["Cookie"] is None
        handed_on.close()
