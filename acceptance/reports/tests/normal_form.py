"""Streams of messages, told in such a way that two runs of the same can be compared."""

import base64
from collections.abc import Iterable
from typing import Any

from acceptance.evidence.failure import FAILURE
from acceptance.reports.tests.behave_runs import Message

# Cucumber tells of all test cases first, others of each as it is run.
KINDS = (
    "source",
    "gherkinDocument",
    "pickle",
    "stepDefinition",
    "hook",
    "testRunStarted",
    "testRunHookStarted",
    "testRunHookFinished",
    "testCase",
    "testCaseStarted",
    "testStepStarted",
    "suggestion",
    "attachment",
    "testStepFinished",
    "testCaseFinished",
    "testRunFinished",
)

# What differs from run to run, or between behave and Cucumber's own programs.
ACCIDENTAL = {
    "duration",
    "snippets",
    "sourceReference",
    "timestamp",
    # The exception stands beside the message of a result; where it came from is not compared.
    "stackTrace",
    # behave tells where an argument is, not of what it consists, nor what its type is called.
    "parameterTypeName",
}


def normal_form(messages: Iterable[Message]) -> list[Message]:
    """Return what matters in a stream, with ids that count from 1."""
    told = (
        each
        for each in _without_hooks_of_features(messages)
        # Failures are attached for the specification alone.
        if next(iter(each)) in KINDS and each.get("attachment", {}).get("mediaType") != FAILURE
    )
    ordered = sorted(told, key=_place)
    plain = [_without_accidents(message) for message in ordered]
    numbers: dict[str, str] = {}
    for node in _nodes(plain, "id"):
        numbers.setdefault(node["id"], f"id {len(numbers) + 1}")
    return [_renamed(message, numbers) for message in plain]


def _without_hooks_of_features(messages: Iterable[Message]) -> Iterable[Message]:
    """Leave out hooks that Cucumber does not know, and has no type for."""
    strangers = set()
    for message in messages:
        ((kind, content),) = message.items()
        if (kind == "hook" and "type" not in content) or content.get("hookId") in strangers:
            strangers.add(content["id"])
        elif content.get("testRunHookStartedId") not in strangers:
            yield message


def _place(message: Message) -> tuple[int, str]:
    (kind,) = message
    # In which order the sentences of files are loaded matters to no one.
    among = message[kind]["pattern"]["source"] if kind == "stepDefinition" else ""
    return KINDS.index(kind), among


def _without_accidents(message: Message) -> Message:
    (kind,) = message
    content = dict(message[kind])
    if kind == "hook":
        content.pop("name", None)
    if kind == "attachment":
        # Text is told as it is here, and as bytes there.
        content["body"] = _bytes(content).hex()
        content.pop("contentEncoding")
        # behave's runs have it for older readers.
        content.pop("testRunStartedId", None)
    for result in (content.get("testStepResult"), content.get("result")):
        if result is not None:
            result.pop("message", None)
            if result["status"] == "PENDING":
                # To behave, there is no pending without an exception.
                result.pop("exception", None)
    for arguments in _nodes(content.get("testSteps"), "group"):
        arguments["group"].pop("children", None)
    feature = content.get("feature")
    if feature is not None and "description" in feature:
        # Later versions of gherkin strip the end of it.
        feature["description"] = feature["description"].rstrip()
    return {kind: _without(content, ACCIDENTAL)}


def _bytes(attachment: Message) -> bytes:
    body: str = attachment["body"]
    if attachment["contentEncoding"] == "BASE64":
        return base64.b64decode(body)
    return body.encode()


def _without(node: Any, names: set[str]) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(node, dict):
        return {name: _without(each, names) for name, each in node.items() if name not in names}
    if isinstance(node, list):
        return [_without(each, names) for each in node]
    return node


def _nodes(node: Any, name: str) -> Iterable[Message]:  # noqa: ANN401
    """Find all that has something of that name, the same ones in the same order each time."""
    if isinstance(node, dict):
        if name in node:
            yield node
        for _, each in sorted(node.items()):
            yield from _nodes(each, name)
    elif isinstance(node, list):
        for each in node:
            yield from _nodes(each, name)


def _renamed(node: Any, numbers: dict[str, str], name: str = "") -> Any:  # noqa: ANN401
    if isinstance(node, dict):
        return {key: _renamed(each, numbers, key) for key, each in node.items()}
    if isinstance(node, list):
        return [_renamed(each, numbers, name) for each in node]
    if name == "id" or name.endswith(("Id", "Ids")):
        return numbers[node]
    return node
