"""What came of a run: read from the Cucumber Messages that it left behind."""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath

from cucumber_messages import (
    Attachment,
    AttachmentContentEncoding,
    Envelope,
    Hook,
    HookType,
    Pickle,
    TestCase,
    TestCaseStarted,
    TestStepFinished,
    TestStepResultStatus,
    Timestamp,
    message_converter,
)

from reporting.failure_message import plain_message
from reporting.feature_reading import feature_text
from reporting.feature_text import ExampleText, Identity, Sentence
from reporting.origin import Origin, Place, read_origin

# What every browser draws and none of which can hold a script.
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})

FAILURES = frozenset(
    {
        TestStepResultStatus.failed,
        TestStepResultStatus.undefined,
        TestStepResultStatus.ambiguous,
        TestStepResultStatus.pending,
    }
)

# What messages of these do not say themselves.
UNSAID = {
    TestStepResultStatus.undefined: "Nobody has taught the suite this sentence yet.",
    TestStepResultStatus.ambiguous: "The suite knows more than one meaning of this sentence.",
    TestStepResultStatus.pending: "The suite knows this sentence, but cannot check it yet.",
}


class UnreadableRunError(Exception):
    """A file holds no run that can be read; the message says why, and what to do."""


@dataclass(frozen=True)
class Picture:
    """A picture that a scenario left behind; `data` is its content in base64."""

    title: str
    media_type: str
    data: str


@dataclass(frozen=True)
class Failure:
    """Why a scenario failed.

    Attributes:
        sentence: the one that did not hold; None where all did, or none was reached.
        prepared: whether the scenario had been prepared by then.
        message: why, in a few lines.

    """

    sentence: Sentence | None
    prepared: bool
    message: str


@dataclass(frozen=True)
class Result:
    """What came of a scenario in a run; it passed unless there is a failure.

    Attributes:
        identity: the scenario.
        sentences: what it said then.
        origin: what was tested.
        finished: when, in UTC.
        failure: why it failed, or None.
        pictures: in the order in which they were taken.

    """

    identity: Identity
    sentences: tuple[Sentence, ...]
    origin: Origin
    finished: datetime
    failure: Failure | None
    pictures: tuple[Picture, ...]

    def is_of(self, sentences: tuple[Sentence, ...]) -> bool:
        """Whether it is about these sentences, and not about what stood there before."""
        return len(sentences) == len(self.sentences) and all(
            then.says_the_same_as(now) for then, now in zip(self.sentences, sentences, strict=True)
        )


def newest_results(results: Iterable[Result]) -> Mapping[tuple[Identity, Place], Result]:
    """Return the last result of each scenario at each place."""
    in_order = sorted(results, key=lambda result: result.finished)
    return {(result.identity, result.origin.place): result for result in in_order}


def read_runs(files: Iterable[Path]) -> tuple[Result, ...]:
    """Read the results of runs, each a file of Cucumber Messages.

    Scenarios that were left out, or were under way when a run was ended, have none.

    Raises:
        UnreadableRunError: a file is missing, or is no such run.

    """
    return tuple(result for file in files for result in _read_run(file))


# What a damaged file leads to: all that is looked up in it are its own references.
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError)


def _read_run(file: Path) -> tuple[Result, ...]:
    run = _Run()
    try:
        # Not splitlines(), which also parts where JSON may hold a line separator as it is.
        lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        message = f"{file} cannot be read ({reason}): see that it is the file of a run."
        raise UnreadableRunError(message) from error
    for number, line in enumerate(lines, 1):
        try:
            run.take(message_converter.from_dict(json.loads(line), Envelope))
        except _DAMAGE as error:
            raise _unreadable(file, f"line {number}: {_reason(error)}") from error
    try:
        return tuple(run.results())
    except _DAMAGE as error:
        raise _unreadable(file, _reason(error)) from error


def _unreadable(file: Path, reason: str) -> UnreadableRunError:
    message = f"{file} holds no complete run ({reason}): run behave again, or remove the file."
    return UnreadableRunError(message)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return "the line is cut short or damaged"
    if isinstance(error, KeyError):
        return f"it refers to {error.args[0]}, which is not in it"
    return str(error).splitlines()[0]


@dataclass
class _Attempt:
    """A scenario as it is being run."""

    started: TestCaseStarted
    steps: list[TestStepFinished] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    finished: datetime | None = None


