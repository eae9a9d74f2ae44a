"""behave's formatter that writes Cucumber Messages: `behave -f messages -o reports/run.ndjson`."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.formatter.base import Formatter, StreamOpener
from behave.matchers import Match
from behave.model import Feature, Scenario, Step
from behave.model_type import Status
from behave.step_registry import registry
from cucumber_messages import (
    Envelope,
    TestCase,
    TestRunFinished,
    TestRunHookFinished,
    TestRunHookStarted,
    TestRunStarted,
    TestStepResult,
)

from acceptance.evidence.failure import FAILURE, failure_of
from acceptance.reports.announced_pickles import AnnouncedPickles
from acceptance.reports.attachments import Attached
from acceptance.reports.documents import parse_error
from acceptance.reports.feature_files import UnreadableFeatureError
from acceptance.reports.hooks import CLEANUP, REPORT, RUN, Hooks
from acceptance.reports.message_stream import MessageStream
from acceptance.reports.moments import timestamp
from acceptance.reports.outcomes import hook_result, unexplained_failure
from acceptance.reports.run_environment import meta
from acceptance.reports.run_observer import RunObserver
from acceptance.reports.scenario_record import ScenarioRecord
from acceptance.reports.step_definitions import StepDefinitions

NOT_RUN = {Status.untested, Status.skipped}

Arguments = ParamSpec("Arguments")
Method = Callable[Concatenate["MessagesFormatter", Arguments], None]


def _harmless(method: Method[Arguments]) -> Method[Arguments]:
    """Let no error of a report change the verdict of the run."""

    @wraps(method)
    def harmless(
        self: "MessagesFormatter", /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> None:
        if self.broken:
            return
        try:
            method(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 (a report is never worth a run)
            self.give_up(error)

    return harmless


class MessagesFormatter(Formatter, RunObserver):
    """Writes what happens in a run as Cucumber Messages.

    Attributes:
        broken: whether it has given up writing.

    """

    name = "messages"
    description = "Cucumber Messages (NDJSON), of which reports are made"

    def __init__(self, stream_opener: StreamOpener, config: Configuration) -> None:
        super().__init__(stream_opener, config)
        self.broken = False
        self.incomplete = False
        try:
            self._messages = MessageStream(self.open())
        except OSError as error:
            reason = (
                "its folder is a file" if isinstance(error, FileExistsError) else error.strerror
            )
            message = (
                f"the messages of the run cannot be written to {stream_opener.name} "
                f"({reason}): name another file after -o."
            )
            raise ConfigError(message) from error
        self._hooks = Hooks(self._messages)
        self._definitions: StepDefinitions | None = None
        self._run = self._messages.new_id()
        self._run_hook = ""
        self._run_hook_started = 0
        self._features: list[Feature] = []
        self._pickles = AnnouncedPickles(self._messages, getattr(config, "lang", None))
        self._reported: set[int] = set()
        self._unreported: list[str] = []
        self._record: ScenarioRecord | None = None
        self._tried: TestCase | None = None
        self._attempt = 0
        self._observed = False
        self._failed = False

    # What behave reports to its formatters.

    @_harmless
    def feature(self, feature: Feature) -> None:
        """Note that a feature begins."""
        self._begin([feature], {})
        self._pickles.add(feature)
        if not any(feature is known for known in self._features):
            self._features.append(feature)

    @_harmless
    def scenario(self, scenario: Scenario) -> None:
        """Note that a scenario begins, or an example of an outline."""
        self._settle(next_one=scenario)
        self._record = ScenarioRecord(scenario, self._hooks, self.now())

    @_harmless
    def match(self, match: Match) -> None:  # noqa: ARG002 (behave reports what, not which step)
        """Note that the next step begins."""
        if self._record is not None:
            self._record.step_started(self.now())

    @_harmless
    def result(self, step: Step) -> None:
        """Note how the step ended."""
        if self._record is not None:
            self._record.step_finished(step, self.now())

    @_harmless
    def embedding(self, mime_type: str, data: bytes | str) -> None:
        """Note something that was attached with `context.attach`."""
        attached = Attached.of(mime_type, data, self.now())
        if self._record is not None:
            self._record.attach(attached)
            return
        self._begin([], {})
        # Older readers of messages look for the run, and newer ones for its hook.
        attachment = attached.message(
            run_started=self._run, run_hook_started=self._run_hook or None
        )
        self._messages.write(Envelope(attachment=attachment))

    @_harmless
    def eof(self) -> None:
        """Note that a feature has ended."""
        self._settle()

    def close(self) -> None:
        """Note that the run has ended; behave reports nothing else about its end."""
        if not self._observed:
            self.run_finished(passed=not self._failed)

    # What only a ReportingRunner reports.

    @_harmless
    def run_started(
        self, features: Sequence[Feature], hooks: Mapping[str, Callable[..., object]]
    ) -> None:
        """Note what will be run."""
        self._observed = True
        self._features = list(features)
        self._begin(features, hooks)

    def attached_to_run(self, mime_type: str, data: bytes | str) -> None:
        """Note an attachment of the run."""
        self.embedding(mime_type, data)

    @_harmless
    def hook_started(self, name: str, *, in_scenario: bool) -> None:
        """Note that a hook is called."""
        if in_scenario:
            if self._record is not None:
                self._record.hook_started(name, self.now())
            return
        self._settle()
        self._begin_run_hook(name)

    @_harmless
    def hook_finished(self, name: str, error: BaseException | None, *, in_scenario: bool) -> None:
        """Note how a hook ended."""
        if not in_scenario:
            self._end_run_hook(hook_result(self.now() - self._run_hook_started, error), error)
        elif self._record is not None:
            self._record.hook_finished(name, error, self.now())

    @_harmless
    def cleanup_failed(self, error: Exception, *, in_scenario: bool) -> None:
        """Note that a clean-up failed."""
        if in_scenario:
            if self._record is not None:
                self._record.cleanup_failed(error, self.now())
            return
        self._settle()
        self._begin_run_hook(CLEANUP)
        self._end_run_hook(hook_result(0, error), error)

    @_harmless
    def reading_failed(self, errors: Sequence[UnreadableFeatureError]) -> None:
        """Note that behave cannot read some features, and therefore runs none."""
        self._observed = True
        self._begin([], {})
        for error in errors:
            self._messages.write_plain(parse_error(error))

    @_harmless
    def ended_early(self, reason: str) -> None:
        """Note why the run ended early."""
        self._begin([], {})
        self._settle()
        self._begin_run_hook(RUN)
        self._end_run_hook(unexplained_failure(reason))

    @_harmless
    def run_finished(self, *, passed: bool) -> None:
        """Note the verdict, and finish the file."""
        self._begin([], {})
        self._settle()
        self._report_what_is_missing()
        finished = TestRunFinished(
            success=passed and not self.incomplete,
            timestamp=timestamp(self.now()),
            test_run_started_id=self._run,
        )
        self._messages.write(Envelope(test_run_finished=finished))
        self.close_stream()

    def give_up(self, error: Exception) -> None:
        """Stop writing, and report it once."""
        self.broken = True
        place = traceback.extract_tb(error.__traceback__)[-1]
        sys.stderr.write(
            f"The messages of the run, and its report, end early, but the run goes on: "
            f"{type(error).__name__}: {error} ({place.filename}:{place.lineno}).\n"
        )

    def _begin(
        self, features: Sequence[Feature], hooks: Mapping[str, Callable[..., object]]
    ) -> None:
        if self._definitions is not None:
            return
        self._messages.write(Envelope(meta=meta(os.environ)))
        for feature in features:
            self._pickles.add(feature)
        self._definitions = StepDefinitions(registry, self._messages.new_id)
        for definition in self._definitions.messages():
            self._messages.write(Envelope(step_definition=definition))
        self._hooks.report(hooks)
        started = TestRunStarted(id=self._run, timestamp=timestamp(self.now()))
        self._messages.write(Envelope(test_run_started=started))
        self._messages.flush()

    def _settle(self, next_one: Scenario | None = None) -> None:
        """Report the scenario that has ended, which may be the next one again."""
        record, self._record = self._record, None
        if record is None or self._definitions is None:
            return
        retried = next_one is record.scenario
        self._reported.add(id(record.scenario))
        try:
            messages = list(self._messages_of(record, self._definitions, retried=retried))
        except Exception as error:  # noqa: BLE001 (the other scenarios still have to be reported)
            self._miss(record.scenario, f"{type(error).__name__}: {error}")
            return
        for message in messages:
            self._messages.write(message)
        self._messages.flush()
        self._attempt = self._attempt + 1 if retried else 0
        self._failed = self._failed or (record.scenario.status.has_failed() and not retried)

    def _messages_of(
        self, record: ScenarioRecord, definitions: StepDefinitions, *, retried: bool
    ) -> Iterator[Envelope]:
        pickle = self._pickles.of(record.scenario)
        record.finish(pickle, self.now())
        case = record.test_case(pickle, definitions, self._run, self._messages.new_id)
        if self._tried is not None and record.has_the_steps_of(self._tried):
            case = self._tried
        else:
            yield Envelope(test_case=case)
        self._tried = case if retried else None
        yield from record.messages(
            case, self._attempt, self._messages.new_id, will_be_retried=retried
        )

    def _miss(self, scenario: Scenario, reason: str) -> None:
        self.incomplete = True
        self._unreported.append(
            f"{scenario.location} ({scenario.name}: {scenario.status.name}) is missing from the "
            f"report ({' '.join(reason.split())}): its result is what behave printed."
        )

    def _report_what_is_missing(self) -> None:
        """Check that each scenario that behave has run is there, and report those that are not."""
        for feature in self._features:
            for scenario in feature.walk_scenarios():
                if id(scenario) not in self._reported and scenario.status not in NOT_RUN:
                    self._miss(scenario, "behave did not announce it")
        for sentence in self._unreported:
            sys.stderr.write(f"{sentence}\n")
            self._begin_run_hook(REPORT)
            self._end_run_hook(unexplained_failure(sentence))

    def _begin_run_hook(self, name: str) -> None:
        self._run_hook = self._messages.new_id()
        self._run_hook_started = self.now()
        started = TestRunHookStarted(
            hook_id=self._hooks.id(name),
            id=self._run_hook,
            test_run_started_id=self._run,
            timestamp=timestamp(self._run_hook_started),
        )
        self._messages.write(Envelope(test_run_hook_started=started))

    def _end_run_hook(self, result: TestStepResult, error: BaseException | None = None) -> None:
        if error is not None:
            self.embedding(FAILURE, failure_of(error).to_json())
        finished = TestRunHookFinished(
            result=result,
            test_run_hook_started_id=self._run_hook,
            timestamp=timestamp(self.now()),
        )
        self._messages.write(Envelope(test_run_hook_finished=finished))
        self._run_hook = ""
