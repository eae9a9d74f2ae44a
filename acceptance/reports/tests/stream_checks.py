"""What no schema can say of a stream: what it refers to, and in which order things happen."""

from collections.abc import Iterator, Sequence
from typing import Any

from acceptance.reports.tests.behave_runs import Message


def check_stream(messages: Sequence[Message]) -> None:
    """Assert that everything is told before it is referred to, and once."""
    told: set[str] = set()
    for message in messages:
        for name, identity in _identities(message):
            if name == "id":
                assert identity not in told, f"{identity} is told twice"
                told.add(identity)
        for name, identity in _identities(message):
            assert identity in told, f"{name} {identity} is of nothing that was told: {message}"
    moments = [_moment(each) for message in messages for each in message.values()]
    cases = [each for each in messages if {"testCaseStarted", "testCaseFinished"} & each.keys()]
    begun = [next(iter(each)) for each in cases]
    assert begun == ["testCaseStarted", "testCaseFinished"] * (len(begun) // 2)
    assert all(moment is None or moment > 0 for moment in moments)


def _moment(content: Message) -> int | None:
    moment = content.get("timestamp")
    return None if moment is None else moment["seconds"] * 10**9 + moment["nanos"]


def _identities(node: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 (any JSON)
    if isinstance(node, dict):
        for name, each in node.items():
            if name == "id" or name.endswith("Id"):
                yield name, each
            elif name.endswith("Ids"):
                yield from ((name, identity) for identity in each)
            else:
                yield from _identities(each)
    elif isinstance(node, list):
        for each in node:
            yield from _identities(each)
