"""What people meet on a page who press the Tab key, in a real browser."""

import pytest

from acceptance.browser.session import Session
from acceptance.browser.tests.small_site import SmallSite
from acceptance.pages.keyboard import Keyboard

PAGE = """<style>%s</style>
<a href="#there">There</a> <button>Do it</button> <input type="checkbox" aria-label="Done" checked>
<p id="there" tabindex="-1">It is</p> <label>Item <input autofocus></label>"""

EVERYTHING = [("link", "There"), ("button", "Do it"), ("check box", "Done"), ("field", "Item")]


def keyboard(session: Session, site: SmallSite, style: str = "") -> Keyboard:
    session.open(site.shows(PAGE % style))
    return Keyboard(session, site.url)


def test_the_tab_key_leads_through_the_page_from_its_top(session: Session, site: SmallSite) -> None:
    keyboard(session, site).reaches(EVERYTHING)


def test_another_order_is_noticed(session: Session, site: SmallSite) -> None:
    with pytest.raises(AssertionError, match=r"the Tab key leads to .* not to"):
        keyboard(session, site).reaches(EVERYTHING[::-1])


@pytest.mark.parametrize(
    ("style", "met"),
    [
        (
            "button:focus { outline: none }",
            "button 'Do it' (not marked by the focus: outline: none; box-shadow: none; ",
        ),
        (
            "button { transition: all 9s } button:focus { outline: none; color: red }",
            "(not marked by the focus: ",
        ),
        ("a { position: absolute; left: -99px }", "link 'There' (out of sight: it is at -99 to "),
        ("button:focus { display: block }", "button 'Do it' (moves the page by "),
        (
            "p { position: fixed; inset: 0; margin: 0; background: tan }",
            'sight: <p id="there" tabindex="-1"> is in front',
        ),
    ],
)
def test_what_cannot_be_seen_is_noticed(
    session: Session, site: SmallSite, style: str, met: str
) -> None:
    with pytest.raises(AssertionError) as failure:
        keyboard(session, site, style).reaches(EVERYTHING)

    assert met in str(failure.value)


def test_a_mark_that_appears_slowly_is_seen(session: Session, site: SmallSite) -> None:
    style = (
        ":focus { outline: none } * { transition: box-shadow 9s } :focus { box-shadow: 0 0 9px }"
    )

    keyboard(session, site, style).reaches(EVERYTHING)


def test_the_first_link_leads_past_what_follows(session: Session, site: SmallSite) -> None:
    there = keyboard(session, site)
    there.follow_first_link()

    there.continues_at("Item")
    with pytest.raises(AssertionError, match=r"leads to None: .* #there, which is <p "):
        there.continues_at("Item")


def test_a_link_to_what_is_not_on_the_page_is_named(session: Session, site: SmallSite) -> None:
    session.open(site.shows("<a href='#gone'>Skip</a><a href='/'>Home</a>"))
    there = Keyboard(session, site.url)
    there.follow_first_link()

    with pytest.raises(
        AssertionError,
        match="'Home': the link “Skip” leads to #gone, which is not on the page",
    ):
        there.continues_at("Item")
