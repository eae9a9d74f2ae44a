"""Parse the languages of web pages with tree-sitter, whose trees keep every position."""

from collections.abc import Iterator
from enum import Enum

import tree_sitter_css
import tree_sitter_html
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser


class Syntax(Enum):
    """A language of web pages."""

    CSS = Language(tree_sitter_css.language())
    HTML = Language(tree_sitter_html.language())
    JAVASCRIPT = Language(tree_sitter_javascript.language())


def parse(text: str, syntax: Syntax) -> Node:
    """Return the root of the text's tree; its offsets count characters."""
    # tree-sitter counts bytes.
    one_byte_each = "".join(character if character.isascii() else "x" for character in text)
    return Parser(syntax.value).parse(one_byte_each.encode("ascii")).root_node


def walk(node: Node) -> Iterator[Node]:
    """Return the node and all below it, in the order of the text."""
    yield node
    for child in node.named_children:
        yield from walk(child)
