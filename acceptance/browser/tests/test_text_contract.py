"""The text that every driver reads on a page without style sheets and scripts."""

import gzip

import pytest

from acceptance.browser.session import Session
from acceptance.browser.tests.small_site import Reply, SmallSite

# Markup, and its text.
TEXTS = {
    "white space is collapsed": (
        "<p>  a \n b  <b> c</b> d</p>x  <i>y </i> z",
        "a b c d\n\nx y z",
    ),
    "blocks begin lines": (
        "a<div>b</div>c<section><h1>T</h1><p>p1</p><p>p2</p></section>end",
        "a\nb\nc\nT\n\np1\n\np2\n\nend",
    ),
    "breaks begin lines": (
        "a<br>b<div>c<br></div>d<br><br>e <br> f",
        "a\nb\nc\n\nd\n\ne\nf",
    ),
    "cells are apart": (
        (
            "<table><caption>Cap</caption><tr><th>A</th><th>B</th></tr><tbody>"
            "<tr><td>1</td><td> 2 <b>x</b></td></tr><tr><td>3<td></tr></tbody></table>after"
        ),
        "Cap\nA\tB\n1\t2 x\n3\t\nafter",
    ),
    "lists": (
        "<ul><li>a</li> <li>b<ul><li>c</ul></ul><ol><li>d</ol><dl><dt>x<dd>y</dl>",
        "a\nb\nc\nd\nx\ny",
    ),
    "preformatted text stays": ("<pre>  a\n   b\n</pre>z", "  a\n   b\n\nz"),
    "typed text does not count": ("a<textarea>b</textarea><input value=c>d", "ad"),
    "hidden elements are not read": (
        (
            "<p hidden>no</p><template><p>no</p></template><script></script><style></style>"
            "<p style='DISPLAY : none !important'>no</p><p style='visibility:hidden'>no</p>"
            "<p aria-hidden=true>for eyes</p><p hidden style='display:block'>shown</p>"
        ),
        "for eyes\n\nshown",
    ),
    "closed elements are not read": (
        (
            "<details><summary>Sum</summary>no <p>no</p></details>"
            "<details open><summary>Sum</summary>open</details><dialog>no</dialog>"
            "<dialog open>yes</dialog>"
        ),
        "Sum\nSum\nopen\nyes",
    ),
    "controls are part of the line": (
        (
            "<label for=x>Enter</label> <div><input id=x> <button> Log in </button></div>"
            "a <img> b<button> c </button>d"
        ),
        "Enter\n Log in\na  bcd",
    ),
    "options are lines": ("a <select><option>b<option>c</select>", "a \nb\nc"),
    "broken markup is repaired": (
        "<p>a<div>b</div>c</p>d<b><i>x</b>y</i>z</td>q<li>r",
        "a\n\nb\nc\n\ndxyzq\nr",
    ),
    "characters": (
        "&lt;b&gt; &amp; &copy;&nbsp;&nbsp;é 日本 &notit;",
        "<b> & ©\xa0\xa0é 日本 ¬it;",
    ),
    "a page without tags": ("only text", "only text"),
    "an empty page": ("", ""),
}


@pytest.mark.parametrize(("markup", "text"), TEXTS.values(), ids=TEXTS)
def test_the_text_of_a_page_follows_its_markup(
    edith: Session, site: SmallSite, markup: str, text: str
) -> None:
    edith.open(site.shows(markup))

    assert edith.text == text


def test_only_what_is_rendered_is_found_by_its_text(edith: Session, site: SmallSite) -> None:
    edith.open(
        site.shows(
            "<title>no</title><p>a<p hidden>no</p><details><p>no</p></details>"
            "<select><option>no</select><select size=2><option>b</select>"
        )
    )

    assert edith.texts("title, p, option, head, template") == ["a", "b"]
    assert edith.texts("body > *, table > tbody") == edith.texts("p, details, select")


def test_the_parser_adds_the_body_of_a_table(edith: Session, site: SmallSite) -> None:
    edith.open(site.shows("<table id=t><tr><td>a</table>"))

    assert edith.texts("#t > tbody > tr > td:first-child") == ["a"]


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ({"Content-Type": "text/html; charset=iso-8859-1"}, "é€".encode("cp1252"), "é€"),
        ({"Content-Type": "text/html"}, "<meta charset=latin1>é".encode("cp1252"), "é"),
        ({"Content-Type": "text/html; charset=iso-8859-1"}, "\ufeffé".encode(), "é"),
        ({"Content-Type": "text/html; charset=nonsense"}, "<meta charset=utf-8>é".encode(), "é"),
        (
            {"Content-Type": "text/html", "Content-Encoding": "gzip"},
            gzip.compress(b"zipped"),
            "zipped",
        ),
        ({"Content-Type": "text/plain; charset=utf-8"}, "a <b> é\n c".encode(), "a <b> é\n c"),
        ({"Content-Type": "application/json"}, b'{"a": [1]}', '{"a": [1]}'),
        ({"Content-Type": "image/png"}, b"\x89PNG", ""),
        ({}, b"<p>a</p>", "a"),
    ],
)
def test_pages_of_other_encodings_and_types_are_read(
    edith: Session, site: SmallSite, headers: dict[str, str], body: bytes, text: str
) -> None:
    edith.open(site.answers(Reply(body, headers=headers)))

    assert edith.text == text


def test_a_huge_page_is_read_to_its_end(edith: Session, site: SmallSite) -> None:
    rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(5000))
    nested = "<div>" * 300 + "deep"
    edith.open(site.shows(f"<table>{rows}</table>{nested}"))

    assert edith.text.endswith("row 4999\ndeep")


# The only difference between drivers, which is intended.
def test_noscript_is_read_only_where_no_scripts_run(edith: Session, site: SmallSite) -> None:
    edith.run_no_scripts()
    edith.open(
        site.shows(
            "<title>Before</title><noscript>no</noscript><script>document.title = 1</script>"
        )
    )

    assert edith.text == "no"
    assert edith.title == "Before"
    edith.run_scripts_again()
    edith.open(site.shows("<noscript>no</noscript>"))
    assert edith.text == ("" if edith.can_run_scripts else "no")
