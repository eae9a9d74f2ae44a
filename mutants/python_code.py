"""Mutants of Python code: mutmut's operators, and ours for what it does not know."""

import ast
from collections.abc import Iterator
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from libcst.metadata import WhitespaceInclusivePositionProvider as WholePositionProvider

from mutants.change import Change, mutants_of_file
from mutants.mutant import Kind, Mutant
from mutants.python_expressions import changed_expressions
from mutants.python_mutmut import changed_by_mutmut
from mutants.python_places import Place, is_skipped
from mutants.python_statements import changed_statements, removed_decorators


def mutants_of_python(path: str, source: str) -> Iterator[Mutant]:
    """Change a module of the site, in each way that another meaning comes of."""
    original = ast.dump(ast.parse(source))
    for mutant in mutants_of_file(path, source, _kind_of(path), _Module(path, source).changes()):
        try:
            changed = ast.dump(ast.parse(mutant.texts[path]))
        except SyntaxError:
            continue
        if changed != original:
            yield mutant


def _kind_of(path: str) -> Kind:
    name = path.rpartition("/")[2]
    if name == "settings.py" or name.startswith("environment_"):
        return Kind.SETTING
    return Kind.EMAIL if name == "mail.py" else Kind.CODE


class _Module:
    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._source = source
        wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
        self._module = wrapper.module
        self._whole = wrapper.resolve(WholePositionProvider)
        self._positions = wrapper.resolve(PositionProvider)

    def changes(self) -> Iterator[Change]:
        return self._below(Place(self._module, (), self._path))

    def _below(self, place: Place) -> Iterator[Change]:
        if is_skipped(place):
            return
        yield from self._at(place)
        for child in place.node.children:
            yield from self._below(Place(child, (*place.above, place.node), self._path))

    def _at(self, place: Place) -> Iterator[Change]:
        for new in (*changed_by_mutmut(place), *changed_expressions(place)):
            yield self._replaced(place.node, new)
        for statement, text in changed_statements(place):
            start, end = self._span(self._positions[statement])
            yield Change(start, end, text)
        for decorator in removed_decorators(place):
            yield self._without_lines(decorator)

    def _replaced(self, node: cst.CSTNode, new: cst.CSTNode | str) -> Change:
        if isinstance(node, cst.Match) and isinstance(new, cst.Match):
            (removed,) = set(node.cases) - set(new.cases)
            return self._without_lines(removed)
        start, end = self._span(self._whole[node])
        return Change(start, end, new if isinstance(new, str) else self._module.code_for_node(new))

    def _without_lines(self, node: cst.CSTNode) -> Change:
        lines = self._positions[node]
        starts = self._line_starts
        return Change(starts[lines.start.line - 1], starts[lines.end.line])

    def _span(self, position: CodeRange) -> tuple[int, int]:
        starts = self._line_starts
        return (
            starts[position.start.line - 1] + position.start.column,
            starts[position.end.line - 1] + position.end.column,
        )

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self._source.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts
