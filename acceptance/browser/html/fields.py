"""The fields of a page: their values, what can be typed into them, and the forms they belong to."""

import re
from collections.abc import Iterator, Sequence

from turbohtml import Element

from acceptance.browser.html.page import Page
from acceptance.browser.html.rendering import is_list_box

CONTROLS = "button, input, select, textarea"

SUBMIT_BUTTONS = frozenset({"submit", "image"})
_BUTTONS = frozenset({"button", "image", "reset", "submit"})
_CHECKABLE = frozenset({"checkbox", "radio"})
_TYPES = frozenset(
    {
        "button",
        "checkbox",
        "color",
        "date",
        "datetime-local",
        "email",
        "file",
        "hidden",
        "image",
        "month",
        "number",
        "password",
        "radio",
        "range",
        "reset",
        "search",
        "submit",
        "tel",
        "text",
        "time",
        "url",
        "week",
    }
)
_TYPED_IN_WORDS = frozenset({"email", "password", "search", "tel", "text", "url"})
_TYPED = _TYPED_IN_WORDS | {"number"}

# HTML Standard, "implicit submission": with two of these, Enter needs a button.
_BLOCK_IMPLICIT_SUBMISSION = _TYPED | frozenset({"date", "datetime-local", "month", "time", "week"})

_NUMBER = re.compile(r"-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?")
_DATE, _TIME = r"\d{4,}-\d\d-\d\d", r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?"
# The values that such fields may have, and the value that replaces all others.
_FORMS = {
    "color": (re.compile(r"#[0-9a-fA-F]{6}"), "#000000"),
    "date": (re.compile(_DATE), ""),
    "datetime-local": (re.compile(f"{_DATE}[T ]{_TIME}"), ""),
    "month": (re.compile(r"\d{4,}-\d\d"), ""),
    "number": (_NUMBER, ""),
    "range": (_NUMBER, "50"),
    "time": (re.compile(_TIME), ""),
    "week": (re.compile(r"\d{4,}-W\d\d"), ""),
}
_LINE_ENDS = re.compile(r"\r\n?|\n")
_TABLE_PARTS = "table, tbody, thead, tfoot, tr"

_FOCUSABLE = (
    "a[href], area[href], button, iframe, input, select, textarea, summary, [tabindex], "
    "[contenteditable], audio[controls], video[controls]"
)


def kind_of(control: Element) -> str:
    """Return the type of a control, as its property `type` does."""
    written = (control.attr("type") or "").lower()
    match control.tag:
        case "input":
            return written if written in _TYPES else "text"
        case "button":
            return written if written in {"button", "reset"} else "submit"
    return control.tag


def takes_focus(element: Element) -> bool:
    """Whether an element can have the keyboard focus."""
    return element.matches(_FOCUSABLE) and not element.matches(":disabled")


def form_of(page: Page, control: Element) -> Element | None:
    """Return the form that a control belongs to (HTML Standard, "form owner")."""
    named = control.attr("form")
    if named is not None:
        forms = page.document.select("form")
        return next((each for each in forms if each.attr("id") == named), None)
    return control.closest("form") or _form_in_table(control)


def controls_of(page: Page, form: Element) -> Iterator[Element]:
    """Iterate over the controls of a form, in the order of the page."""
    for control in page.document.select(CONTROLS):
        if form_of(page, control) == form:
            yield control


def field_names(page: Page, form: Element) -> Iterator[str]:
    """Iterate over the names of the fields of a form that are not disabled, without buttons."""
    for control in controls_of(page, form):
        name = control.attr("name")
        if name and not is_button(control) and not control.matches(":disabled"):
            yield name


def default_button(page: Page, form: Element) -> Element | None:
    """Return the button that Enter presses, or None if the form has none."""
    return next((each for each in controls_of(page, form) if kind_of(each) in SUBMIT_BUTTONS), None)


def is_sent_by_enter(page: Page, form: Element) -> bool:
    """Whether Enter in a field submits a form that has no button."""
    fields = [
        each for each in controls_of(page, form) if kind_of(each) in _BLOCK_IMPLICIT_SUBMISSION
    ]
    return len(fields) <= 1


