"""A run whose failed scenarios were run again, as one stream with both results."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from acceptance.reports.errors import ReportError
from acceptance.reports.merging import merge
from acceptance.reports.run_files import Message, RecordedRun
from acceptance.reports.verdict import NO_FAILURES


@dataclass(frozen=True)
class Attempts:
    """How a scenario ended each time it was run.

    Attributes:
        name: the scenario's name.
        passed: whether it passed, for each time in order.

    """

    name: str
    passed: tuple[bool, ...]


def failed_places(run: RecordedRun) -> list[str]:
    """Return the places of the scenarios that failed in a run, as `behave` accepts them.

    Raises:
        ReportError: a feature of one of them has changed since, so that it is another run's.

    """
    lines = dict(_lines(run))
    sources = {source["uri"]: source["data"] for source in run.all("source")}
    pickles = {pickle["id"]: pickle for pickle in run.all("pickle")}
    places = []
    for pickle_id, attempts in _attempts(run).items():
        if attempts[-1].failed:
            pickle = pickles[pickle_id]
            file = Path(pickle["uri"])
            if not file.is_file() or _text_of(file) != sources.get(pickle["uri"]):
                message = (
                    f"{file} has changed since {run.path} was written, so the failed scenarios "
                    "cannot be found in it: type `make report`."
                )
                raise ReportError(message)
            places.append(f"{file}:{lines[pickle['astNodeIds'][-1]]}")
    return places


def repeated(before: RecordedRun, again: RecordedRun) -> list[Message]:
    """Return one stream of messages in which scenarios that were run again have more attempts.

    Both are of the same features at the same place.
    """
    tried = _attempts(before)
    retried = _attempts(again).keys() & tried.keys()
    superseded = {each.started for pickle in retried for each in tried[pickle]}
    later = {
        each.started: len(tried[pickle]) + number
        for pickle in retried
        for number, each in enumerate(_attempts(again)[pickle])
    }
    messages = [_with_attempt(message, superseded, later) for message in merge([before, again])]
    passed = not _went_wrong_besides(before) and all(
        end["success"] for end in again.all("testRunFinished")
    )
    run = RecordedRun(before.path, messages)
    passed = passed and not any(attempts[-1].failed for attempts in _attempts(run).values())
    return [_with_verdict(message, passed=passed) for message in messages]


def attempts_in(messages: Sequence[Message]) -> list[Attempts]:
    """Return how each scenario ended that was run more than once."""
    run = RecordedRun(Path(), messages)
    names = {pickle["id"]: pickle["name"] for pickle in run.all("pickle")}
    return [
        Attempts(names[pickle], tuple(not each.failed for each in attempts))
        for pickle, attempts in _attempts(run).items()
        if len(attempts) > 1
    ]


@dataclass(frozen=True)
class _Attempt:
    started: str
    number: int
    failed: bool


def _attempts(run: RecordedRun) -> Mapping[str, list[_Attempt]]:
    """Return all attempts at each scenario, by the ids of pickles and in order."""
    pickles = {case["id"]: case["pickleId"] for case in run.all("testCase")}
    failed = {
        step["testCaseStartedId"]
        for step in run.all("testStepFinished")
        if step["testStepResult"]["status"] not in NO_FAILURES
    }
    attempts: dict[str, list[_Attempt]] = defaultdict(list)
    for start in run.all("testCaseStarted"):
        attempt = _Attempt(start["id"], start["attempt"], start["id"] in failed)
        attempts[pickles[start["testCaseId"]]].append(attempt)
    return {
        pickle: sorted(each, key=lambda attempt: attempt.number)
        for pickle, each in attempts.items()
    }


def _lines(run: RecordedRun) -> Iterator[tuple[str, int]]:
    """Return the lines of scenarios and examples, by their ids."""
    nodes: list[object] = [*run.all("gherkinDocument")]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            if "id" in node and "location" in node:
                yield node["id"], node["location"]["line"]
            nodes += node.values()
        elif isinstance(node, list):
            nodes += node


def _text_of(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as text:
        return text.read()


def _with_attempt(message: Message, superseded: set[str], later: Mapping[str, int]) -> Message:
    start, end = message.get("testCaseStarted"), message.get("testCaseFinished")
    if start and start["id"] in later:
        return {"testCaseStarted": {**start, "attempt": later[start["id"]]}}
    if end and end["testCaseStartedId"] in superseded:
        return {"testCaseFinished": {**end, "willBeRetried": True}}
    return message


def _with_verdict(message: Message, *, passed: bool) -> Message:
    end = message.get("testRunFinished")
    return {"testRunFinished": {**end, "success": passed}} if end else message


def _went_wrong_besides(run: RecordedRun) -> bool:
    """Whether anything but a scenario failed, which running scenarios again cannot change."""
    hooks = [each["result"]["status"] for each in run.all("testRunHookFinished")]
    return (
        any(status not in NO_FAILURES for status in hooks)
        or bool(run.all("parseError"))
        or not run.all("testRunFinished")
    )
