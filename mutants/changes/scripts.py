"""Mutants of the scripts of pages."""

from collections.abc import Iterator

from tree_sitter import Node

from mutants.changes.change import Change, mutants_of_file
from mutants.changes.syntax import Syntax, parse, walk
from mutants.mutant import Kind, Mutant

_STATEMENTS = ("expression_statement", "lexical_declaration", "return_statement")


def mutants_of_script(path: str, source: str) -> Iterator[Mutant]:
    """Change a script: all of it, a statement, a condition, a text, a number, an option."""
    yield from mutants_of_file(path, source, Kind.SCRIPT, _changes(source))


def _changes(source: str) -> Iterator[Change]:
    yield Change(0, len(source))
    for node in walk(parse(source, Syntax.JAVASCRIPT)):
        start, end = node.start_byte, node.end_byte
        match node.type:
            case "if_statement":
                yield from _forced(node)
            case kind if kind in _STATEMENTS:
                yield Change(start, end, ";")
            case "string_fragment":
                yield Change(start, start, "xx")
            case "true" | "false":
                yield Change(start, end, "false" if node.type == "true" else "true")
            case "optional_chain":
                yield Change(start, end, ".")
            case "number":
                yield Change(start, end, "0")
            case "unary_expression" if source[start] == "!":
                yield Change(start, start + 1)


def _forced(statement: Node) -> Iterator[Change]:
    condition = statement.child_by_field_name("condition")
    if condition:
        for value in ("true", "false"):
            yield Change(condition.start_byte, condition.end_byte, f"({value})")
