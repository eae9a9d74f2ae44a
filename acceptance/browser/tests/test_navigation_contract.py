"""How every driver navigates from page to page, and what its requests contain."""

import pytest

from acceptance.browser.browser import Browser
from acceptance.browser.session import Response, Session
from acceptance.browser.tests.small_site import HTML, Reply, SmallSite

POST = "<form method=post action={}><input name=a>"
NO_STORE = Reply(
    b"<title>Kept nowhere</title>", headers={"Content-Type": HTML, "Cache-Control": "no-store"}
)


class TestLinks:
    @pytest.mark.parametrize(
        ("markup", "address"),
        [
            ("<a href=' /elsewhere '>  x\n y </a>", "/elsewhere"),
            ("<a href='/else\nwhere'>x y</a>", "/elsewhere"),
            ("<a href='/elsewhere#part'>x y</a>", "/elsewhere#part"),
            ("<a href='./a/../elsewhere'>x y</a>", "/elsewhere"),
            ("<base href='/sub/'><a href='../elsewhere'>x y</a>", "/elsewhere"),
            ("<a href=/no hidden>x y</a><a href=/elsewhere>x y</a>", "/elsewhere"),
            ("<a href=/elsewhere><img alt=no>x <b>y</b></a>", "/elsewhere"),
            ("<a href='/elsewhere?q=é \"&lt;>'>x y</a>", "/elsewhere?q=%C3%A9%20%22%3C%3E"),
            ("<a href=''>x y</a>", "/page"),
        ],
    )
    def test_a_link_leads_to_its_address(
        self, edith: Session, site: SmallSite, markup: str, address: str
    ) -> None:
        edith.open(site.shows(markup))
        edith.follow("x y")

        assert edith.address == site.url + address

    @pytest.mark.parametrize(
        "attributes",
        [
            "href='mailto:edith@example.com'",
            "href='javascript:void 0'",
            "href='#part'",
            "href=/elsewhere target=_blank",
            "href=/elsewhere download",
        ],
    )
    def test_some_links_lead_to_no_other_page(
        self, edith: Session, site: SmallSite, attributes: str
    ) -> None:
        edith.open(site.shows(f"<title>Here</title><a {attributes}>x</a>"))
        edith.timeout = 0.2

        with pytest.raises(AssertionError, match="no other page appeared when the link 'x' was"):
            edith.follow("x")

        assert edith.title == "Here"

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=204),
            Reply(b"x", headers={"Content-Type": HTML, "Content-Disposition": "attachment"}),
            Reply(b"PK", headers={"Content-Type": "application/zip"}),
            Reply(status=302, headers={"Location": "mailto:edith@example.com"}),
        ],
        ids=["no content", "attachment", "archive", "redirect to email"],
    )
    def test_some_answers_show_no_page(self, edith: Session, site: SmallSite, reply: Reply) -> None:
        site.answers(reply)
        edith.open(site.shows("<title>Here</title><a href=/answer>x</a>"))
        edith.timeout = 0.2

        with pytest.raises(AssertionError, match="no other page appeared"):
            edith.follow("x")

        assert edith.title == "Here"

    @pytest.mark.parametrize(("status", "body"), [(500, b"<h1>It broke"), (500, b""), (403, b"")])
    def test_the_page_of_an_error_is_shown_and_recorded(
        self, edith: Session, site: SmallSite, status: int, body: bytes
    ) -> None:
        address = site.answers(Reply(body, status))
        edith.open(address)

        assert edith.responses == [Response(status, address)]
        assert list(edith.failed_requests()) == [Response(status, address)]

    def test_a_page_can_refresh_to_another(self, edith: Session, site: SmallSite) -> None:
        refresh = "<meta http-equiv=refresh content='0; url=/elsewhere'>"
        edith.open(site.shows(refresh))

        def has_arrived() -> None:
            assert edith.title == "Elsewhere"

        edith.eventually(has_arrived)
        assert site.last_request("/elsewhere").headers["Referer"] == f"{site.url}/page"


