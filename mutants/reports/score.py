"""How many mutants the tests notice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mutants.met import Met
from mutants.mutant import Kind
from mutants.outcome import Stage
from mutants.reports.known import Known, known_of

_SCENARIOS = (Stage.WITHOUT_BROWSER, Stage.IN_BROWSER)


@dataclass(frozen=True)
class Score:
    """The numbers of mutants of one kind, or of all.

    Attributes:
        name: the kind, or "all".
        mutants: how many there are.
        equivalent: how many of them survived and are known as equivalent.
        reached: how many of the others meet a scenario; the rest is code that only a server runs,
            such as what it does with the answers of its mail server.
        by_scenarios: how many the scenarios noticed.
        by_any_test: how many the scenarios or the unit tests noticed.

    """

    name: str
    mutants: int
    equivalent: int
    reached: int
    by_scenarios: int
    by_any_test: int

    @property
    def to_notice(self) -> int:
        """How many could be noticed."""
        return self.mutants - self.equivalent


def scores_of(met: Sequence[Met], known: Sequence[Known]) -> list[Score]:
    """Return the score of each kind that has mutants, and that of all."""
    by_kind = [(kind.value, [each for each in met if each.mutant.kind is kind]) for kind in Kind]
    return [_score(name, some, known) for name, some in [*by_kind, ("all", list(met))] if some]


def _score(name: str, met: Sequence[Met], known: Sequence[Known]) -> Score:
    others = [each for each in met if not _is_equivalent(each, known)]
    return Score(
        name=name,
        mutants=len(met),
        equivalent=len(met) - len(others),
        reached=sum(map(_is_reached, others)),
        by_scenarios=sum(
            each.kill is not None and each.kill.killed_in in _SCENARIOS for each in met
        ),
        by_any_test=sum(each.kill is not None for each in met),
    )


def _is_equivalent(met: Met, known: Sequence[Known]) -> bool:
    entry = known_of(met.mutant, known) if met.survived else None
    return entry is not None and entry.equivalent


def _is_reached(met: Met) -> bool:
    # Until the last stage, no outcome is one of unit tests.
    scenarios = met.outcomes[: len(_SCENARIOS)]
    return any(each.tried or each.killed_in in _SCENARIOS for each in scenarios)


def table_of(scores: Iterable[Score]) -> str:
    """Lay the scores out as a Markdown table; the shares are of what is not equivalent."""
    lines = [
        "| changed | mutants | equivalent | by scenarios | of those they reach | with unit tests |",
        "|---|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {score.name} | {score.mutants} | {score.equivalent} "
        f"| {share(score.by_scenarios, score.to_notice)} "
        f"| {share(score.by_scenarios, score.reached)} "
        f"| {share(score.by_any_test, score.to_notice)} |"
        for score in scores
    )
    return "\n".join(lines)


def share(count: int, whole: int) -> str:
    """Return the share in percent, rounded down, so that "100 %" means all."""
    return f"{count * 1000 // whole / 10:.1f} %" if whole else "none"
