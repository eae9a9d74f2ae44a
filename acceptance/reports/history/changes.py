"""What has changed between earlier runs and now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from acceptance.evidence.facts import Place
from acceptance.reports.feature_text import Identity
from acceptance.reports.history.history import History
from acceptance.reports.history.past_run import PastRun
from acceptance.reports.status import Status

Standings = Mapping[tuple[Identity, Place], Status]
"""How scenarios stand, place by place."""


class Kind(Enum):
    """What has happened to a scenario, in the order in which readers want to know."""

    BROKEN = "Now failing"
    REPAIRED = "Fixed"
    NEW = "New"
    REMOVED = "Removed"
    RENAMED = "Renamed"
    OTHER = "Other changes"


@dataclass(frozen=True)
class Change:
    """One scenario that is not as it was.

    Attributes:
        kind: what has happened.
        identity: the scenario, as it is called now or, if it was removed, as it was called.
        place: where that is so; None where it is so of the scenario itself.
        before: how it stood; None where it was not there, or `place` is None.
        after: how it stands now; likewise.
        earlier: what it was called, where it was renamed.

    """

    kind: Kind
    identity: Identity
    place: Place | None = None
    before: Status | None = None
    after: Status | None = None
    earlier: Identity | None = None


def before_the_last(history: History) -> Sequence[PastRun]:
    """Return the runs without the last one of each place."""
    last = {run.facts.place: run for run in history.runs}
    return [run for run in history.runs if run is not last[run.facts.place]]


def up_to(history: History, run: PastRun) -> Sequence[PastRun]:
    """Return the runs up to one, which is among them."""
    return history.runs[: history.runs.index(run) + 1]


def changes(history: History, earlier: Sequence[PastRun], now: Standings) -> tuple[Change, ...]:
    """Return what has changed since some runs.

    Args:
        history: all runs that are kept.
        earlier: those to compare with, in order: all changes are since the last of them.
        now: how the scenarios that there are stand now.

    """
    if not earlier:
        return ()
    found = [*_of_scenarios(history, earlier), *_of_standings(history, earlier, now)]
    kinds = list(Kind)
    return tuple(sorted(found, key=lambda change: kinds.index(change.kind)))


def _of_scenarios(history: History, earlier: Sequence[PastRun]) -> Iterator[Change]:
    then, complete = _known(history, earlier)
    current = dict.fromkeys(example.identity for example in history.examples)
    files = {identity.uri for identity in then.values()}
    for identity in current:
        if identity not in then and (complete or identity.uri in files):
            yield Change(Kind.NEW, identity)
        elif identity in then and then[identity].name != identity.name:
            yield Change(Kind.RENAMED, identity, earlier=then[identity])
    for identity in then:
        if identity not in current:
            yield Change(Kind.REMOVED, identity)


def _known(
    history: History, earlier: Sequence[PastRun]
) -> tuple[Mapping[Identity, Identity], bool]:
    """Return which scenarios there were, with their names then, and whether these are all.

    A run of a few files does not know what the others hold, so that earlier ones say it.
    """
    known: dict[Identity, Identity] = {}
    files: set[str] = set()
    for run in reversed(earlier):
        results = history.results(run)
        known = {
            identity: result.identity
            for identity, result in results.items()
            if result.identity.uri not in files
        } | known
        files |= {result.identity.uri for result in run.results}
        if run.every_feature:
            return known, True
    return known, False


def _of_standings(history: History, earlier: Sequence[PastRun], now: Standings) -> Iterator[Change]:
    then = _standings(history, earlier)
    for (identity, place), after in now.items():
        before = then.get((identity, place))
        # What was not run says nothing of what has changed.
        if before is not None and after not in {before, Status.NOT_RUN}:
            yield Change(_kind(before, after), identity, place, before, after)


def _standings(history: History, runs: Iterable[PastRun]) -> Standings:
    return {
        (identity, run.facts.place): result.status
        for run in runs
        for identity, result in history.results(run).items()
        if result.status is not Status.NOT_RUN
    }


def _kind(before: Status, after: Status) -> Kind:
    if after is Status.FAILED:
        return Kind.BROKEN
    return Kind.REPAIRED if before is Status.FAILED else Kind.OTHER
