"""A run as it is kept: how each scenario ended, without steps and pictures."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from pydantic import AwareDatetime, NonNegativeInt, TypeAdapter

from acceptance.evidence.facts import Facts
from acceptance.reports.feature_text import Identity, Sentence
from acceptance.reports.status import Status

FORMAT = 1
"""The version of the format of files with runs, which the first line of each run states."""

_DIGITS = 12
"""How much of a digest is kept: enough to find a scenario again among some thousands."""


class DamagedRunError(ValueError):
    """This is not how runs are kept; the message says what is wrong, without a full stop."""


@dataclass(frozen=True)
class PastResult:
    """How a scenario ended in a run.

    Attributes:
        identity: the scenario.
        status: how it ended; NOT_RUN where the run knew it and left it out.
        text: a digest of its sentences, by which it is found again under another name.
        earlier: whether it passed, for each earlier attempt in the same run.

    """

    identity: Identity
    status: Status
    text: str
    earlier: tuple[bool, ...] = ()

    @property
    def is_unsteady(self) -> bool:
        """Whether the attempts at it in this one run ended differently."""
        return self.status in {Status.PASSED, Status.FAILED} and any(
            passed != (self.status is Status.PASSED) for passed in self.earlier
        )


@dataclass(frozen=True)
class PastRun:
    """A run as it is kept.

    Attributes:
        run: its id, which no other run has.
        started: when it began, by the clock of its machine.
        finished: when its last scenario ended.
        facts: what was tested, and where.
        complete: whether it came to its end.
        every_feature: whether it knew all features that there were, rather than a few files.
        results: how each scenario ended.

    """

    run: str
    started: AwareDatetime
    finished: AwareDatetime
    facts: Facts
    complete: bool = True
    every_feature: bool = True
    results: tuple[PastResult, ...] = ()


def text_digest(sentences: Sequence[Sentence]) -> str:
    """Return what two scenarios have in common if they have the same sentences."""
    texts = [[each.text, each.table, each.doc_string] for each in sentences]
    return sha256(json.dumps(texts).encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class _Head:
    """The first line of a run: all but its results, of which it has the number."""

    format: int
    run: str
    started: AwareDatetime
    finished: AwareDatetime
    facts: Facts
    complete: bool
    every_feature: bool
    scenarios: NonNegativeInt


@dataclass(frozen=True)
class _Line:
    """Any other line: one scenario."""

    feature: str
    name: str
    status: Status
    text: str
    rule: str = ""
    example: tuple[tuple[str, str], ...] = ()
    occurrence: int = 0
    earlier: tuple[bool, ...] = ()


def lines_of(run: PastRun) -> Iterator[str]:
    """Return the lines of a run: one for itself, and one for each scenario."""
    head = _Head(
        format=FORMAT,
        run=run.run,
        started=run.started,
        finished=run.finished,
        facts=run.facts,
        complete=run.complete,
        every_feature=run.every_feature,
        scenarios=len(run.results),
    )
    yield _heads().dump_json(head, ensure_ascii=True).decode() + "\n"
    for result in run.results:
        identity = result.identity
        line = _Line(
            feature=identity.uri,
            name=identity.name,
            status=result.status,
            text=result.text,
            rule=identity.rule,
            example=identity.example,
            occurrence=identity.occurrence,
            earlier=result.earlier,
        )
        yield _lines().dump_json(line, exclude_defaults=True, ensure_ascii=True).decode() + "\n"


def runs_in(text: str) -> Iterator[PastRun]:
    """Return the runs whose lines a text holds, one after the other.

    Raises:
        DamagedRunError: a line is neither a run nor a scenario, or lines are missing.

    """
    lines = text.removesuffix("\n").split("\n")
    number = 0
    while number < len(lines):
        head = _head(lines[number], number + 1)
        first, number = number + 1, number + 1 + head.scenarios
        if number > len(lines):
            message = f"it ends before its scenario {head.scenarios}"
            raise DamagedRunError(message)
        results = tuple(_result(line, at) for at, line in enumerate(lines[first:number], first + 1))
        yield PastRun(
            run=head.run,
            started=head.started,
            finished=head.finished,
            facts=head.facts,
            complete=head.complete,
            every_feature=head.every_feature,
            results=results,
        )


def _head(line: str, number: int) -> _Head:
    written: object = _json(line, number)
    if isinstance(written, Mapping):
        version = written.get("format")
        if isinstance(version, int) and version > FORMAT:
            message = f"its format {version} is newer than {FORMAT}, which this release reads"
            raise DamagedRunError(message)
    try:
        return _heads().validate_python(written)
    except ValueError:
        message = f"line {number} is not the beginning of a run"
        raise DamagedRunError(message) from None


def _result(line: str, number: int) -> PastResult:
    try:
        read = _lines().validate_python(_json(line, number))
    except DamagedRunError:
        raise
    except ValueError:
        message = f"line {number} is not a scenario"
        raise DamagedRunError(message) from None
    identity = Identity(read.feature, read.rule, read.name, read.example, read.occurrence)
    return PastResult(identity, read.status, read.text, read.earlier)


def _json(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        message = f"line {number} is not JSON"
        raise DamagedRunError(message) from None


@cache
def _heads() -> TypeAdapter[_Head]:
    return TypeAdapter(_Head)


@cache
def _lines() -> TypeAdapter[_Line]:
    return TypeAdapter(_Line)
