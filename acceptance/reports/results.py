"""The results of a run, read from its Cucumber Messages."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path, PurePath

from cucumber_messages import (
    Attachment,
    Envelope,
    GherkinDocument,
    Hook,
    HookType,
    Pickle,
    TestCase,
    TestCaseStarted,
    TestStepFinished,
    TestStepResult,
    TestStepResultStatus,
    Timestamp,
    message_converter,
)

from acceptance.evidence.facts import Facts, Place
from acceptance.evidence.failure import FAILURE, Failure, failure_in
from acceptance.reports.errors import ReportError
from acceptance.reports.feature_reading import by_nodes, feature_text
from acceptance.reports.feature_text import ExampleText, Identity, Sentence
from acceptance.reports.run_files import RUN_AGAIN, RecordedRun, read_run
from acceptance.reports.status import Status

# The types that every browser shows, and that cannot contain a script.
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})

FAILURES = frozenset(
    {
        TestStepResultStatus.failed,
        TestStepResultStatus.undefined,
        TestStepResultStatus.ambiguous,
        TestStepResultStatus.pending,
    }
)

# Steps that are not automated yet, unlike steps that do not work.
UNWRITTEN = frozenset({TestStepResultStatus.undefined, TestStepResultStatus.pending})

# Messages of these statuses have no text of their own.
UNSAID = {
    TestStepResultStatus.undefined: "The suite does not know this sentence yet.",
    TestStepResultStatus.ambiguous: "The suite knows more than one meaning of this sentence.",
    TestStepResultStatus.pending: "The suite knows this sentence, but cannot check it yet.",
}


class Reached(Enum):
    """How a sentence ended in a run."""

    HELD = "held"
    FAILED = "failed"
    UNWRITTEN = "not automated yet"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Picture:
    """A picture that was attached to a scenario; `data` is its content in base64."""

    title: str
    media_type: str
    data: str


@dataclass(frozen=True)
class ScenarioFailure:
    """Where a scenario failed, and why.

    Attributes:
        sentence: the one that failed; None if all passed, or none was reached.
        prepared: whether the scenario had started by then.
        why: what was wrong.
        unwritten: whether the sentence is only not automated yet.

    """

    sentence: Sentence | None
    prepared: bool
    why: Failure
    unwritten: bool = False


@dataclass(frozen=True)
class Result:
    """How a scenario ended in a run; it passed unless there is a failure.

    Attributes:
        identity: the scenario.
        sentences: its text then.
        reached: how each sentence ended.
        facts: what was tested.
        finished: when, in UTC.
        failure: why it failed, or None.
        pictures: in the order in which they were taken.
        before: why earlier attempts failed in the same run; None for one that passed.

    """

    identity: Identity
    sentences: tuple[Sentence, ...]
    reached: tuple[Reached, ...]
    facts: Facts
    finished: datetime
    failure: ScenarioFailure | None
    pictures: tuple[Picture, ...]
    before: tuple[ScenarioFailure | None, ...] = ()

    @property
    def status(self) -> Status:
        """Whether it passed, failed, or has a sentence that is not automated yet."""
        if self.failure is None:
            return Status.PASSED
        return Status.UNWRITTEN if self.failure.unwritten else Status.FAILED

    def is_of(self, sentences: tuple[Sentence, ...]) -> bool:
        """Whether it is about these sentences, rather than earlier ones."""
        return len(sentences) == len(self.sentences) and all(
            then.says_the_same_as(now) for then, now in zip(self.sentences, sentences, strict=True)
        )


def newest_results(results: Iterable[Result]) -> Mapping[tuple[Identity, Place], Result]:
    """Return the last result of each scenario at each place."""
    in_order = sorted(results, key=lambda result: result.finished)
    return {(result.identity, result.facts.place): result for result in in_order}


def read_results(files: Iterable[Path]) -> tuple[Result, ...]:
    """Read the results of runs, each a file of Cucumber Messages.

    Scenarios that were left out, or were under way when a run was ended, have none.

    Raises:
        ReportError: a file is missing, or holds no such run.

    """
    return tuple(result for file in files for result in results_of(read_run(file)))


def results_of(recorded: RecordedRun) -> tuple[Result, ...]:
    """Return the results of a run; there are none where it failed before its first scenario.

    Raises:
        ReportError: the run does not say where it was, or its messages are damaged.

    """
    return results_and_scenarios_of(recorded)[0]


def results_and_scenarios_of(
    recorded: RecordedRun,
) -> tuple[tuple[Result, ...], tuple[ExampleText, ...]]:
    """Return the results of a run, and all scenarios that it knew, whether they were run or not.

    Raises:
        ReportError: the run does not say where it was, or its messages are damaged.

    """
    facts = recorded.facts()
    if facts is None:
        if not recorded.all("testCaseStarted"):
            return (), ()
        raise _unusable(recorded, "it does not say where it was run")
    run = _Run(facts)
    # The errors of a damaged file, which refers to things that are not in it.
    damage = (ValueError, TypeError, KeyError, AttributeError)
    for number, message in enumerate(recorded.messages, 1):
        try:
            run.take(message_converter.from_dict(message, Envelope))
        except damage as error:
            raise _unusable(recorded, f"line {number}: {_reason(error)}") from error
    try:
        examples = run.examples()
        return tuple(run.results(examples)), tuple(examples.values())
    except damage as error:
        raise _unusable(recorded, _reason(error)) from error


def _unusable(run: RecordedRun, reason: str) -> ReportError:
    again = RUN_AGAIN.format(path=run.path)
    return ReportError(f"{run.path} has no usable results ({reason}): {again}, or remove the file.")


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it refers to {error.args[0]}, which is not in it"
    return str(error).splitlines()[0]


@dataclass
class _Attempt:
    """A scenario as it is being run."""

    started: TestCaseStarted
    steps: list[TestStepFinished] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    finished: datetime | None = None
    repeated: bool = False


@dataclass
class _Run:
    """Collects what the lines of a file say, one after the other."""

    facts: Facts
    documents: list[GherkinDocument] = field(default_factory=list)
    pickles: dict[str, Pickle] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    test_cases: dict[str, TestCase] = field(default_factory=dict)
    attempts: dict[str, _Attempt] = field(default_factory=dict)

    def take(self, envelope: Envelope) -> None:
        if envelope.gherkin_document:
            self.documents.append(envelope.gherkin_document)
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
            attempt = self.attempts[end.test_case_started_id]
            attempt.finished = _moment(end.timestamp)
            attempt.repeated = end.will_be_retried

    def _attach(self, attachment: Attachment) -> None:
        if not attachment.test_case_started_id:
            return
        attempt = self.attempts[attachment.test_case_started_id]
        if attachment.media_type in PICTURES:
            attempt.pictures.append(_picture(attachment))
        elif attachment.media_type == FAILURE and attachment.test_step_id:
            failure = failure_in(attachment.body)
            if failure is not None:
                attempt.failures[attachment.test_step_id] = failure

    def examples(self) -> Mapping[tuple[str, ...], ExampleText]:
        """Return the scenarios by the nodes of their syntax trees."""
        pickles = by_nodes(self.pickles.values())
        return {
            example.node_ids: example
            for document in self.documents
            if document.feature
            for example in feature_text(document, pickles).examples
        }

    def results(self, examples: Mapping[tuple[str, ...], ExampleText]) -> Iterator[Result]:
        found: dict[Identity, Result] = {}
        before: dict[Identity, list[ScenarioFailure | None]] = {}
        for attempt in sorted(self.attempts.values(), key=lambda each: each.started.attempt):
            statuses = {step.test_step_result.status for step in attempt.steps}
            ran = statuses & FAILURES or statuses == {TestStepResultStatus.passed}
            if attempt.finished and ran:
                result = self._result(attempt, attempt.finished, examples)
                if attempt.repeated:
                    before.setdefault(result.identity, []).append(result.failure)
                    continue
                result = replace(result, before=tuple(before.get(result.identity, ())))
                earlier = found.get(result.identity)
                # A scenario that was run twice counts as failed if it failed once.
                if earlier is None or earlier.failure is None:
                    found[result.identity] = result
        yield from found.values()

    def _result(
        self,
        attempt: _Attempt,
        finished: datetime,
        examples: Mapping[tuple[str, ...], ExampleText],
    ) -> Result:
        test_case = self.test_cases[attempt.started.test_case_id]
        pickle = self.pickles[test_case.pickle_id]
        example = examples[tuple(pickle.ast_node_ids)]
        return Result(
            identity=example.identity,
            sentences=example.sentences,
            reached=tuple(_reached(attempt, test_case, pickle)),
            facts=self.facts,
            finished=finished,
            failure=self._failure(attempt, test_case, pickle, example),
            pictures=tuple(attempt.pictures),
        )

    def _failure(
        self, attempt: _Attempt, test_case: TestCase, pickle: Pickle, example: ExampleText
    ) -> ScenarioFailure | None:
        failures = [each for each in attempt.steps if each.test_step_result.status in FAILURES]
        if not failures:
            return None
        # A failure matters more than a sentence that is not automated yet.
        finished = next(
            (each for each in failures if each.test_step_result.status not in UNWRITTEN),
            failures[0],
        )
        # Both lists begin with the steps of the backgrounds.
        sentences = dict(zip((step.id for step in pickle.steps), example.sentences, strict=True))
        step = {step.id: step for step in test_case.test_steps}[finished.test_step_id]
        result = finished.test_step_result
        before = step.hook_id and self.hooks[step.hook_id].type is HookType.before_test_case
        return ScenarioFailure(
            sentence=sentences[step.pickle_step_id] if step.pickle_step_id else None,
            prepared=not before,
            why=attempt.failures.get(step.id) or _failure_in_result(result),
            unwritten=result.status in UNWRITTEN,
        )


def _failure_in_result(result: TestStepResult) -> Failure:
    """Return a failure as another program, or an older suite, has written it."""
    message = (result.exception and result.exception.message) or result.message or ""
    return Failure(UNSAID.get(result.status) or message)


def _reached(attempt: _Attempt, test_case: TestCase, pickle: Pickle) -> Iterator[Reached]:
    pickle_steps = {step.id: step.pickle_step_id for step in test_case.test_steps}
    statuses = {
        pickle_steps[each.test_step_id]: each.test_step_result.status for each in attempt.steps
    }
    ended = False
    for step in pickle.steps:
        status = statuses.get(step.id)
        if status is TestStepResultStatus.passed:
            yield Reached.HELD
        elif ended or status not in FAILURES:
            yield Reached.NOT_RUN
        else:
            yield Reached.UNWRITTEN if status in UNWRITTEN else Reached.FAILED
            ended = True


def _moment(timestamp: Timestamp) -> datetime:
    since = timedelta(seconds=timestamp.seconds, microseconds=timestamp.nanos // 1000)
    return datetime.fromtimestamp(0, UTC) + since


def _picture(attachment: Attachment) -> Picture:
    # Decoded only as a check: a broken picture is better reported now than shown later.
    b64decode(attachment.body, validate=True)
    return Picture(
        title=PurePath(attachment.file_name or "The page at the end").stem,
        media_type=attachment.media_type,
        data=attachment.body,
    )
