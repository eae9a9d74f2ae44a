"""Which lines a mutant changes, and which lines of a module run when it is imported."""

import ast
import difflib
import inspect
from collections.abc import Iterator
from functools import cache
from types import CodeType


def changed_lines(before: str, after: str) -> set[int]:
    """Return the lines of the first text that differ in the second, counted from 1.

    Where lines were only added, these are the lines around them.
    """
    ours, theirs = before.splitlines(), after.splitlines()
    start = 0
    while start < min(len(ours), len(theirs)) and ours[start] == theirs[start]:
        start += 1
    ours_left, theirs_left = ours[start:], theirs[start:]
    lines: set[int] = set()
    matcher = difflib.SequenceMatcher(None, ours_left, theirs_left, autojunk=False)
    for tag, first, last, _, _ in matcher.get_opcodes():
        if tag == "insert":
            lines.update({start + first, start + first + 1} & set(range(1, len(ours) + 1)))
        elif tag != "equal":
            lines.update(range(start + first + 1, start + last + 1))
    return lines


def lines_of_statements(source: str, lines: set[int]) -> set[int]:
    """Return all lines of the innermost statements that contain any of the lines.

    Of a compound statement, only its head counts.
    """
    spans = list(_spans(ast.parse(source)))
    found: set[int] = set()
    for line in lines:
        around = sorted((span for span in spans if line in span), key=len)
        found.update(around[0] if around else {line})
    return found


def _spans(tree: ast.AST) -> Iterator[range]:
    for node in ast.walk(tree):
        if isinstance(node, ast.match_case):
            yield range(node.pattern.lineno, _first_line(node.body[0]))
        elif isinstance(node, ast.stmt | ast.excepthandler):
            last = node.end_lineno or node.lineno
            body = getattr(node, "body", None)
            if isinstance(body, list) and body:
                last = max(node.lineno, _first_line(body[0]) - 1)
            yield range(_first_line(node), last + 1)


def _first_line(node: ast.stmt | ast.excepthandler) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


@cache
def imported_lines(source: str) -> frozenset[int]:
    """Return the lines of a module that run when it is imported: all outside of functions."""
    return frozenset(_lines(_compiled(source), functions=False))


@cache
def function_lines(source: str) -> frozenset[int]:
    """Return the lines of a module that run only when its functions are called."""
    return frozenset(_lines(_compiled(source), functions=True)) - imported_lines(source)


def _compiled(source: str) -> CodeType:
    return compile(source, "module", "exec", dont_inherit=True)


def _lines(code: CodeType, *, functions: bool) -> Iterator[int]:
    """Yield the lines of code and of the classes in it, and of the functions if these count."""
    yield from (line for _, _, line in code.co_lines() if line)
    for each in code.co_consts:
        is_code = isinstance(each, CodeType)
        if is_code and (functions or not each.co_flags & inspect.CO_OPTIMIZED):
            yield from _lines(each, functions=functions)