def type_into(page: Page, field: Element, text: str) -> None:
    """Replace the value of a field as typing does, within the limits of the field and its type."""
    kind = kind_of(field)
    if field.tag != "textarea" and kind not in _TYPED:
        return
    if field.attr("readonly") is not None:
        return
    if field.tag == "textarea":
        text = _LINE_ENDS.sub("\n", text)
    else:
        text = _LINE_ENDS.sub(" ", text).strip() if kind == "email" else _LINE_ENDS.sub(" ", text)
    limit = _count(field.attr("maxlength"))
    if limit is not None and kind != "number":
        text = _first_units(text, limit)
    page.typed[field] = text


def value_of(page: Page, element: Element) -> str | None:
    """Return the property `value` of an element, or None if it has no such property."""
    value: str | None
    match element.tag:
        case "input":
            value = _value_of_input(page, element)
        case "textarea":
            value = page.typed.get(element, _LINE_ENDS.sub("\n", element.text))
        case "select":
            value = next(map(value_of_option, selected_options(element)), "")
        case "option":
            value = value_of_option(element)
        case "button" | "data" | "param":
            value = element.attr("value") or ""
        case "output":
            value = element.text
        case _:
            value = None
    return value


def toggle(box: Element) -> None:
    """Tick a check box, or untick it."""
    if is_checked(box):
        del box.attrs["checked"]
    else:
        box.attrs["checked"] = ""


def is_checked(control: Element) -> bool:
    """Whether a check box or a radio button is checked."""
    return control.matches(":checked")


def is_checkable(control: Element) -> bool:
    """Whether it is a check box or a radio button."""
    return kind_of(control) in _CHECKABLE


def is_button(control: Element) -> bool:
    """Whether it is a button."""
    return control.tag == "button" or kind_of(control) in _BUTTONS


def selected_options(select: Element) -> Sequence[Element]:
    """Return the selected options (HTML Standard, "ask for a reset")."""
    options = select.select("option")
    chosen = [each for each in options if each.attr("selected") is not None]
    if select.attr("multiple") is not None:
        return chosen
    if chosen:
        return chosen[-1:]
    if is_list_box(select):
        return []
    return [each for each in options if not each.matches(":disabled")][:1]


def value_of_option(option: Element) -> str:
    """Return the value of an option."""
    written = option.attr("value")
    return " ".join(option.text.split()) if written is None else written


def _value_of_input(page: Page, field: Element) -> str:
    kind = kind_of(field)
    if kind == "file":
        return ""
    written = field.attr("value")
    if kind in _CHECKABLE:
        return "on" if written is None else written
    value = page.typed.get(field, written or "")
    if kind in _TYPED_IN_WORDS:
        value = _LINE_ENDS.sub("", value)
    if kind in {"email", "url"}:
        value = value.strip()
    if kind == "email" and field.attr("multiple") is not None:
        value = ",".join(each.strip() for each in value.split(","))
    pattern, otherwise = _FORMS.get(kind, (None, ""))
    return value if pattern is None or pattern.fullmatch(value) else otherwise


def _form_in_table(control: Element) -> Element | None:
    """Find a form that the parser closed immediately because it began between a table's rows.

    The parser still assigns the controls that follow in the table to it (HTML Standard, "form
    element pointer").
    """
    for above in control.ancestors:
        if not isinstance(above, Element) or above.tag != "table":
            continue
        forms = [
            form
            for form in above.select("form")
            if isinstance(form.parent, Element)
            and form.parent.matches(_TABLE_PARTS)
            and _begins_before(form, control)
        ]
        if forms:
            return forms[-1]
    return None


def _begins_before(one: Element, other: Element) -> bool:
    # Elements that the parser added have no position.
    return (one.position or (0, 0)) < (other.position or (0, 0))


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None


def _first_units(text: str, number: int) -> str:
    """Return the beginning of the text, cut after so many UTF-16 code units, as limits count."""
    return text.encode("utf-16-le")[: number * 2].decode("utf-16-le", errors="ignore")
