"""Replace a part of a file's text, and make a mutant of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile

from mutants.mutant import Kind, Mutant

NOTHING = "pass"
"""Python's statement in the place of one that was removed."""


@dataclass(frozen=True)
class Change:
    """Another text for a part of a file.

    Attributes:
        start: where the part begins, in characters.
        end: where it ends; equal to `start` if something is inserted.
        text: what stands there instead.

    """

    start: int
    end: int
    text: str = ""

    def apply(self, source: str) -> str:
        """Return the whole text of the file with the change."""
        return source[: self.start] + self.text + source[self.end :]


def mutants_of_file(
    path: str, source: str, kind: Kind, changes: Iterable[Change]
) -> Iterator[Mutant]:
    """Make a mutant of each change, in the file's order; of changes with equal results, of one.

    Args:
        path: of the file, below the root of the project, with slashes.
        source: its whole text.
        kind: what the changes change.
        changes: of this file, in any order.

    """
    results = {source}
    mutants = []
    for change in sorted(changes, key=lambda each: (each.start, each.end, each.text)):
        result = change.apply(source)
        if result not in results:
            results.add(result)
            line, before, after = _difference(source, result)
            mutants.append(Mutant("", kind, path, line, before, after, {path: result}))
    yield from sorted(mutants, key=lambda mutant: mutant.line)


def with_names(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Give each mutant its name.

    The name is made of the path and of the changed lines without their indentation, so edits
    elsewhere in the file do not change it. Of several equal changes in a file, each has a number.
    """
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for mutant in mutants:
        key = (mutant.path, mutant.kind, mutant.before, mutant.after)
        seen[key] += 1
        digest = sha256("\0".join((*key, str(seen[key]))).encode()).hexdigest()
        name = f"{mutant.path} {digest[:8]}"
        yield Mutant(
            name, mutant.kind, mutant.path, mutant.line, mutant.before, mutant.after, mutant.texts
        )


def _difference(source: str, result: str) -> tuple[int, str, str]:
    """Return the first line that differs, and what differs before and after, each as one line."""
    old, new = ([line.strip() for line in text.split("\n")] for text in (source, result))
    first = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    old, new = old[first:], new[first:]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    before, after = (" ".join(" ".join(lines).split()) for lines in (old, new))
    return first + 1, before, "" if after == NOTHING else after