@dataclass
class _Run:
    """Puts together what the lines of a file say, one after the other."""

    origin: Origin | None = None
    examples: dict[tuple[str, ...], ExampleText] = field(default_factory=dict)
    pickles: dict[str, Pickle] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    test_cases: dict[str, TestCase] = field(default_factory=dict)
    attempts: dict[str, _Attempt] = field(default_factory=dict)

    def take(self, envelope: Envelope) -> None:
        if envelope.gherkin_document:
            feature = feature_text(envelope.gherkin_document)
            for example in feature.examples if feature else ():
                self.examples[example.node_ids] = example
        elif envelope.pickle:
            self.pickles[envelope.pickle.id] = envelope.pickle
        elif envelope.hook:
            self.hooks[envelope.hook.id] = envelope.hook
        elif envelope.test_case:
            self.test_cases[envelope.test_case.id] = envelope.test_case
        elif envelope.attachment:
            self._attach(envelope.attachment)
        else:
            self._run_on(envelope)

    def _run_on(self, envelope: Envelope) -> None:
        if envelope.test_case_started:
            self.attempts[envelope.test_case_started.id] = _Attempt(envelope.test_case_started)
        elif envelope.test_step_finished:
            step = envelope.test_step_finished
            self.attempts[step.test_case_started_id].steps.append(step)
        elif envelope.test_case_finished:
            end = envelope.test_case_finished
            if end.will_be_retried:
                del self.attempts[end.test_case_started_id]
            else:
                self.attempts[end.test_case_started_id].finished = _moment(end.timestamp)

    def _attach(self, attachment: Attachment) -> None:
        if attachment.media_type in PICTURES and attachment.test_case_started_id:
            attempt = self.attempts[attachment.test_case_started_id]
            attempt.pictures.append(_picture(attachment))
        elif attachment.media_type == "application/json" and attachment.test_run_started_id:
            self.origin = read_origin(_body(attachment)) or self.origin

    def results(self) -> Iterator[Result]:
        if self.origin is None:
            message = "it does not say where it was run"
            raise ValueError(message)
        for attempt in self.attempts.values():
            statuses = {step.test_step_result.status for step in attempt.steps}
            ran = statuses & FAILURES or statuses == {TestStepResultStatus.passed}
            if attempt.finished and ran:
                yield self._result(self.origin, attempt, attempt.finished)

    def _result(self, origin: Origin, attempt: _Attempt, finished: datetime) -> Result:
        test_case = self.test_cases[attempt.started.test_case_id]
        pickle = self.pickles[test_case.pickle_id]
        example = self.examples[tuple(pickle.ast_node_ids)]
        return Result(
            identity=example.identity,
            sentences=example.sentences,
            origin=origin,
            finished=finished,
            failure=self._failure(attempt, test_case, pickle, example),
            pictures=tuple(attempt.pictures),
        )

    def _failure(
        self, attempt: _Attempt, test_case: TestCase, pickle: Pickle, example: ExampleText
    ) -> Failure | None:
        # Both lists begin with the steps of the backgrounds.
        sentences = dict(zip((step.id for step in pickle.steps), example.sentences, strict=True))
        steps = {step.id: step for step in test_case.test_steps}
        for finished in attempt.steps:
            result = finished.test_step_result
            if result.status not in FAILURES:
                continue
            step = steps[finished.test_step_id]
            message = (result.exception and result.exception.message) or result.message or ""
            before = step.hook_id and self.hooks[step.hook_id].type is HookType.before_test_case
            return Failure(
                sentence=sentences[step.pickle_step_id] if step.pickle_step_id else None,
                prepared=not before,
                message=UNSAID.get(result.status) or plain_message(message),
            )
        return None


def _moment(timestamp: Timestamp) -> datetime:
    since = timedelta(seconds=timestamp.seconds, microseconds=timestamp.nanos // 1000)
    return datetime.fromtimestamp(0, UTC) + since


def _picture(attachment: Attachment) -> Picture:
    # Decoded to see that it can be, as a broken picture is better told now than shown later.
    b64decode(attachment.body, validate=True)
    return Picture(
        title=PurePath(attachment.file_name or "The page at the end").stem,
        media_type=attachment.media_type,
        data=attachment.body,
    )


def _body(attachment: Attachment) -> str:
    body: str = attachment.body
    if attachment.content_encoding is AttachmentContentEncoding.base64:
        return b64decode(body).decode()
    return body
