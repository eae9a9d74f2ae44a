"""Finds the lines of a file in a later version of it."""

import difflib
from collections.abc import Mapping, Sequence


def old_lines(before: str, after: str) -> Mapping[int, Sequence[int]]:
    """Return the lines of the first text from which each line of the second one comes.

    Lines are counted from 1. A line that is new or changed comes from those that it replaces, and
    from those around these.
    """
    ours, theirs = before.splitlines(), after.splitlines()
    found: dict[int, Sequence[int]] = {}
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        for new in range(new_first, new_last):
            if tag == "equal":
                found[new + 1] = [first + new - new_first + 1]
            else:
                around = range(max(first, 1), min(last + 1, len(ours)) + 1)
                found[new + 1] = list(around)
    return found
