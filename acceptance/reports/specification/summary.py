"""How many scenarios have which status at a place, and the runs that they come from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from acceptance.evidence.facts import Facts, Place
from acceptance.reports.specification.outcome import PLACE_NAMES, Outcome
from acceptance.reports.specification.wording import (
    SHORT_COMMIT,
    number,
    release_in_words,
    span,
)
from acceptance.reports.status import Status


@dataclass(frozen=True)
class RunView:
    """One state of the site that was tested, in one run or several.

    Attributes:
        began: when its first scenario ended.
        finished: when its last scenario ended.
        site: its address, or "" for a site on the machine of the run.
        commit: the commit in full, or "".
        uncommitted: whether there were uncommitted changes as well.
        browser: the browser's name.
        release: the tag of the commit or what follows it, in words, or "".
        by: who or what ran it, or "".
        job: the address of the CI job's page, or "".
        count: how many of the results shown come from it, in words.

    """

    began: datetime
    finished: datetime
    site: str
    commit: str
    uncommitted: bool
    browser: str
    release: str
    by: str
    job: str
    count: str

    @property
    def when(self) -> str:
        """When its scenarios ended, in words."""
        return span(self.began, self.finished)

    @property
    def iso(self) -> str:
        """When its last scenario ended, for machines."""
        return self.finished.isoformat(timespec="seconds")

    @property
    def short_commit(self) -> str:
        """The commit as people write it."""
        return self.commit[:SHORT_COMMIT]


@dataclass(frozen=True)
class Tally:
    """How many scenarios have a status, and which percentage of all that can run that is."""

    status: Status
    count: int
    percent: float


@dataclass(frozen=True)
class PlaceSummary:
    """A place with its runs, the last one first, and how many scenarios have which status."""

    place: Place
    runs: tuple[RunView, ...]
    tallies: tuple[Tally, ...]
    outdated: int

    @property
    def name(self) -> str:
        """The place as readers know it."""
        return PLACE_NAMES[self.place]

    @property
    def verdict(self) -> Status:
        """Whether anything failed, or else whether everything was run."""
        statuses = [tally.status for tally in self.tallies]
        if Status.FAILED in statuses:
            return Status.FAILED
        return Status.NOT_RUN if Status.NOT_RUN in statuses else Status.PASSED


def summary(place: Place, outcomes: Sequence[Outcome]) -> PlaceSummary:
    """Count the outcomes at a place; what is planned is not counted."""
    ready = [each for each in outcomes if each.status is not Status.PLANNED]
    counts = Counter(each.status for each in ready)
    return PlaceSummary(
        place=place,
        runs=_runs(ready),
        tallies=tuple(
            Tally(status, counts[status], 100 * counts[status] / len(ready))
            for status in (Status.PASSED, Status.FAILED, Status.UNWRITTEN, Status.NOT_RUN)
            if counts[status]
        ),
        outdated=sum(each.outdated for each in ready),
    )


def _runs(outcomes: Sequence[Outcome]) -> tuple[RunView, ...]:
    moments: dict[Facts, list[datetime]] = {}
    for each in outcomes:
        if each.result:
            moments.setdefault(each.result.facts, []).append(each.result.finished)
    return tuple(
        RunView(
            began=min(ended),
            finished=max(ended),
            site="" if facts.place is Place.LOCAL else facts.site,
            commit=facts.commit or "",
            uncommitted=facts.uncommitted,
            browser=facts.browser.capitalize(),
            release=release_in_words(facts.release),
            by=facts.by,
            job=facts.job,
            count=number(len(ended), "result", "results"),
        )
        for facts, ended in sorted(moments.items(), key=lambda run: max(run[1]), reverse=True)
    )
