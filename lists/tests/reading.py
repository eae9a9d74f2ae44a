"""Reads the text of pages, for the tests of the views."""

import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, TypeAlias

from django.utils.html import strip_tags

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Page: TypeAlias = _MonkeyPatchedWSGIResponse


ANY = "*"
"""Stands for every kind of element."""


def source(page: "Page") -> str:
    return page.content.decode()


def rows(page: "Page") -> list[str]:
    return _texts(r"<tr>(.*?)</tr>", page)


def heading(page: "Page") -> str:
    return _texts(r"<h1>(.*?)</h1>", page)[0]


def refusals(page: "Page") -> list[str]:
    return _texts(r'class="invalid-feedback">(.*?)</div>', page)


def sharees(page: "Page") -> list[str]:
    return _texts(r'class="list-sharee">(.*?)</span>', page)


def links(page: "Page") -> list[tuple[str, str]]:
    """Address and name of every link in the content, in order."""
    content = source(page).split("<main")[1]
    return [
        (html.unescape(address), _text(name))
        for address, name in re.findall(r'<a [^>]*?href="(.*?)">(.*?)</a>', content, re.DOTALL)
    ]


def tag(page: "Page", pattern: str) -> str:
    """The first tag with this in it, or an empty string."""
    found = re.search(rf"<[^<>]*{pattern}[^<>]*>", source(page))
    return found[0] if found else ""


def elements(page: "Page | str", tag: str) -> list[dict[str, str]]:
    """The attributes of each element of this kind, an empty text for one without a value."""
    found: list[dict[str, str]] = []

    class Finder(HTMLParser):
        def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in {name, ANY}:
                found.append({name: value or "" for name, value in attrs})

    Finder().feed(page if isinstance(page, str) else source(page))
    return found


def attributes(page: "Page | str", element_id: str) -> dict[str, str]:
    """The attributes of the element with this id."""
    found = [each for each in elements(page, ANY) if each.get("id") == element_id]
    assert found, f"the page has no element with the id {element_id}"
    return found[0]


def undo(page: "Page") -> tuple[str, dict[str, str]]:
    """Where the button that undoes the last change posts to, and what it sends."""
    button = tag(page, 'form="id_undo" formaction')
    fields = re.findall(
        r'<input type="hidden" form="id_undo" name="(.*?)" value="(.*?)">', source(page)
    )
    address, name, value = (
        html.unescape(re.findall(f' {attribute}="(.*?)"', button)[0])
        for attribute in ("formaction", "name", "value")
    )
    return address, {name: value, **{each: html.unescape(text) for each, text in fields}}


def _texts(pattern: str, page: "Page") -> list[str]:
    return [_text(part) for part in re.findall(pattern, source(page), re.DOTALL)]


def _text(part: str) -> str:
    return html.unescape(strip_tags(part)).strip()
