"""What a control of a page does when it is pressed, as far as its markup defines it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from turbohtml import Document, Element

# Those that decide whether a control sends a form, and where to.
_TELLING = (
    *("id", "name", "type", "form", "method", "action", "formmethod", "formaction", "target"),
    *("href", "download", "disabled", "required", "inert"),
)
_MOST_CHARACTERS = 60

_SUBMIT_BUTTONS = "button:not([type=button], [type=reset]), input[type=submit], input[type=image]"
_NO_SUBMIT_BUTTONS = "button, input[type=button], input[type=reset]"
_OWN_TARGETS = {"", "_self", "_top", "_parent"}


def why_in_vain(control: Element, document: Document) -> str:
    """Return in a sentence why no page may follow when a control is pressed, or what it sends."""
    shown = start_tag(control)
    if control.tag in {"a", "area"}:
        return f"the link {shown} leads to no other page"
    form = _form_of(control, document)
    if form is None:
        return f"{shown} belongs to no form, so it sends nothing"
    if control.matches(_NO_SUBMIT_BUTTONS) and not control.matches(_SUBMIT_BUTTONS):
        return f"{shown} does not send its form {start_tag(form)}"
    problem = next(_problems(control, form, document), "")
    return f"{shown} did not send its form {start_tag(form)}{problem}"


def scripts_in_words(document: Document) -> str:
    """Return a few words about the files with scripts that a page loads."""
    paths = [urlsplit(each.attr("src") or "").path for each in document.select("script[src]")]
    return f"the scripts {', '.join(paths)}" if paths else "no script"


def start_tag(element: Element) -> str:
    """Return the start tag of an element, with the attributes that decide what it does.

    The text and the end tag of a link or button follow.
    """
    label = element.attr("aria-label")
    attributes = [("aria-label", label)] if label else []
    # Those that begin with "data-" are for scripts.
    names = [*_TELLING, *(name for name in element.attrs if name.startswith("data-"))]
    attributes += [(each, value) for each in names if (value := element.attr(each)) is not None]
    written = [f'{name}="{_short(value)}"' if value else name for name, value in attributes]
    text = _short(" ".join(element.text.split())) if element.tag in {"a", "button"} else ""
    end = f"{text}</{element.tag}>" if text else ""
    return f"<{' '.join([element.tag, *written])}>{end}"


def _form_of(control: Element, document: Document) -> Element | None:
    named = control.attr("form")
    if named is None:
        return control.closest("form")
    return next((each for each in document.select("form") if each.attr("id") == named), None)


def _problems(control: Element, form: Element, document: Document) -> Iterator[str]:
    if control.matches("[type=checkbox], [type=radio], select"):
        yield f", which a script has to send: the page loads {scripts_in_words(document)}"
    target = control.attr("formtarget") or form.attr("target") or ""
    if target.lower() not in _OWN_TARGETS:
        yield ", whose answer another window shows"
    is_validated = form.attr("novalidate") is None and control.attr("formnovalidate") is None
    if is_validated and (required := form.select("[required]")):
        fields = ", ".join(map(start_tag, required))
        yield f": the browser may have refused what was in {fields}"
    if not control.matches(_SUBMIT_BUTTONS) and not form.select(_SUBMIT_BUTTONS):
        yield ", which has no button that sends it"


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
