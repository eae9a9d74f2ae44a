"""What of a run is kept: from its Cucumber Messages, which are a hundred times as long."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from acceptance.reports.feature_text import ExampleText, Identity
from acceptance.reports.history.past_run import PastResult, PastRun, text_digest
from acceptance.reports.results import Result
from acceptance.reports.run_files import RecordedRun
from acceptance.reports.status import Status


def past_run(
    recorded: RecordedRun, results: Iterable[Result], examples: Iterable[ExampleText]
) -> PastRun | None:
    """Return what is kept of a run; None where it does not say where it was.

    Args:
        recorded: the run.
        results: its results.
        examples: all scenarios that it knew.

    """
    facts = recorded.facts()
    if facts is None:
        return None
    by_identity = {result.identity: result for result in results}
    start = recorded.all("testRunStarted")[0]
    started = _moment(start["timestamp"])
    known = list({example.identity: example for example in examples}.values())
    job, address = _job(recorded)
    return PastRun(
        run=start["id"],
        started=started,
        # A clock may have been set back during the run.
        finished=max([started, *(result.finished for result in by_identity.values())]),
        facts=facts,
        job=job,
        job_address=address,
        complete=bool(recorded.all("testRunFinished")),
        every_feature=_knew_every_feature({example.identity.uri for example in known}),
        results=tuple(_past_result(example, by_identity) for example in known),
    )


def _past_result(example: ExampleText, results: Mapping[Identity, Result]) -> PastResult:
    result = results.get(example.identity)
    status = Status.PLANNED if example.planned else Status.NOT_RUN
    return PastResult(
        identity=example.identity,
        status=result.status if result else status,
        # Its own words then, which may not be those of today.
        text=text_digest(result.sentences if result else example.sentences),
        earlier=tuple(failure is None for failure in result.before) if result else (),
    )


def _knew_every_feature(known: set[str]) -> bool:
    """Whether there are no other features in the same folders: then it was a run of some files."""
    folders = {Path(uri).parent for uri in known}
    return all(file.as_posix() in known for folder in folders for file in folder.glob("*.feature"))


def _job(recorded: RecordedRun) -> tuple[str, str]:
    """Return which CI job a run was, and where that job's page is; ("", "") where it was none."""
    for meta in recorded.all("meta"):
        ci: Any = meta.get("ci")
        if isinstance(ci, Mapping) and isinstance(ci.get("name"), str):
            build = ci.get("buildNumber")
            name = f"{ci['name']}, build {build}" if build else str(ci["name"])
            address = str(ci.get("url"))
            # What a page links to has to be the address of a page.
            return name, address if address.startswith(("https://", "http://")) else ""
    return "", ""


def _moment(timestamp: Mapping[str, int]) -> datetime:
    since = timedelta(seconds=timestamp["seconds"], microseconds=timestamp["nanos"] // 1000)
    return datetime.fromtimestamp(0, UTC) + since
