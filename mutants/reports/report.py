"""The result of a run: for people a page and lines on the terminal, for programs JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from mutants.met import Met
from mutants.reports.known import Known
from mutants.reports.page import page
from mutants.reports.score import Score, scores_of, table_of
from mutants.reports.survivors import Survivor, stale_entries, survivors_of


@dataclass(frozen=True)
class Report:
    """What a run found.

    Attributes:
        met: all mutants of the run.
        known: the survivors that have a reason.
        is_whole: whether it is about all files of the site.

    """

    met: Sequence[Met]
    known: Sequence[Known]
    is_whole: bool

    @cached_property
    def scores(self) -> list[Score]:
        """By kind and in all."""
        return scores_of(self.met, self.known)

    @cached_property
    def survivors(self) -> list[Survivor]:
        """Group by group."""
        return survivors_of(self.met, self.known)

    @property
    def new(self) -> list[Survivor]:
        """The survivors without a reason."""
        return [survivor for survivor in self.survivors if survivor.known is None]

    @cached_property
    def stale(self) -> list[Known]:
        """The entries that mean no survivor any more."""
        # What an entry about several files means shows only in a run of all files.
        judged = [each for each in self.known if self.is_whole or "*" not in each.path]
        return stale_entries(self.met, judged) if self.left == 0 else []

    @property
    def left(self) -> int:
        """How many mutants have not met all tests, because the time was up."""
        return sum(not each.is_done for each in self.met)

    @property
    def is_good(self) -> bool:
        """Whether all mutants met their tests, and what survived is what is known."""
        return not (self.new or self.stale or self.left)

    def write(self, folder: Path) -> Path:
        """Write `mutants.html` and `mutants.json`, and return the page."""
        folder.mkdir(parents=True, exist_ok=True)
        html = folder / "mutants.html"
        html.write_text(page(self.scores, self.survivors, self.stale, self.left), encoding="utf-8")
        (folder / "mutants.json").write_text(json.dumps(self.as_json(), indent=2), encoding="utf-8")
        return html

    def as_json(self) -> dict[str, object]:
        """Return the report in JSON's types.

        `complete` is whether all mutants of the site met all their tests. `reason` and
        `equivalent` of a survivor are null if it is new.
        """
        return {
            "complete": self.is_whole and not self.left,
            "left": self.left,
            "scores": [asdict(score) for score in self.scores],
            "survivors": [_as_json(survivor) for survivor in self.survivors],
            "stale_entries": [asdict(entry) for entry in self.stale],
        }

    def text(self) -> str:
        """Return what a terminal shows: the table, and below it what there is to do."""
        parts = [table_of(self.scores)]
        parts.extend(
            f"{each.place}: {each.met.mutant.before} -> {each.met.mutant.after or '(removed)'}"
            for each in self.new
        )
        if self.new:
            parts.append(
                f"No test notices {len(self.new)} new mutants: notice them in a scenario or a unit "
                "test, or name the reason in mutants/known.toml."
            )
        parts.extend(
            f"known.toml: {entry.path}: {entry.before} -> {entry.after or '(removed)'} means no "
            "mutant that survives: remove it."
            for entry in self.stale
        )
        if self.left:
            parts.append(f"{self.left} mutants have not met all tests yet: type the command again.")
        return "\n".join(parts)


def _as_json(survivor: Survivor) -> dict[str, object]:
    mutant, known = survivor.met.mutant, survivor.known
    return {
        "group": survivor.group,
        "name": mutant.name,
        "kind": mutant.kind,
        "path": mutant.path,
        "line": mutant.line,
        "before": mutant.before,
        "after": mutant.after,
        "tests_met": survivor.tried,
        "reason": known.reason if known else None,
        "equivalent": known.equivalent if known else None,
    }
