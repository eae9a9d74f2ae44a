"""What of a run is kept: from its Cucumber Messages, which are a hundred times as long."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from acceptance.reports.feature_text import ExampleText, Identity
from acceptance.reports.history.past_run import PastResult, PastRun, text_digest
from acceptance.reports.results import Result, results_and_scenarios_of
from acceptance.reports.run_files import RecordedRun
from acceptance.reports.status import Status


def past_runs(recorded: Iterable[RecordedRun]) -> list[PastRun]:
    """Return what is kept of runs, but for those in which no scenario ended.

    Such are dry runs, which do not say either where they were.

    Raises:
        ReportError: their messages are damaged.

    """
    runs = (
        past_run(run, *results_and_scenarios_of(run)) for run in recorded if run.facts() is not None
    )
    return [run for run in runs if run is not None]


def past_run(
    recorded: RecordedRun, results: Iterable[Result], examples: Iterable[ExampleText]
) -> PastRun | None:
    """Return what is kept of a run; None where no scenario of it ended.

    Args:
        recorded: the run.
        results: its results.
        examples: all scenarios that it knew.

    """
    facts = recorded.facts()
    by_identity = {result.identity: result for result in results}
    if facts is None or not by_identity:
        return None
    start = recorded.all("testRunStarted")[0]
    started = _moment(start["timestamp"])
    known = list({example.identity: example for example in examples}.values())
    return PastRun(
        run=start["id"],
        started=started,
        # A clock may have been set back during the run.
        finished=max([started, *(result.finished for result in by_identity.values())]),
        facts=facts,
        complete=bool(recorded.all("testRunFinished")),
        every_feature=_knew_every_feature({example.identity.uri for example in known}),
        results=tuple(_past_result(example, by_identity) for example in known),
    )


def _past_result(example: ExampleText, results: Mapping[Identity, Result]) -> PastResult:
    result = results.get(example.identity)
    return PastResult(
        identity=example.identity,
        status=_status(example, result),
        # Its own words then, which may not be those of today.
        text=text_digest(result.sentences if result else example.sentences),
        earlier=tuple(failure is None for failure in result.before) if result else (),
    )


def _status(example: ExampleText, result: Result | None) -> Status:
    # What is planned may be run, and says no more than before.
    if example.planned:
        return Status.PLANNED
    return result.status if result else Status.NOT_RUN


def _knew_every_feature(known: set[str]) -> bool:
    """Whether there are no other features in the same folders: then it was a run of some files."""
    folders = {Path(uri).parent for uri in known}
    return all(file.as_posix() in known for folder in folders for file in folder.glob("*.feature"))


def _moment(timestamp: Mapping[str, int]) -> datetime:
    since = timedelta(seconds=timestamp["seconds"], microseconds=timestamp["nanos"] // 1000)
    return datetime.fromtimestamp(0, UTC) + since
