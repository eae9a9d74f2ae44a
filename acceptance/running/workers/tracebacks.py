"""Tracebacks for another process: the origin of an error, as Python would show it here."""

import ast
import itertools
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType


@dataclass(frozen=True)
class Entry:
    """One call of a traceback.

    Attributes:
        file, line, function: its place in the source.
        end_line, column, end_column: the part of the source to mark, with columns in bytes from 0;
            None if it is not known.

    """

    file: str
    line: int
    function: str
    end_line: int | None
    column: int | None
    end_column: int | None


def entries_of(trace: TracebackType | None) -> Sequence[Entry]:
    """Return the entries of a traceback."""
    entries = []
    while trace is not None:
        code = trace.tb_frame.f_code
        # Instructions take two bytes each.
        positions = itertools.islice(code.co_positions(), trace.tb_lasti // 2, None)
        _, end_line, column, end_column = next(positions, (None, None, None, None))
        entries.append(
            Entry(code.co_filename, trace.tb_lineno, code.co_name, end_line, column, end_column)
        )
        trace = trace.tb_next
    return entries


def traceback_of(entries: Iterable[Entry]) -> TracebackType | None:
    """Return a traceback that shows these entries; its frames are empty."""
    trace: TracebackType | None = None
    for entry in reversed([*entries]):
        frame, instruction = _raise_at(entry)
        trace = TracebackType(trace, frame, instruction, entry.line)
    return trace


def _raise_at(entry: Entry) -> tuple[FrameType, int]:
    """Raise an error at the same place, and return the frame and the instruction."""
    statement = ast.Raise(
        lineno=entry.line,
        end_lineno=entry.end_line or entry.line,
        col_offset=entry.column or 0,
        end_col_offset=entry.end_column or 0,
    )
    code = compile(ast.Module([statement], []), entry.file, "exec")
    try:
        exec(code.replace(co_name=entry.function), {})  # noqa: S102 (a `raise`)
    except RuntimeError as error:
        frame, _ = list(traceback.walk_tb(error.__traceback__))[-1]
        inner = error.__traceback__
        while inner is not None and inner.tb_next is not None:
            inner = inner.tb_next
        return frame, inner.tb_lasti if inner else 0
    raise AssertionError(entry)
