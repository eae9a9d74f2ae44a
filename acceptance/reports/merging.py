"""Several runs told as one: of workers that share the features, or of the features elsewhere."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from acceptance.reports.run_files import Message, RecordedRun
from acceptance.reports.verdict import NO_FAILURES

# Told before the run begins, in this order, and once where several runs tell the same.
PREPARATIONS = ("source", "gherkinDocument", "parseError", "pickle", "stepDefinition", "hook")
# Told by each run, and to be told once.
OF_THE_RUN = ("meta", "testRunStarted", "testRunFinished")

# What says in which file it stands, as the reader of a report sees it.
ADDRESSED = {"source", "gherkinDocument", "parseError", "pickle"}


def merge(runs: Sequence[RecordedRun]) -> list[Message]:
    """Return one stream of messages that tells of all runs.

    Where they were in several places, the addresses of their features begin with the place.
    """
    places = [run.place() for run in runs]
    several = len(set(places)) > 1
    first = min(runs, key=lambda run: _moment(_start(run)))
    start = _start(first)
    told = []
    for run, place in zip(runs, places, strict=True):
        prefix = f"{place or run.path.stem}/" if several else ""
        told += [
            _retold(message, prefix, _start(run)["id"], start["id"]) for message in run.messages
        ]
    merged: list[Message] = [{"meta": first.all("meta")[0]}]
    for kind in PREPARATIONS:
        merged += _distinct(message for message in told if kind in message)
    merged.append({"testRunStarted": start})
    merged += _worst_first(
        [each for each in told if not each.keys() & {*PREPARATIONS, *OF_THE_RUN}]
    )
    merged.append({"testRunFinished": _finish(runs, start)})
    return merged


def _worst_first(messages: Sequence[Message]) -> list[Message]:
    """Return what happened, in the order in which Cucumber's page shows nothing too well.

    Where several runs had the same scenario, the page shows the attempt that comes first.
    """
    failed = {
        each["testStepFinished"]["testCaseStartedId"]
        for each in messages
        if each.get("testStepFinished", {}).get("testStepResult", {}).get("status")
        not in {None, *NO_FAILURES}
    }

    def rank(message: Message) -> int:
        if "testCase" in message:
            return 0
        (content,) = message.values()
        attempt = (
            content["id"] if "testCaseStarted" in message else content.get("testCaseStartedId")
        )
        return 1 if attempt in failed else 2

    return sorted(messages, key=rank)


def _start(run: RecordedRun) -> Mapping[str, Any]:
    start: Mapping[str, Any] = run.all("testRunStarted")[0]
    return start


def _moment(message: Mapping[str, Any]) -> tuple[int, int]:
    return message["timestamp"]["seconds"], message["timestamp"]["nanos"]


def _finish(runs: Sequence[RecordedRun], start: Mapping[str, Any]) -> Mapping[str, Any]:
    finishes = [finish for run in runs for finish in run.all("testRunFinished")]
    last = max(finishes, key=_moment, default=start)
    return {
        "success": len(finishes) == len(runs) and all(each["success"] for each in finishes),
        "timestamp": last["timestamp"],
        "testRunStartedId": start["id"],
    }


def _distinct(messages: Iterable[Message]) -> Iterator[Message]:
    seen = set()
    for message in messages:
        text = json.dumps(message, sort_keys=True)
        if text not in seen:
            seen.add(text)
            yield message


def _retold(message: Message, prefix: str, run: str, merged_run: str) -> Message:
    """Tell a message as part of the merged run, with all that belongs to a place named after it."""

    def identity(old: str) -> str:
        return merged_run if old == run else prefix + old

    def retell(node: Any, name: str) -> Any:  # noqa: ANN401 (any JSON)
        if isinstance(node, dict):
            return {key: retell(each, key) for key, each in node.items()}
        if isinstance(node, list):
            return [retell(each, name) for each in node]
        if name == "id" or name.endswith(("Id", "Ids")):
            return identity(node)
        if name == "uri" and addressed:
            return prefix + node
        return node

    addressed = bool(message.keys() & ADDRESSED)
    retold: Message = retell(message, "")
    return retold
