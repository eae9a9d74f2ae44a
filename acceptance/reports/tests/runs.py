"""Runs as they lie in files, told by what came of each scenario."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from cucumber_messages import Envelope, message_converter

from acceptance.evidence.failure import FAILURE, Failure
from acceptance.reports.documents import read_document
from acceptance.reports.run_environment import meta

Message = dict[str, Any]

COMMIT = "1444d18348446f3e2d243571e3a092bd81a72035"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

LOCAL: Mapping[str, object] = {
    "place": "local",
    "site": "this machine",
    "commit": COMMIT,
    "uncommitted": False,
    "browser": "chromium",
}
STAGING = {**LOCAL, "place": "staging", "site": "https://superlists-staging.example.com"}

# Four by three pixels of WebP, in base64.
PICTURE = "UklGRiwAAABXRUJQVlA4ICAAAABwAQCdASoEAAMADMDOJaACdAFAAAD+4KJc8YTSR2AAAA=="


@dataclass(frozen=True)
class Ending:
    """How a scenario ended.

    Attributes:
        status: of the step at which it ended; all before it passed.
        at: which step that was, counted from 0; -1 is the last, "before" and "after" are the hooks.
        message: what that step said.
        failure: what the suite attached to it.
        attempts: how often it was tried; each attempt ended like this, but only the last counts.
        finished: whether it came to its end.
        pictures: the names of the files that it left behind.

    """

    status: str = "PASSED"
    at: int | str = -1
    message: str = ""
    failure: Failure | None = None
    attempts: int = 1
    finished: bool = True
    pictures: Sequence[str] = ()


PASSED = Ending()


def failed(message: str, at: int | str = -1) -> Ending:
    return Ending("FAILED", at, message)


def write_run(  # noqa: PLR0913 (each of them tells how a run was)
    file: Path,
    features: Sequence[Path],
    endings: Mapping[str, Ending] | None = None,
    *,
    facts: Mapping[str, object] | None = LOCAL,
    at: datetime = NOON,
    only: Sequence[str] | None = None,
) -> Path:
    """Write a run of features, in which scenarios pass unless their name has another ending.

    Args:
        file: where to.
        features: the feature files.
        endings: by the names of scenarios as they are run.
        facts: what the run says of itself.
        at: when every scenario ended.
        only: the names of the scenarios that were run; all of them where it is None.

    """
    lines = list(_messages(features, endings or {}, at, only))
    if facts is not None:
        lines.append(_attachment(json.dumps(facts), "application/json", testRunStartedId="run"))
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


def _messages(
    features: Sequence[Path],
    endings: Mapping[str, Ending],
    at: datetime,
    only: Sequence[str] | None,
) -> Iterator[Message]:
    time = {"seconds": int(at.timestamp()), "nanos": 0}
    ids = count()
    yield message_converter.to_dict(Envelope(meta=meta({})))
    yield {"testRunStarted": {"id": "run", "timestamp": time}}
    for kind in ("before", "after"):
        reference = {"uri": "environment.py", "location": {"line": 1}}
        hook = {"id": kind, "type": f"{kind.upper()}_TEST_CASE", "sourceReference": reference}
        yield {"hook": hook}
    for feature in features:
        messages = read_document(str(feature)).messages
        yield from messages
        for pickle in (message["pickle"] for message in messages if "pickle" in message):
            if only is None or pickle["name"] in only:
                yield from _test_case(pickle, endings.get(pickle["name"], PASSED), time, ids)
    yield {"testRunFinished": {"testRunStartedId": "run", "timestamp": time, "success": True}}


def _test_case(
    pickle: Message, ending: Ending, time: Message, ids: Iterator[int]
) -> Iterator[Message]:
    case = f"case-{next(ids)}"
    steps = [
        {"id": f"{case}-before", "hookId": "before"},
        *({"id": f"{case}-{step['id']}", "pickleStepId": step["id"]} for step in pickle["steps"]),
        {"id": f"{case}-after", "hookId": "after"},
    ]
    yield {"testCase": {"id": case, "pickleId": pickle["id"], "testSteps": steps}}
    for attempt in range(ending.attempts):
        started = f"{case}-attempt-{attempt}"
        start = {"id": started, "testCaseId": case, "timestamp": time, "attempt": attempt}
        yield {"testCaseStarted": start}
        yield from _steps(steps, started, ending, time)
        if ending.finished:
            again = attempt + 1 < ending.attempts
            end = {"testCaseStartedId": started, "timestamp": time, "willBeRetried": again}
            yield {"testCaseFinished": end}


def _steps(
    steps: Sequence[Message], started: str, ending: Ending, time: Message
) -> Iterator[Message]:
    last = _index(ending.at, len(steps))
    for index, step in enumerate(steps):
        status = "PASSED" if index < last else ending.status if index == last else "SKIPPED"
        if ending.status == "PASSED" or (index == len(steps) - 1 and index != last):
            status = "PASSED"
        result = {"status": status, "duration": {"seconds": 0, "nanos": 0}}
        if index == last and ending.message:
            result["message"] = ending.message
        if index == last and ending.failure:
            yield _attachment(
                ending.failure.to_json().decode(),
                FAILURE,
                testCaseStartedId=started,
                testStepId=step["id"],
            )
        for picture in ending.pictures if index == len(steps) - 1 else ():
            yield _attachment(
                PICTURE,
                "image/webp",
                contentEncoding="BASE64",
                fileName=picture,
                testCaseStartedId=started,
                testStepId=step["id"],
            )
        finished = {
            "testCaseStartedId": started,
            "testStepId": step["id"],
            "testStepResult": result,
            "timestamp": time,
        }
        yield {"testStepFinished": finished}


def _index(at: int | str, length: int) -> int:
    """Where among hooks and steps an ending is."""
    if isinstance(at, str):
        return {"before": 0, "after": length - 1}[at]
    return at + 1 if at >= 0 else length - 1 + at


def _attachment(body: str, media_type: str, **more: object) -> Message:
    attachment = {"body": body, "contentEncoding": "IDENTITY", "mediaType": media_type, **more}
    return {"attachment": attachment}
