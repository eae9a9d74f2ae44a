"""Templates with other markup that means the same."""

import re
from collections.abc import Callable, Iterator

_DJANGO = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
_VALUE = r"\"[^\"]*\"|'[^']*'"
_START_TAG = re.compile(
    rf"<(?P<name>[a-z][\w-]*)(?P<attributes>(?:{_DJANGO}|{_VALUE}|[^<>\"'{{])*?)(?P<end>/?>)"
)
_PART = re.compile(rf"(?P<django>{_DJANGO})|(?P<attribute>[^\s=>{{]+(?:=(?:{_VALUE}))?)")
_OPENS = re.compile(r"\{%\s*if\b")
_CLOSES = re.compile(r"\{%\s*endif\b")
_CLASS = re.compile(r'(?<=[\s"%}])class="(?P<names>[^"]*)"')
_LINE_BREAK = re.compile(r"[ \t]*\n\s*")


def with_reversed_attributes(template: str) -> str:
    """Return a template whose elements have their attributes in the opposite order."""
    return _with_attributes(template, lambda attributes: "".join(reversed(_units(attributes))))


def with_more_attributes(template: str) -> str:
    """Return a template whose elements have one more class, before their own, and data."""

    def with_more(attributes: str) -> str:
        named = with_classes(attributes, lambda names: f"part {names}".rstrip())
        named = named if _CLASS.search(attributes) else f' class="part"{attributes}'
        return f' data-part="page"{named}'

    return _with_attributes(template, with_more)


def with_looser_lines(template: str) -> str:
    """Return a template with blank lines and tabs wherever it begins a new line."""
    return _LINE_BREAK.sub("\n\n\t\t", template)


def with_classes(markup: str, change: Callable[[str], str]) -> str:
    """Return markup in which the value of each `class` attribute is changed."""
    return _CLASS.sub(lambda found: f'class="{change(found["names"])}"', markup)


def class_values(markup: str) -> Iterator[str]:
    """Return the value of each `class` attribute."""
    return (found["names"] for found in _CLASS.finditer(markup))


def _with_attributes(template: str, change: Callable[[str], str]) -> str:
    def changed(found: re.Match[str]) -> str:
        return f"<{found['name']}{change(found['attributes'])}{found['end']}"

    return _START_TAG.sub(changed, template)


def _units(attributes: str) -> list[str]:
    """Return the attributes, each with a space before it, and what depends on a condition whole."""
    units: list[str] = []
    conditional, depth = "", 0
    position = 0
    for part in _PART.finditer(attributes):
        text = part[0]
        depth += bool(_OPENS.match(text))
        if depth:
            # The spaces within a condition separate its attributes from those around it.
            conditional += attributes[position : part.end()] if conditional else text
        else:
            units.append(f" {text}")
        if _CLOSES.match(text):
            depth -= 1
            if not depth:
                units.append(conditional)
                conditional = ""
        position = part.end()
    return units
