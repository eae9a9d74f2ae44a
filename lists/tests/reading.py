"""Reads the text of pages, for the tests of the views."""

import re
from typing import TYPE_CHECKING, TypeAlias

from turbohtml import Element, parse

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Page: TypeAlias = _MonkeyPatchedWSGIResponse


def source(page: "Page") -> str:
    return page.content.decode()


def elements(page: "Page | str", selector: str) -> list[Element]:
    """The elements that a CSS selector finds, in order."""
    return parse(page if isinstance(page, str) else source(page)).select(selector)


def texts(page: "Page | str", selector: str) -> list[str]:
    """The texts of the elements that a CSS selector finds, in order."""
    return [element.text.strip() for element in elements(page, selector)]


def rows(page: "Page") -> list[str]:
    return texts(page, "#id_list_table tr")


def title(page: "Page | str") -> str:
    return texts(page, "title")[0]


def heading(page: "Page | str") -> str:
    return texts(page, "h1")[0]


def refusals(page: "Page") -> list[str]:
    return texts(page, "main [id$=_error]")


def sharees(page: "Page") -> list[str]:
    return texts(page, ".list-sharee")


def links(page: "Page") -> list[tuple[str, str]]:
    """Address and name of every link in the content, in order."""
    found = elements(page, "main a[href]")
    return [(str(link.attr("href")), link.text.strip()) for link in found]


def tag(page: "Page", pattern: str) -> str:
    """The first tag with this in it, or an empty string."""
    found = re.search(rf"<[^<>]*{pattern}[^<>]*>", source(page))
    return found[0] if found else ""


def attributes(page: "Page | str", element_id: str) -> dict[str, str]:
    """The attributes of the element with this id, an empty text for one without a value."""
    found = elements(page, f"#{element_id}")
    assert found, f"the page has no element with the id {element_id}"
    return {name: str(found[0].attr(name) or "") for name in found[0].attrs}


def undo(page: "Page") -> tuple[str, dict[str, str]]:
    """Where the button that undoes the last change posts to, and what it sends."""
    (button,) = elements(page, "button[form=id_undo]")
    fields = elements(page, "input[type=hidden][form=id_undo]")
    sent = {str(each.attr("name")): str(each.attr("value")) for each in (button, *fields)}
    return str(button.attr("formaction")), sent
