"""Python's tracebacks as text: the exceptions that they name, and where those were raised."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath

_HEADING = "Traceback (most recent call last):"
_DIRECT_CAUSE = "The above exception was the direct cause of the following exception:"

_FRAME = re.compile(r'  File "(?P<path>[^"]+)", line (?P<line>\d+), in ')
_LIBRARY = re.compile(r"/site-packages/|/lib/python3")


@dataclass(frozen=True)
class RaisedException:
    """An exception and the frames through which it passed.

    Attributes:
        lines: the lines of its traceback, below the heading.
        is_direct_cause: whether the exception after it was raised from it (`raise … from …`).

    """

    lines: tuple[str, ...]
    is_direct_cause: bool = False

    @property
    def named(self) -> str:
        """The line that names it; the last line if the traceback is cut off."""
        # Frames are indented.
        named = [line for line in self.lines if line and not line.startswith(" ")]
        return named[0] if named else next(reversed(self.lines), "")

    @property
    def message(self) -> str:
        """Its message, or its type if it has none."""
        kind, _, message = self.named.partition(": ")
        return message or kind

    @property
    def place(self) -> str:
        """The place outside libraries at which it passed last, or ""."""
        frames = [found for line in self.lines if (found := _FRAME.match(line))]
        own = [each for each in frames if not _LIBRARY.search(each["path"])]
        if not own:
            return ""
        return f"{'/'.join(PurePath(own[-1]['path']).parts[-2:])}:{own[-1]['line']}"


def has_traceback(lines: Iterable[str]) -> bool:
    """Whether there is a traceback among these lines."""
    return _HEADING in lines


def direct_causes(lines: Sequence[str]) -> Sequence[RaisedException]:
    """Return the exception that a text ends with, after those that it was raised from.

    Args:
        lines: the text, which has at least one traceback.

    """
    raised = list(_raised(lines))
    causes = list(takewhile(lambda each: each.is_direct_cause, reversed(raised[:-1])))
    return [*reversed(causes), raised[-1]]


def origin(lines: Sequence[str], known: str = "") -> str:
    """Return what a traceback adds to the name of its exception, to be put after that name.

    Args:
        lines: the text, which has at least one traceback.
        known: what is known already: the name of the exception, or a text that contains it.

    """
    causes = direct_causes(lines)
    first = causes[0]
    added = "" if first.message in (known or causes[-1].named) else f", caused by {first.named}"
    # An error of a database is raised in libraries alone.
    place = next((each.place for each in causes if each.place), "")
    return f"{added} ({place})" if place else added


def without_libraries(traceback: str) -> str:
    """Return a traceback without the frames of libraries."""
    return "\n".join(outside_libraries(traceback.splitlines()))


def outside_libraries(lines: Iterable[str]) -> Iterator[str]:
    """Yield these lines without the frames of libraries."""
    in_library = False
    for line in lines:
        if found := _FRAME.match(line):
            in_library = bool(_LIBRARY.search(found["path"]))
        elif not line.startswith("    "):
            in_library = False
        if not in_library:
            yield line


def _raised(lines: Sequence[str]) -> Iterator[RaisedException]:
    starts = [number for number, line in enumerate(lines) if line == _HEADING]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        own = tuple(lines[start + 1 : end])
        yield RaisedException(own, is_direct_cause=_DIRECT_CAUSE in own)
