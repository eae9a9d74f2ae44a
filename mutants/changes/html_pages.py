"""Changed texts, elements and attributes of HTML."""

from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from mutants.changes.change import Change
from mutants.changes.syntax import Syntax, parse, walk

_START_TAGS = ("start_tag", "self_closing_tag")
_TAGS = (*_START_TAGS, "end_tag")

_MEANING = frozenset(
    ("bdi", "h1", "h2", "header", "label", "main", "nav", "section", "strong", "table", "ul")
)
"""Elements whose tag means something beside what it contains, and beside its attributes."""

_HIDES = "visually-hidden"
"""The class that means something by itself; the rules for others are changed in the style sheet."""

_SHAPES = frozenset({"d", "height", "viewbox", "width"})
_RESOURCES = frozenset({"img", "link", "meta", "script"})
"""Elements that are nothing without an attribute; they are removed as a whole."""

_ADDRESSES = frozenset({"action", "formaction", "href", "src"})
_OTHER_TYPES: Mapping[str, str] = {
    "checkbox": "text",
    "email": "text",
    "hidden": "text",
    "submit": "button",
}
_HOME = "{% url 'lists:home' %}"
_ELSEWHERE = "{% url 'lists:mine' %}"


def is_in_tag(page: str) -> Callable[[Change], bool]:
    """Return a function that decides whether a change lies inside a tag, as attributes do."""
    spans = [
        (node.start_byte, node.end_byte)
        for node in walk(parse(page, Syntax.HTML))
        if node.type in _TAGS
    ]

    def decides(change: Change) -> bool:
        return any(start < change.start and change.end < end for start, end in spans)

    return decides


def changed_html(source: str, page: str) -> Iterator[Change]:
    """Change the HTML of a template.

    Args:
        source: the template.
        page: the same, with spaces in the place of Django's tags and variables.

    """
    for node in walk(parse(page, Syntax.HTML)):
        match node.type:
            case "text":
                yield from _without_texts(node, page)
            case "element" | "script_element":
                yield from _without_element(node, source)
                tag = node.named_children[0]
                name = _text(tag.named_children[0], source).lower()
                for attribute in tag.named_children[1:]:
                    if attribute.type == "attribute":
                        yield from _other_attribute(name, attribute, source)


def _text(node: Node, source: str) -> str:
    return source[node.start_byte : node.end_byte]


def _without_texts(node: Node, page: str) -> Iterator[Change]:
    """Leave out each part of the text that lies between tags, of HTML or of Django.

    No part gets other words, because no test should notice those if no rule is about them.
    """
    start = node.start_byte
    for line in _text(node, page).split("  "):
        text = line.strip()
        if any(map(str.isalpha, text)):
            place = start + line.index(text)
            yield Change(place, place + len(text))
        start += len(line) + 2


def _without_element(node: Node, source: str) -> Iterator[Change]:
    """Leave out an element without content or an icon, or the tags alone of one with a meaning."""
    tag, *content = node.named_children
    name = _text(tag.named_children[0], source).lower()
    end = content[-1] if content and content[-1].type == "end_tag" else None
    inside = source[tag.end_byte : end.start_byte] if end else ""
    # In one with a text or a variable, that is changed.
    if not inside or name == "svg":
        yield Change(node.start_byte, (end or tag).end_byte)
    if end and name in _MEANING:
        yield Change(node.start_byte, node.end_byte, inside)


def _other_attribute(element: str, attribute: Node, source: str) -> Iterator[Change]:
    name = _text(attribute.named_children[0], source).lower()
    if name in _SHAPES or element in _RESOURCES:
        return
    without = Change(attribute.start_byte - 1, attribute.end_byte)
    value = attribute.named_children[1] if len(attribute.named_children) > 1 else None
    if value is None:
        yield without
        return
    start, end = value.start_byte + 1, value.end_byte - 1
    old = source[start:end]
    if name == "class":
        if _HIDES in old.split():
            yield without
    elif name == "type":
        if old in _OTHER_TYPES:
            yield Change(start, end, _OTHER_TYPES[old])
    elif name == "method":
        yield Change(start, end, "get")
    elif name in _ADDRESSES:
        yield Change(start, end, _ELSEWHERE if old == _HOME else _HOME)
    else:
        yield without
