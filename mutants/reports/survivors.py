"""The mutants that survived, with what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from mutants.met import Met
from mutants.reports.groups import Group, group_of
from mutants.reports.known import Known, known_of


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed.

    Attributes:
        met: the mutant and what it met.
        group: what a person would notice.
        known: the entry that names the reason, or None if it is new.

    """

    met: Met
    group: Group
    known: Known | None

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.met.mutant.path}:{self.met.mutant.line}"

    @property
    def tried(self) -> int:
        """How many scenarios and unit tests it met."""
        return sum(outcome.tried for outcome in self.met.outcomes)


def survivors_of(met: Sequence[Met], known: Sequence[Known]) -> list[Survivor]:
    """Return the survivors, group by group, in the order of the files."""
    survivors = [
        Survivor(each, group_of(each.mutant), known_of(each.mutant, known))
        for each in met
        if each.survived
    ]
    order = list(Group)
    return sorted(survivors, key=lambda survivor: order.index(survivor.group))


def stale_entries(met: Sequence[Met], known: Sequence[Known]) -> list[Known]:
    """Return the entries for the mutated files that mean no survivor any more."""
    survived = [each.mutant for each in met if not each.kill]
    files = {each.mutant.path for each in met}
    return [
        entry
        for entry in known
        if ("*" in entry.path or entry.path in files)
        and not any(entry.matches(mutant) for mutant in survived)
    ]
