"""The text of a Python module together with its syntax tree."""

from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from libcst.metadata import WhitespaceInclusivePositionProvider as WholePositionProvider

from mutants.changes.change import Change


class PythonSource:
    """A module, whose nodes can be replaced in its text.

    Attributes:
        path: of the file.
        text: all of it.
        module: its syntax tree.

    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self.module = wrapper.module
        self._whole = wrapper.resolve(WholePositionProvider)
        self._positions = wrapper.resolve(PositionProvider)

    def with_node(self, node: cst.CSTNode, new: cst.CSTNode) -> Change:
        """Put another node in the place of this one; neither may be a compound statement."""
        start, end = self._span(self._whole[node])
        return Change(start, end, self.module.code_for_node(new))

    def with_text(self, node: cst.CSTNode, text: str) -> Change:
        """Put a text in the place of a node, inside its parentheses if it has any."""
        start, end = self._span(self._positions[node])
        return Change(start, end, text)

    def without_lines(self, node: cst.CSTNode) -> Change:
        """Remove the lines on which the node stands."""
        lines, starts = self._positions[node], self._line_starts
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
        for line in self.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts
