"""Mutants of the style sheet: of what it promises to people, and not of its taste."""

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from mutants.changes.change import Change, mutants_of_file
from mutants.changes.syntax import Syntax, parse, walk
from mutants.mutant import Kind, Mutant

_PROMISES = (
    "clip-path",
    "display",
    "height",
    "inset",
    "min-height",
    "min-width",
    "order",
    "outline",
    "overflow",
    "overflow-wrap",
    "padding-left",
    "padding-right",
    "position",
    "scroll-margin-top",
    "scroll-padding-top",
    "text-decoration",
    "white-space",
    "width",
    "z-index",
)
"""Properties that decide what can be seen, read and pressed."""

_TASTE = (
    *("background", "border", "box-shadow", "color", "cursor", "font", "gap", "list-style"),
    *("margin", "max-width", "padding-block", "padding-bottom", "padding-top", "text-align"),
    *("text-wrap", "--bs-btn"),
)
"""The beginnings of properties that no one misses who does not know them."""

_DISTANCES = ("padding",)
"""Whole properties of that kind; padding of one side may keep text clear of what lies above it."""

_EMPTY = ('""', "''")
_DRAWN = ("background", "border")
"""The content of a pseudo-element without text, and what draws a line or an area with it."""

_COLOURS_OF_TEXT = ("--ink", "--ink-soft", "--teal", "--red")
_GROUND = "--paper"
"""Custom properties: of texts, and of what they are written on."""


def mutants_of_style_sheet(path: str, source: str) -> Iterator[Mutant]:
    """Change a style sheet."""
    yield from mutants_of_file(path, source, Kind.STYLE, _changes(source))


def _changes(source: str) -> Iterator[Change]:
    for node in walk(parse(source, Syntax.CSS)):
        match node.type:
            case "rule_set":
                yield from _changes_of_rule(node, source)
            case "media_statement":
                yield Change(node.start_byte, node.end_byte)
                block = node.named_children[-1]
                yield Change(node.start_byte, block.start_byte, "@media all ")


def _text(node: Node, source: str) -> str:
    return source[node.start_byte : node.end_byte]


def _changes_of_rule(rule: Node, source: str) -> Iterator[Change]:
    declarations = _declarations(rule, source)
    if _is_ornament(declarations, source):
        return
    if not all(name.startswith(_TASTE) or name in _DISTANCES for name, _ in declarations):
        yield Change(rule.start_byte, rule.end_byte)
    for name, node in declarations:
        # A rule of one declaration is removed as a whole.
        if name in _PROMISES and len(declarations) > 1:
            yield Change(node.start_byte, node.end_byte)
        if name in _COLOURS_OF_TEXT:
            yield Change(node.start_byte, node.end_byte, f"{name}: var({_GROUND});")


def _is_ornament(declarations: Sequence[tuple[str, Node]], source: str) -> bool:
    """Whether a rule draws a pseudo-element without text, such as a line in a margin."""
    is_empty = any(
        name == "content" and _text(node.named_children[-1], source) in _EMPTY
        for name, node in declarations
    )
    return is_empty and any(name.startswith(_DRAWN) for name, _ in declarations)


def _declarations(rule: Node, source: str) -> list[tuple[str, Node]]:
    """Return each declaration of the rule with the name of its property."""
    return [
        (_text(node.named_children[0], source), node)
        for node in rule.named_children[-1].named_children
        if node.type == "declaration"
    ]