class TestRedirects:
    @pytest.mark.parametrize(
        ("status", "method", "body"),
        [
            (301, "GET", ""),
            (302, "GET", ""),
            (303, "GET", ""),
            (307, "POST", "a=x"),
            (308, "POST", "a=x"),
        ],
    )
    def test_a_redirected_form_keeps_or_loses_its_body(
        self, edith: Session, site: SmallSite, status: int, method: str, body: str
    ) -> None:
        site.redirects(status, "/elsewhere?q=1")
        edith.open(site.shows(POST.format("/redirect")))
        edith.submit("input", "x")

        assert edith.address == f"{site.url}/elsewhere?q=1"
        led_to = site.last_request("/elsewhere")
        assert (led_to.method, led_to.body) == (method, body)
        assert led_to.headers["Referer"] == f"{site.url}/page"

    @pytest.mark.parametrize(
        ("location", "address"),
        [("/elsewhere", "/elsewhere#part"), ("/elsewhere#own", "/elsewhere#own")],
    )
    def test_a_redirect_keeps_the_fragment(
        self, edith: Session, site: SmallSite, location: str, address: str
    ) -> None:
        edith.open(site.redirects(302, location) + "#part")

        assert edith.address == site.url + address

    def test_a_redirect_loop_is_reported(self, edith: Session, site: SmallSite) -> None:
        address = site.redirects(302, "/redirect")

        with pytest.raises(AssertionError, match=f"the site did not answer: {address} failed with"):
            edith.open(address)

    def test_a_redirect_may_lead_to_another_site(self, edith: Session, site: SmallSite) -> None:
        site.redirects(307, f"{site.url_of_another}/posted")
        edith.open(site.shows(POST.format("/redirect")))
        edith.submit("input", "x")

        led_to = site.last_request("/posted")
        assert edith.address == f"{site.url_of_another}/posted"
        assert led_to.body == "a=x"
        assert led_to.headers["Origin"] == "null"
        assert led_to.headers["Referer"] == f"{site.url}/"
        assert led_to.headers["Sec-Fetch-Site"] == "cross-site"


class TestReferrers:
    @pytest.mark.parametrize(
        ("policy", "sent"),
        [
            # What the site itself learns, what another site learns, and the origin in its forms.
            ("", ("page", "origin", "origin")),
            ("no-referrer", (None, None, "null")),
            ("no-referrer-when-downgrade", ("page", "page", "origin")),
            ("origin", ("origin", "origin", "origin")),
            ("origin-when-cross-origin", ("page", "origin", "origin")),
            ("same-origin", ("page", None, "null")),
            ("strict-origin", ("origin", "origin", "origin")),
            ("strict-origin-when-cross-origin", ("page", "origin", "origin")),
            ("unsafe-url", ("page", "page", "origin")),
            ("no-referrer, unsafe-url", ("page", "page", "origin")),
        ],
    )
    def test_a_page_decides_what_others_learn_of_it(
        self, edith: Session, site: SmallSite, policy: str, sent: tuple[str | None, ...]
    ) -> None:
        there = site.url_of_another
        markup = f"<a href=/elsewhere>own</a><a href={there}/elsewhere>other</a>"
        page = site.answers(
            Reply(
                f"{markup}{POST.format(f'{there}/posted')}".encode(),
                headers={"Content-Type": HTML, "Referrer-Policy": policy},
            )
        )
        words = {page: "page", f"{site.url}/": "origin", site.url: "origin"}

        def learned(path: str, field: str) -> str | None:
            value = site.last_request(path).headers[field]
            return words.get(value, value)

        edith.open(page)
        edith.follow("own")
        own = learned("/elsewhere", "Referer")
        edith.open(page)
        edith.follow("other")
        other = learned("/elsewhere", "Referer")
        edith.open(page)
        edith.submit("input", "x")

        assert (own, other, learned("/posted", "Origin")) == sent

    @pytest.mark.parametrize(
        ("head", "attributes", "sent"),
        [
            ("", "rel='nofollow noreferrer'", None),
            ("", "referrerpolicy=origin", "/"),
            ("<meta name=referrer content=no-referrer>", "", None),
            ("<meta name=referrer content=no-referrer>", "referrerpolicy=unsafe-url", "/page"),
        ],
    )
    def test_a_link_may_decide_for_itself(
        self, edith: Session, site: SmallSite, head: str, attributes: str, sent: str | None
    ) -> None:
        edith.open(site.shows(f"{head}<a href=/elsewhere {attributes}>x</a>"))
        edith.follow("x")

        referrer = site.last_request("/elsewhere").headers["Referer"]
        assert referrer == (None if sent is None else site.url + sent)


