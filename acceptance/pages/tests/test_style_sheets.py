"""The line about the style sheets of a page, below what is wrong with its looks."""

import pytest

from acceptance.browser.session import Session
from acceptance.browser.style_sheets import style_sheets_of
from acceptance.browser.tests.small_site import Reply, SmallSite
from acceptance.pages.media import Media

SHEET = """
p, a { color: teal; margin: 0 }
a { color: navy; }
@media (scripting: none) { p { color: tan } }
@media print { a { color: black; margin: 0 } p { color: black } }
"""
COUNTED = "2 rules with 3 declarations; @media (scripting: none): 1 with 1; @media print: 2 with 3"


def test_rules_are_counted_by_their_conditions(session: Session, site: SmallSite) -> None:
    open_with_sheet(session, site, SHEET)

    assert style_sheets_of(session).endswith(f" /sheet ({COUNTED}).")


def test_conditions_are_named_as_they_were_before_the_page_was_printed(
    session: Session, site: SmallSite
) -> None:
    open_with_sheet(session, site, SHEET)
    media = Media(session, site.url)
    media.print()

    with pytest.raises(AssertionError, match='of no use on paper:\n<a href="/"> “Home”') as failure:
        media.has_no_controls()

    assert str(failure.value).endswith(f"{COUNTED}).")


def test_a_long_style_sheet_is_not_counted_in_detail(session: Session, site: SmallSite) -> None:
    open_with_sheet(session, site, "p { margin: 0 }" * 300)

    assert style_sheets_of(session).endswith(" /sheet (300 rules).")


def open_with_sheet(session: Session, site: SmallSite, sheet: str) -> None:
    site.answers(Reply(sheet.encode(), headers={"Content-Type": "text/css"}), "/sheet")
    # A script waits for the style sheets above it.
    head = "<title>Lists</title><link rel=stylesheet href=/sheet><script>0</script>"
    session.open(site.shows(f"{head}<a href='/'>Home</a>"))
