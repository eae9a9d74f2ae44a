"""Runs as they are kept, in one line each."""

from datetime import UTC, datetime, timedelta

from acceptance.evidence.facts import Facts, Place
from acceptance.reports.feature_text import ExampleText, Identity, Sentence
from acceptance.reports.history.past_run import PastResult, PastRun, text_digest
from acceptance.reports.status import Status

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LISTS = "features/lists.feature"

STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "undefined": Status.UNWRITTEN,
    "left out": Status.NOT_RUN,
    "planned": Status.PLANNED,
}


def identity(name: str, uri: str = LISTS) -> Identity:
    return Identity(uri, "", name)


def sentences(text: str) -> tuple[Sentence, ...]:
    return (Sentence("When", text),)


def example(name: str, text: str = "", uri: str = LISTS) -> ExampleText:
    """A scenario that there is now; its sentences are its name unless there is a text."""
    return ExampleText(identity(name, uri), sentences(text or name), 1, (name,), tags=frozenset())


def result(name: str, ending: str, text: str = "", earlier: tuple[bool, ...] = ()) -> PastResult:
    return PastResult(
        identity(name), STATUSES[ending], text_digest(sentences(text or name)), earlier
    )


def past_run(  # noqa: PLR0913 (each of them tells how a run was)
    day: int,
    *results: PastResult,
    place: Place = Place.LOCAL,
    commit: str | None = None,
    uncommitted: bool = False,
    every_feature: bool = True,
    run: str = "",
    **endings: str,
) -> PastRun:
    """A run of a day in which scenarios ended like this; each day has a commit of its own."""
    return PastRun(
        run=run or f"{place}-{day}",
        started=NOON + day * DAY,
        finished=NOON + day * DAY + timedelta(minutes=1),
        facts=Facts(
            place,
            "this machine" if place is Place.LOCAL else "https://staging.example.com",
            commit or f"{day:040}",
            uncommitted,
            "chromium",
        ),
        every_feature=every_feature,
        results=(*results, *(result(name, ending) for name, ending in endings.items())),
    )
