"""Which lines of a script have not run, as V8 measures it (Chrome DevTools Protocol, Profiler)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any


def lines_not_run(source: str, functions: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Return the numbers of the lines with code of which nothing has run, counted from 1.

    Args:
        source: the text of the script.
        functions: its functions as `Profiler.takePreciseCoverage` reports them: each has ranges,
            and a range within another one replaces its count.

    """
    has_run = [True] * len(source)
    ranges = (each for function in functions for each in function["ranges"])
    for each in sorted(ranges, key=lambda each: (each["startOffset"], -each["endOffset"])):
        start, end = each["startOffset"], min(each["endOffset"], len(source))
        has_run[start:end] = [each["count"] > 0] * (end - start)
    found, begin = [], 0
    for number, line in enumerate(source.splitlines(keepends=True), 1):
        code = [begin + index for index, character in enumerate(line) if character.isalnum()]
        if code and not any(has_run[index] for index in code):
            found.append(number)
        begin += len(line)
    return found


def in_words(numbers: Iterable[int]) -> str:
    """Return line numbers in words, such as "line 3, lines 9 to 16"."""
    runs = groupby(enumerate(numbers), key=lambda each: each[1] - each[0])
    parts = []
    for _, run in runs:
        first, *others = (number for _, number in run)
        parts.append(f"lines {first} to {others[-1]}" if others else f"line {first}")
    return ", ".join(parts)
