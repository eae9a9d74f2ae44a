"""What earlier runs say of the scenarios that there are now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from acceptance.evidence.facts import Place
from acceptance.reports.feature_text import ExampleText, Identity
from acceptance.reports.history.past_run import PastResult, PastRun, text_digest
from acceptance.reports.status import Status

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two machines may lie apart before a run counts as dated in the future."""

RECENT = 20
"""Among how many runs at a place a scenario is looked for that fails only now and then."""

_ENDED = frozenset({Status.PASSED, Status.FAILED, Status.UNWRITTEN})


@dataclass(frozen=True)
class FailingSince:
    """How long a scenario has been failing at a place.

    Attributes:
        first: the run since which it has failed each time.
        runs: in how many runs that was.
        passed: the last run before that in which it did not fail; None where none is kept, so that
            it may have been failing for longer.

    """

    first: PastRun
    runs: int
    passed: PastRun | None


@dataclass(frozen=True)
class Flakiness:
    """That a scenario failed and passed at a place, while what was tested stayed the same.

    Attributes:
        failed: in how many of the recent runs it failed, also where it passed when repeated.
        runs: in how many of the recent runs it was run.
        last: the last of those in which it failed.

    """

    failed: int
    runs: int
    last: PastRun


class History:
    """The runs that are kept, seen from the scenarios that there are now.

    Attributes:
        runs: the runs, the oldest first.
        examples: the scenarios that there are now.
        misdated: the runs that are dated in the future, which count as the oldest.

    """

    def __init__(
        self,
        runs: Iterable[PastRun] = (),
        examples: Iterable[ExampleText] = (),
        now: datetime | None = None,
    ) -> None:
        """Put runs in order.

        Args:
            runs: in any order.
            examples: the scenarios that there are now.
            now: the time, by this machine's clock.

        """
        latest = (now or datetime.now(UTC)) + TOLERANCE
        kept = list(runs)
        self.misdated = tuple(run for run in kept if run.started > latest)
        # A clock that was wrong must not make an old run the newest one for years.
        self.runs: Sequence[PastRun] = sorted(
            kept, key=lambda run: (run.started <= latest, run.started, run.run)
        )
        self.examples = tuple(examples)

    @cached_property
    def current(self) -> Mapping[Identity, Identity]:
        """The names that scenarios of today had before, with those that they have now.

        A scenario was renamed where one with the same sentences has gone, and no run knew both.
        """
        now = {example.identity: text_digest(example.sentences) for example in self.examples}
        sharing = Counter((text, identity.example) for identity, text in now.items())
        by_text = {(text, identity.example): identity for identity, text in now.items()}
        known = defaultdict(set)
        candidates: dict[Identity, set[Identity]] = defaultdict(set)
        for number, run in enumerate(self.runs):
            for result in run.results:
                known[result.identity].add(number)
                like = (result.text, result.identity.example)
                if result.identity not in now and sharing[like] == 1:
                    candidates[by_text[like]].add(result.identity)
        names: dict[Identity, Identity] = {}
        for identity, earlier in candidates.items():
            appearances = [known[identity], *(known[each] for each in earlier)]
            if sum(map(len, appearances)) == len(set().union(*appearances)):
                names |= dict.fromkeys(earlier, identity)
        return names

    def results(self, run: PastRun) -> Mapping[Identity, PastResult]:
        """Return the results of one of the runs, by the names that scenarios have now."""
        return self._results[run.run]

    def failing_since(self, identity: Identity, place: Place) -> FailingSince | None:
        """Return since when a scenario has been failing; None where it did not fail last."""
        first, count = None, 0
        for run, result in reversed(self._course[identity, place]):
            if result.status is not Status.FAILED:
                return FailingSince(first, count, run) if first else None
            first, count = run, count + 1
        return FailingSince(first, count, None) if first else None

    def flakiness(self, identity: Identity, place: Place) -> Flakiness | None:
        """Return that a scenario is flaky at a place; None where it is not.

        It is where it failed and passed at the same commit, without changes that were not
        committed, or in one run.
        """
        course = [
            each for each in self._course[identity, place] if each[0].run in self._recent[place]
        ]
        failures = [
            run for run, result in course if result.status is Status.FAILED or result.is_unsteady
        ]
        if not failures or not (
            any(result.is_unsteady for _, result in course) or _differs_at_one_commit(course)
        ):
            return None
        return Flakiness(failed=len(failures), runs=len(course), last=failures[-1])

    @cached_property
    def _results(self) -> Mapping[str, Mapping[Identity, PastResult]]:
        return {
            run.run: {self.current.get(each.identity, each.identity): each for each in run.results}
            for run in self.runs
        }

    @cached_property
    def _recent(self) -> Mapping[Place, Sequence[str]]:
        runs = {
            place: [run.run for run in self.runs if run.facts.place is place] for place in Place
        }
        return {place: of_place[-RECENT:] for place, of_place in runs.items()}

    @cached_property
    def _course(self) -> Mapping[tuple[Identity, Place], Sequence[tuple[PastRun, PastResult]]]:
        course = defaultdict(list)
        for run in self.runs:
            for identity, result in self.results(run).items():
                if result.status in _ENDED:
                    course[identity, run.facts.place].append((run, result))
        return course


def _differs_at_one_commit(course: Iterable[tuple[PastRun, PastResult]]) -> bool:
    statuses = defaultdict(set)
    for run, result in course:
        if run.facts.commit and not run.facts.uncommitted:
            statuses[run.facts.site, run.facts.commit].add(result.status)
    return any({Status.PASSED, Status.FAILED} <= each for each in statuses.values())
