"""The validation of fields in a browser (HTML Standard, "constraint validation")."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from turbohtml import Element

from acceptance.browser.html.fields import (
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

# HTML Standard, "valid e-mail address". codespell:ignore
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_WITH_PATTERN = frozenset({"email", "password", "search", "tel", "text", "url"})
_WITH_RANGE = frozenset({"number", "range"})


def refused_fields(page: Page, form: Element) -> Iterator[Element]:
    """Find the fields whose values keep a browser from submitting a form."""
    for control in controls_of(page, form):
        if _is_validated(control) and not _is_valid(page, control):
            yield control


def _is_validated(control: Element) -> bool:
    return not (
        is_button(control)
        or kind_of(control) == "hidden"
        or (control.tag != "select" and control.attr("readonly") is not None)
        or control.matches(":disabled")
        or control.closest("datalist") is not None
    )


def _is_valid(page: Page, control: Element) -> bool:
    kind, value = kind_of(control), value_of(page, control) or ""
    if control.attr("required") is not None and _is_missing(page, control, value):
        return False
    if not value or is_checkable(control) or control.tag == "select":
        return True
    return not (
        (kind == "email" and not all(map(_EMAIL.fullmatch, _addresses(control, value))))
        or (kind == "url" and not _URL.fullmatch(value))
        or (kind in _WITH_PATTERN and not _fits_pattern(control.attr("pattern"), value))
        or (kind in _WITH_RANGE and not _is_allowed_number(control, Decimal(value)))
    )


def _is_missing(page: Page, control: Element, value: str) -> bool:
    match kind_of(control):
        case "checkbox":
            return not is_checked(control)
        case "radio":
            return not any(map(is_checked, _group_of(page, control)))
        case "select":
            return not any(map(value_of_option, selected_options(control)))
        case "color" | "range":
            return False
    return not value


def _group_of(page: Page, radio: Element) -> Iterator[Element]:
    form, name = radio.closest("form"), radio.attr("name")
    for each in page.document.select("input[type=radio i]"):
        if each.attr("name") == name and each.closest("form") == form:
            yield each


def _addresses(control: Element, value: str) -> list[str]:
    if control.attr("multiple") is None:
        return [value]
    return [each.strip() for each in value.split(",")]


def _fits_pattern(pattern: str | None, value: str) -> bool:
    try:
        return pattern is None or re.fullmatch(pattern, value) is not None
    except re.error:
        # Browsers ignore an invalid pattern, too.
        return True


def _is_allowed_number(control: Element, number: Decimal) -> bool:
    least, most = (_number(control.attr(name)) for name in ("min", "max"))
    if (least is not None and number < least) or (most is not None and number > most):
        return False
    if (control.attr("step") or "").lower() == "any":
        return True
    step = _number(control.attr("step"))
    if step is None or step <= 0:
        step = Decimal(1)
    base = least if least is not None else _number(control.attr("value"))
    return (number - (base or 0)) % step == 0


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return number if number is None or number.is_finite() else None
