"""What the failure of a check of a layout names: the element, what was measured, and its style."""

from collections.abc import Callable

import pytest

from acceptance.browser.session import Session
from acceptance.browser.tests.small_site import SmallSite
from acceptance.pages.accessibility import Accessibility
from acceptance.pages.covering import Covering
from acceptance.pages.layout import Layout

HEAD = '<html lang="en"><title>Lists</title><main><h1>Lists</h1>'

FAULTS: dict[str, tuple[str, Callable[[Layout], None], list[str]]] = {
    "width": (
        '<div><p id="long" style="width: 4000px">Buy milk</p></div>',
        Layout.fits_width,
        ['<p id="long" style="width: 4000px"> ends at 40', "width: 4000px", "in <div> with"],
    ),
    "text": (
        '<p id="long">%s</p>' % ("milk" * 999),
        Layout.fits_width,
        ['<p id="long"> ends at ', "overflow-wrap: normal"],
    ),
    "picture": (
        f"<input value={'milk' * 999}><b><svg style='position: absolute; width: 4000px'>",
        Layout.fits_width,
        ["but the window ", ': <svg style="position: absolute; width: 4000px"> ends at '],
    ),
    "target": (
        '<button id="small" style="height: 9px; padding: 0">Add</button>',
        Layout.can_be_touched,
        ['<button id="small" ', "by 9 pixels, not at least 24 by 24 (", "min-height: 0px"],
    ),
    "long tag": (
        f"<button title='{'milk' * 99}' style='height: 9px' class>Add</button>",
        Layout.can_be_touched,
        [f'<button title="{"milk" * 15}…" style="height: 9px" class> is '],
    ),
    "covered": (
        '<button>Add</button><p id="front" style="position: fixed; inset: 0">',
        Layout.shows_what_can_be_pressed,
        ['cannot be seen: <button> is behind <p id="front"'],
    ),
    "touched": (
        f"{HEAD}<button>Add</button><button style='position: absolute; left: 20px'>Undo</button>",
        lambda layout: Accessibility(layout.session, layout.site).keeps_to_wcag(),
        ["sufficient space: <button>Add</button>, because of <button style="],
    ),
    "pale": (
        f"{HEAD}<p style='color: #ccc'>Buy milk<p style='color: #ddd'>Make tea",
        lambda layout: Accessibility(layout.session, layout.site).keeps_to_wcag(),
        ["the text #cccccc on #ffffff has a contrast of 1.6, not 4.5: <p style=", "Buy milk</p> ("],
    ),
    "empty": (
        '<button><svg style="stroke: none; fill: none"><path d="M0 0"/></svg></button>',
        Layout.shows_what_can_be_pressed,
        ["<button> shows no text, and <svg ", "stroke: none; fill: none"],
    ),
    "below": (
        '<button>Edit</button><p id="row"><button style="display: block">Remove</button>',
        lambda layout: layout.has_side_by_side([("Edit", "Remove")]),
        ['<button style="display: block"> is at ', "not beside <button>, ", "display: block; "],
    ),
    "missing": (
        "<button>Edit</button>",
        lambda layout: layout.has_side_by_side([("Edit", "Remove")]),
        ["the page shows no “Remove”"],
    ),
    "apart": (
        "<nav style='display: grid'><p><button>Edit</button></p><p><button>Remove</button></nav>",
        lambda layout: layout.has_side_by_side([("Edit", "Remove")]),
        ['both in <nav style="display: grid"> with display: grid; flex-direction: row; '],
    ),
    "text like": (
        "<style>a { text-decoration: none }</style><a href='/'>Edit</a>",
        Layout.shows_what_can_be_pressed,
        ['<a href="/"> looks like text (text-decoration-line: none; '],
    ),
    "word": (
        "<button style='width: 1px; overflow-wrap: anywhere'>Remove</button>",
        Layout.shows_what_can_be_pressed,
        ["> breaks “Remove” into lines (white-space: normal; overflow-wrap: anywhere; "],
    ),
    "words": (
        "<div style='width: 1px'><button>Log in</button></div>",
        Layout.shows_what_can_be_pressed,
        ["<button> breaks “Log in” into lines (white-space: normal; "],
    ),
    "above": (
        "<a href='/' style='display: block; height: 44px'>Edit</a>",
        Layout.shows_what_can_be_pressed,
        [" shows what it is for ", " pixels above its middle (display: block; align-items: "],
    ),
    "beside": (
        "<button>Save <svg height='9' style='vertical-align: 20px'><path d='M0 0h9'/></svg>",
        Layout.shows_what_can_be_pressed,
        ["<button> shows what it is for ", " its middle (display: inline-block; "],
    ),
    "phone": (
        "<p>Buy milk",
        Layout.fits_width,
        ["phones show the page as wide as on a computer", "meta[name=viewport]"],
    ),
    "edges": (
        "<p style='width: 90px'>Buy milk<div>Make tea",
        lambda layout: layout.has_same_width("p", "div"),
        ["p goes from 8 to 98 pixels from the left, and div from 8 to "],
    ),
    "over": (
        "<p style='margin: 0'>Buy milk<b style='position: absolute; left: 9px'>now</b>",
        lambda layout: Covering(layout.session, layout.site).leaves_all_readable(),
        [
            "the text “now” is over the text “Buy milk”: at 9 to ",
            " down (display: block; position: absolute; left: 9px; top: ",
            "), over at 8 to ",
            " down (display: block; position: static; margin: 0px)",
        ],
    ),
    "typed": (
        "<input id='item'><button style='margin-left: -40px'>Add</button>",
        lambda layout: Covering(layout.session, layout.site).leaves_all_readable(),
        ['covers what is typed into <input id="item"> (padding-right: '],
    ),
    "middle": (
        '<p id="aside" style="width: 90px">Buy milk',
        lambda layout: layout.has_in_the_middle("#aside"),
        ["the middle of #aside is at ", "<p id=", " is 90 by ", "margin-left: 0px"],
    ),
}


@pytest.mark.parametrize(("page", "check", "parts"), FAULTS.values(), ids=FAULTS)
def test_the_element_that_is_wrong_is_named_with_its_style(
    session: Session,
    site: SmallSite,
    page: str,
    check: Callable[[Layout], None],
    parts: list[str],
) -> None:
    session.open(site.shows(f"<!doctype html>{page}"))

    with pytest.raises(AssertionError) as failure:
        check(Layout(session, site.url))

    first_line = str(failure.value).splitlines()[0]
    for part in parts:
        assert part in first_line
