"""Several runs as one: of machines that share the features, or at several places."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from acceptance.reports.run_files import Message, RecordedRun
from acceptance.reports.verdict import NO_FAILURES

# These come before the run begins, in this order, and once if several runs have the same.
PREPARATIONS = ("source", "gherkinDocument", "parseError", "pickle", "stepDefinition", "hook")
# Each run has these, and the merged one has them once.
OF_THE_RUN = ("meta", "testRunStarted", "testRunFinished")

# The messages that name the file they are about.
ADDRESSED = {"source", "gherkinDocument", "parseError", "pickle"}


def merge(runs: Sequence[RecordedRun], *, at_one_place: bool = False) -> list[Message]:
    """Return one stream of messages that describes all runs.

    If they were at several places, the addresses of their features begin with the place.

    Args:
        runs: the runs.
        at_one_place: treat them as runs at one place, even if not all of them say which.

    """
    places = [run.place() for run in runs]
    several = len(set(places)) > 1 and not at_one_place
    first = min(runs, key=lambda run: _moment(_start(run)))
    start = _start(first)
    renamed = []
    for run, place in zip(runs, places, strict=True):
        prefix = f"{place or run.path.stem}/" if several else ""
        renamed += [
            _renamed(message, prefix, _start(run)["id"], start["id"]) for message in run.messages
        ]
    merged: list[Message] = [{"meta": first.all("meta")[0]}]
    for kind in PREPARATIONS:
        merged += _distinct(message for message in renamed if kind in message)
    merged.append({"testRunStarted": start})
    merged += _worst_first(
        [each for each in renamed if not each.keys() & {*PREPARATIONS, *OF_THE_RUN}]
    )
    merged.append({"testRunFinished": _finish(runs, start)})
    return merged


def _worst_first(messages: Sequence[Message]) -> list[Message]:
    """Return what happened, with failed attempts first.

    If several runs had the same scenario, Cucumber's page shows the attempt that comes first.
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


def _renamed(message: Message, prefix: str, run: str, merged_run: str) -> Message:
    """Return a message as part of the merged run: its ids and addresses begin with the place."""

    def identity(old: str) -> str:
        return merged_run if old == run else prefix + old

    def rename(node: Any, name: str) -> Any:  # noqa: ANN401 (any JSON)
        if isinstance(node, dict):
            return {key: rename(each, key) for key, each in node.items()}
        if isinstance(node, list):
            return [rename(each, name) for each in node]
        if name == "id" or name.endswith(("Id", "Ids")):
            return identity(node)
        if name == "uri" and addressed:
            return prefix + node
        return node

    addressed = bool(message.keys() & ADDRESSED)
    message_of_all: Message = rename(message, "")
    return message_of_all
