"""The request that a form makes (HTML Standard, "form submission")."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from turbohtml import Element

from acceptance.browser.html.addresses import resolved
from acceptance.browser.html.fields import (
    SUBMIT_BUTTONS,
    controls_of,
    is_button,
    is_checkable,
    is_checked,
    kind_of,
    selected_options,
    value_of,
    value_of_option,
)
from acceptance.browser.html.page import Page

OWN_TARGETS = frozenset({"", "_self", "_top", "_parent"})
"""The values of `target` that keep the page in the same tab."""

URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_PLAIN = "text/plain"

# The bytes that URL-encoding leaves unchanged (URL Standard, "application/x-www-form-urlencoded").
_UNENCODED = frozenset(b"*-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Entry:
    """A name and a value that a form sends, or an empty field for a file."""

    name: str
    value: str
    is_file: bool = False


@dataclass(frozen=True)
class Submission:
    """A request that a form makes.

    Attributes:
        method: HTTP's method.
        url: its address.
        body: its body, or None.
        media_type: the media type of the body.

    """

    method: str
    url: str
    body: bytes | None = None
    media_type: str = ""


def submission(page: Page, form: Element, button: Element | None) -> Submission | None:
    """Return the request that a form makes, or None if a browser would load no page.

    Args:
        page: the page with the form.
        form: the form that is submitted.
        button: the button that was pressed to submit it, if any.

    """

    def attribute(name: str) -> str | None:
        own = button.attr(f"form{name}") if button else None
        return form.attr(name) if own is None else own

    method = (attribute("method") or "").lower()
    target = attribute("target") or ""
    action = attribute("action")
    url = resolved(page.base, action.strip()) if action else page.address
    if url is None or method == "dialog" or target.lower() not in OWN_TARGETS:
        return None
    entries = list(_entries(page, form, button))
    charset = _charset(page, form)
    if method != "post":
        query = _urlencoded(entries, charset)
        return Submission("GET", urlsplit(url)._replace(query=query).geturl())
    match (attribute("enctype") or "").lower():
        case "multipart/form-data":
            boundary = f"----{uuid4().hex}"
            media_type = f"{_MULTIPART}; boundary={boundary}"
            return Submission("POST", url, _multipart(entries, charset, boundary), media_type)
        case "text/plain":
            lines = "".join(f"{each.name}={each.value}\r\n" for each in entries)
            return Submission("POST", url, _encoded(lines, charset), _PLAIN)
    return Submission("POST", url, _urlencoded(entries, charset).encode(), URLENCODED)


def _entries(page: Page, form: Element, button: Element | None) -> Iterator[Entry]:
    """Iterate over the entries that a form sends ("constructing the entry list")."""
    for control in controls_of(page, form):
        kind, name = kind_of(control), control.attr("name") or ""
        if (
            control.matches(":disabled")
            or (is_button(control) and control != button)
            or (is_checkable(control) and not is_checked(control))
            or control.closest("datalist") is not None
        ):
            continue
        if kind == "image":
            # A key has no coordinates, unlike a click.
            prefix = f"{name}." if name else ""
            yield from (Entry(f"{prefix}{axis}", "0") for axis in "xy")
        elif not name:
            continue
        elif control.tag == "select":
            for option in selected_options(control):
                if not option.matches(":disabled"):
                    yield Entry(name, value_of_option(option))
        elif kind == "file":
            yield Entry(name, "", is_file=True)
        elif kind == "hidden" and name.lower() == "_charset_":
            yield Entry(name, _charset(page, form).upper())
        else:
            value = value_of(page, control) or ""
            yield Entry(name, _LINE_END.sub("\r\n", value))


def _charset(page: Page, form: Element) -> str:
    """Return the encoding in which a form is sent ("picking an encoding for the form")."""
    candidates = [*(form.attr("accept-charset") or "").split(), page.charset]
    for name in candidates:
        try:
            "".encode(name)
        except LookupError:
            continue
        return "utf-8" if name.lower().startswith("utf-16") else name
    return "utf-8"


def _encoded(text: str, charset: str) -> bytes:
    return text.encode(charset, errors="xmlcharrefreplace")


def _urlencoded(entries: Sequence[Entry], charset: str) -> str:
    def quoted(text: str) -> str:
        return "".join(
            chr(byte) if byte in _UNENCODED else "+" if byte == ord(" ") else f"%{byte:02X}"
            for byte in _encoded(text, charset)
        )

    return "&".join(f"{quoted(each.name)}={quoted(each.value)}" for each in entries)


def _multipart(entries: Sequence[Entry], charset: str, boundary: str) -> bytes:
    """Return a body of several parts (RFC 7578, as the HTML Standard narrows it)."""

    def part(entry: Entry) -> Iterator[str]:
        name = _LINE_END.sub("\r\n", entry.name)
        for character, spelled in (("\r", "%0D"), ("\n", "%0A"), ('"', "%22")):
            name = name.replace(character, spelled)
        file = '; filename=""\r\nContent-Type: application/octet-stream' if entry.is_file else ""
        yield f"--{boundary}\r\n"
        yield f'Content-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        yield f"{entry.value}\r\n"

    text = "".join(piece for entry in entries for piece in part(entry))
    return _encoded(f"{text}--{boundary}--\r\n", charset)


def is_submit_button(element: Element) -> bool:
    """Whether it submits its form when it is pressed."""
    return kind_of(element) in SUBMIT_BUTTONS
