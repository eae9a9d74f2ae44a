"""What the HTML of a page contains, whichever driver showed the page."""

from collections.abc import Iterator, Sequence

from turbohtml import Element, parse

from acceptance.browser.errors import Control
from acceptance.browser.pressed import scripts_in_words, why_in_vain

_SELECTORS = {
    Control.LINK: "a[href]",
    Control.BUTTON: "button, input[type=submit], input[type=button], input[type=checkbox]",
    Control.FIELD: "input:not([type=hidden], [type=submit], [type=checkbox]), textarea, select",
}

_PARTS = "nav, section, table"


class Markup:
    """The markup of a page."""

    def __init__(self, html: str) -> None:
        self._document = parse(html)

    def text_at(self, selector: str) -> str:
        """Return all text at a selector, visible or not; "" if only browsers understand it."""
        try:
            elements = self._document.select(selector)
        except ValueError:
            return ""
        return " ".join(map(_text, elements))

    def refusals(self) -> Sequence[str]:
        """Return the page's words for a refusal, as assistive technology finds them (WAI-ARIA)."""
        alerts = [_text(each) for each in self._document.select("[role=alert]")]
        return [text for text in [*alerts, *self.descriptions("[aria-invalid=true]")] if text]

    def descriptions(self, selector: str) -> Sequence[str]:
        """Return what screen readers read after the name of each element; "" for nothing."""
        return [
            self._referred(each, "aria-describedby") for each in self._document.select(selector)
        ]

    def parts(self) -> Sequence[str]:
        """Return the names of the parts of the page that screen readers lead to (WAI-ARIA)."""
        names = (
            each.attr("aria-label") or self._referred(each, "aria-labelledby")
            for each in self._document.select(_PARTS)
        )
        return [name for name in names if name]

    def tags(self, selector: str) -> Sequence[str]:
        """Return the start tags at a selector, with all attributes; none if it is not understood.

        The values of hidden fields, which may be secret, are left out.
        """
        try:
            return [_start_tag(each) for each in self._document.select(selector)]
        except ValueError:
            return []

    def why_in_vain(self, what: str, control: Control) -> str:
        """Return why no page may follow when a control is pressed; "" if it is not there.

        Args:
            what: the selector of the control, or the text of the link.
            control: its kind.

        """
        try:
            found = self._document.select("a" if control is Control.LINK else what)
        except ValueError:
            return ""
        if control is Control.LINK:
            found = [each for each in found if _text(each) == what]
        return why_in_vain(found[0], self._document) if found else ""

    def scripts(self) -> str:
        """Return a few words about the files with scripts that the page loads."""
        return scripts_in_words(self._document)

    def _referred(self, element: Element, attribute: str) -> str:
        """Return the text of the elements whose identities an attribute contains."""
        identities = (element.attr(attribute) or "").split()
        return " ".join(filter(None, (self.text_at(f'[id="{each}"]') for each in identities)))

    def names(self, control: Control) -> Sequence[str]:
        """Return a name for each different control of this kind: its text, or its attributes."""
        elements = self._document.select(_SELECTORS[control])
        return list(dict.fromkeys(_name(element, control) for element in elements))


def _name(element: Element, control: Control) -> str:
    label = element.attr("aria-label") or _text(element)
    if control is Control.LINK:
        return f"“{label}”"
    shown = [f"“{label}”"] if label and control is Control.BUTTON else []
    marks = "".join(_marks(element))
    return " ".join([*shown, *([marks] if marks else [])]) or f"<{element.tag}>"


def _start_tag(element: Element) -> str:
    is_hidden = element.attr("type") == "hidden"
    written = [
        f'{name}="{element.attr(name)}"' if element.attr(name) else name
        for name in element.attrs
        if not (is_hidden and name == "value")
    ]
    return f"<{' '.join([element.tag, *written])}>"


def _marks(element: Element) -> Iterator[str]:
    if identity := element.attr("id"):
        yield f"#{identity}"
    elif classes := (element.attr("class") or "").split():
        yield f".{classes[-1]}"
    if name := element.attr("name"):
        yield f"[name={name}]"


def _text(element: Element) -> str:
    return " ".join(element.text.split())