class TestHistory:
    def test_back_leads_back_page_by_page(self, edith: Session, site: SmallSite) -> None:
        for path in ("/", "/moved", "/form"):
            edith.open(site.url + path)

        edith.go_back()
        assert edith.address == f"{site.url}/elsewhere"
        edith.go_back()
        assert edith.address == f"{site.url}/"

    def test_a_person_cannot_go_back_to_a_page_of_someone_else(
        self, browser: Browser, site: SmallSite
    ) -> None:
        francis = browser.session()
        for path in ("/", "/form"):
            francis.open(site.url + path)
        francis.close()
        edith = browser.session()
        edith.open(f"{site.url}/elsewhere")

        with pytest.raises(AssertionError, match="there is no page to go back to"):
            edith.go_back()
        assert edith.address == f"{site.url}/elsewhere"
        edith.close()

    def test_a_page_that_may_be_kept_is_not_fetched_again(
        self, edith: Session, site: SmallSite
    ) -> None:
        edith.open(site.shows("<title>Kept</title>"))
        asked = len(site.requests)
        edith.open(f"{site.url}/elsewhere")
        edith.go_back()

        assert edith.title == "Kept"
        assert [each.path for each in site.requests[asked:]] == ["/elsewhere"]

    def test_a_page_that_may_not_be_kept_is_fetched_again(
        self, edith: Session, site: SmallSite
    ) -> None:
        address = site.answers(NO_STORE)
        edith.open(address)
        edith.open(f"{site.url}/elsewhere")
        site.answers(Reply(b"<title>Gone</title>", 404))
        edith.go_back()

        assert edith.title == "Gone"
        assert edith.responses[-1] == Response(404, address)


class TestCookies:
    SET = (
        "default=1", "root=1; Path=/", "below=1; Path=/sub/", "other=1; Path=/other",
        "secure=1; Path=/; Secure", "script=1; Path=/; HttpOnly", "own=1; Path=/; Domain=localhost",
        "foreign=1; Path=/; Domain=example.com", "old=1; Path=/; Max-Age=0",
        "past=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "young=1; Path=/; Max-Age=100",
        "none=1; Path=/; SameSite=None; Secure", "unsafe=1; Path=/; SameSite=None",
        "strict=1; Path=/; SameSite=Strict", "lax=1; Path=/; SameSite=Lax",
        'quoted="a b"; Path=/', "equals=a=b; Path=/", "twice=1; Path=/", "twice=2; Path=/",
        "__Host-a=1; Path=/; Secure", "__Host-b=1; Path=/", "__Secure-c=1; Path=/",
    )  # fmt: skip

    @pytest.fixture
    def edith_with_cookies(self, edith: Session, site: SmallSite) -> Session:
        # Each on a separate page, because one such field cannot set two cookies.
        for number, sent in enumerate(self.SET):
            reply = Reply(headers={"Content-Type": HTML, "Set-Cookie": sent})
            edith.open(site.answers(reply, f"/sub/{number}"))
        return edith

    def names_sent(self, site: SmallSite, path: str) -> list[str]:
        sent = site.last_request(path).headers["Cookie"] or ""
        return [each.partition("=")[0] for each in sent.split("; ")]

    def test_each_cookie_is_sent_where_it_belongs(
        self, edith_with_cookies: Session, site: SmallSite
    ) -> None:
        kept = edith_with_cookies.cookies()
        edith_with_cookies.open(site.shows("", "/sub/page"))
        edith_with_cookies.open(f"{site.url}/")

        everywhere = [
            *("root", "secure", "script", "own", "young", "none", "strict", "lax", "quoted"),
            *("equals", "twice", "__Host-a"),
        ]
        assert sorted(kept) == sorted(["default", "below", "other", *everywhere])
        assert kept["quoted"] == '"a b"'
        assert kept["equals"] == "a=b"
        assert kept["twice"] == "2"
        assert self.names_sent(site, "/sub/page") == ["below", "default", *everywhere]
        assert self.names_sent(site, "/") == everywhere

    def test_a_cookie_that_has_expired_is_gone(
        self, edith_with_cookies: Session, site: SmallSite
    ) -> None:
        gone = {"Content-Type": HTML, "Set-Cookie": "root=; Path=/; Max-Age=0"}
        edith_with_cookies.open(site.answers(Reply(headers=gone)))

        assert "root" not in edith_with_cookies.cookies()

    def test_a_request_from_another_site_carries_fewer_cookies(
        self, edith_with_cookies: Session, site: SmallSite
    ) -> None:
        markup = f"<a href={site.url}/elsewhere>x</a>{POST.format(f'{site.url}/posted')}"
        site.shows(markup)
        there = f"{site.url_of_another}/page"

        edith_with_cookies.open(there)
        edith_with_cookies.follow("x")
        by_link = self.names_sent(site, "/elsewhere")
        edith_with_cookies.open(there)
        edith_with_cookies.submit("input", "x")
        by_form = self.names_sent(site, "/posted")

        assert "strict" not in by_link
        assert {"lax", "none", "root"} <= set(by_link)
        assert not {"lax", "strict"} & set(by_form)
        assert {"none", "root"} <= set(by_form)

    def test_no_cookie_is_sent_to_another_site(
        self, edith_with_cookies: Session, site: SmallSite
    ) -> None:
        edith_with_cookies.open(f"{site.url_of_another}/elsewhere")

        assert site.last_request("/elsewhere").headers["Cookie"] is None
