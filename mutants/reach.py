"""Which tests reach which lines of the site."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

from acceptance.whole_file import write_whole
from mutants.changed_lines import (
    changed_lines,
    function_lines,
    imported_lines,
    lines_of_statements,
)
from mutants.moved_lines import old_lines
from mutants.mutant import Mutant

PYTHON = ".py"
TEMPLATES = (".html", ".txt")

WHOLE_FILE = 0
"""The number of the line that stands for a whole static file."""

# Tags without a node of their own: their lines belong to the tag that they continue or end.
_CONTINUED = re.compile(r"{%-?\s*(elif|else|empty|end\w+)\b")


@dataclass(frozen=True)
class Reach:
    """The lines that each test of a stage reaches.

    Attributes:
        seconds: how long each test takes, by its name.
        lines: the names of the tests that reach a line, by file and line (as a text, as in JSON).
        at_start: the lines of functions that run when the site is imported, by file.
        sources: the text of each file of the site when this was recorded, by path.

    """

    seconds: Mapping[str, float]
    lines: Mapping[str, Mapping[str, Sequence[str]]]
    at_start: Mapping[str, Sequence[int]]
    sources: Mapping[str, str] = field(default_factory=dict)

    def write(self, file: Path) -> None:
        """Write it to a file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """Read it from a file; None if there is none that can be read."""
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def changed_files(self, sources: Mapping[str, str]) -> list[str]:
        """Return the paths of the files that have another text than when this was recorded."""
        paths = {*self.sources, *sources}
        return sorted(path for path in paths if self.sources.get(path) != sources.get(path))

    def moved_to(self, sources: Mapping[str, str]) -> Self:
        """Return what the tests most likely reach in other versions of the files.

        What has not changed is reached by the same tests as before, and what is new by those that
        reach the lines around it.

        Args:
            sources: the text of each file of the site, by path.

        """
        lines, at_start = dict(self.lines), dict(self.at_start)
        for path in self.changed_files(sources):
            known, started = self.lines.get(path, {}), set(self.at_start.get(path, ()))
            if str(WHOLE_FILE) in known:
                continue
            old = old_lines(self.sources.get(path, ""), sources.get(path, ""))
            lines[path] = {
                str(new): names
                for new, numbers in old.items()
                if (
                    names := sorted({name for each in numbers for name in known.get(str(each), ())})
                )
            }
            at_start[path] = [new for new, numbers in old.items() if started.intersection(numbers)]
        return replace(self, lines=lines, at_start=at_start, sources=sources)

    def tests_of(self, mutant: Mutant, originals: Mapping[str, str]) -> list[str]:
        """Return the tests that reach what a mutant changes, in the order in which to run them.

        They are the quickest first; or those that reach the most first, if all tests reach it.

        Args:
            mutant: the mutant.
            originals: the text of each file that it changes, by path; files that it adds are left
                out.

        """
        found: set[str] = set()
        for path, text in mutant.texts.items():
            before = originals.get(path)
            if before is None:
                return self._depending(path, "")
            lines = changed_lines(before, text)
            if path.endswith(PYTHON):
                if self.runs_at_start(path, before, text):
                    return self._depending(path, before)
                found.update(self.reaching(path, before, text))
            elif path.endswith(TEMPLATES):
                found.update(self._reaching_template(path, before, lines))
            else:
                found.update(self.reaching_file(path))
        return sorted(found, key=self.price)

    def runs_at_start(self, path: str, before: str, after: str) -> bool:
        """Whether any changed line of a module runs when the site is imported."""
        statements = lines_of_statements(before, changed_lines(before, after))
        return bool(statements & (imported_lines(before) | set(self.at_start.get(path, ()))))

    def reaching(self, path: str, before: str, after: str) -> set[str]:
        """Return the tests that run any changed line of a module."""
        return self._reaching(path, lines_of_statements(before, changed_lines(before, after)))

    def reaching_file(self, path: str) -> set[str]:
        """Return the tests that reach any line of a file."""
        return {name for names in self.lines.get(path, {}).values() for name in names}

    def shares_of(self, path: str) -> Mapping[str, float]:
        """Return how much each test is about a file.

        The tests that reach a line share it: what only one test reaches counts 1 for that test,
        and what all reach counts little for each.
        """
        shares: dict[str, float] = defaultdict(float)
        for names in self.lines.get(path, {}).values():
            for name in names:
                shares[name] += 1 / len(names)
        return shares

    def in_order(self) -> list[str]:
        """Return all tests; each reaches the most new lines for the time that it takes."""
        lines: dict[str, set[tuple[str, str]]] = {name: set() for name in self.seconds}
        for path, known in self.lines.items():
            for line, names in known.items():
                for name in names:
                    lines[name].add((path, line))
        order = []
        while lines:
            best = max(lines, key=lambda name: len(lines[name]) / self.price(name))
            new = lines.pop(best)
            if not new:
                break
            order.append(best)
            for others in lines.values():
                others.difference_update(new)
        rest = set(self.seconds) - set(order)
        return [*order, *sorted(rest, key=self.price)]

    def _depending(self, path: str, text: str) -> list[str]:
        """Return the tests that may depend on a file with this text, in the order to run them.

        What a module defines for its functions concerns no test if none runs any of them.
        """
        return self.in_order() if self._runs_functions(path, text) else []

    def _runs_functions(self, path: str, text: str) -> bool:
        """Whether any test, or the start of the site, runs a function of a module that has some."""
        functions = function_lines(text) if path.endswith(PYTHON) else set()
        run = {*map(int, self.lines.get(path, {})), *self.at_start.get(path, ())}
        return not functions or bool(functions & run)

    def price(self, name: str) -> float:
        """Return how many seconds a test takes, which are never none."""
        return max(self.seconds[name], 0.001)

    def _reaching(self, path: str, lines: set[int]) -> set[str]:
        known = self.lines.get(path, {})
        return {name for line in lines for name in known.get(str(line), ())}

    def _reaching_template(self, path: str, text: str, lines: set[int]) -> set[str]:
        known = self.lines.get(path, {})
        starts = sorted(map(int, known))
        source = text.splitlines()
        reached: set[int] = set()
        for line in lines:
            if line <= len(source) and _CONTINUED.search(source[line - 1]):
                return self.reaching_file(path)
            # A text that begins on an earlier line may go on here.
            before = [each for each in starts if each < line]
            reached.update({line, *before[-1:]})
        return self._reaching(path, reached)
