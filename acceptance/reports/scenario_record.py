"""What happened in a scenario, from its first hook to the last thing that was undone after it."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field

from behave.model import Scenario, Step
from behave.runner_util import make_undefined_step_snippet
from cucumber_messages import (
    Envelope,
    Pickle,
    Snippet,
    Suggestion,
    TestCase,
    TestCaseFinished,
    TestCaseStarted,
    TestStep,
    TestStepFinished,
    TestStepResult,
    TestStepResultStatus,
    TestStepStarted,
)

from acceptance.evidence.failure import FAILURE, failure_of
from acceptance.reports.attachments import Attached
from acceptance.reports.hooks import CLEANUP, Hooks
from acceptance.reports.moments import duration, timestamp
from acceptance.reports.outcomes import SUCCESSES, hook_result, step_result, unexplained_failure
from acceptance.reports.step_definitions import StepDefinitions


@dataclass
class Happening:
    """A hook that is called, or a step that is run.

    Attributes:
        started, finished: when, in nanoseconds since 1970 (UTC).
        hook: the hook's id, or None for a step.
        result: how it ended; None of what an interrupted run did not end.
        attached: what was attached meanwhile.
        step, pickle_step: the step, as behave and by its id in the pickle, or None for a hook.

    """

    started: int
    finished: int
    hook: str | None = None
    result: TestStepResult | None = None
    attached: list[Attached] = field(default_factory=list)
    step: Step | None = None
    pickle_step: str | None = None

    def end(self, result: TestStepResult, error: BaseException | None, moment: int) -> None:
        """Note how it ended; the details of a failure are attached."""
        self.finished = moment
        self.result = result
        if error is not None and result.status is TestStepResultStatus.failed:
            self.attached.append(Attached.of(FAILURE, failure_of(error).to_json(), moment))

    def messages(
        self, test_step: TestStep, case_started: str, new_id: Callable[[], str]
    ) -> Iterator[Envelope]:
        """Return its messages, as a step of a started test case."""
        yield Envelope(
            test_step_started=TestStepStarted(
                test_case_started_id=case_started,
                test_step_id=test_step.id,
                timestamp=timestamp(self.started),
            )
        )
        for attached in self.attached:
            yield Envelope(
                attachment=attached.message(test_case_started=case_started, test_step=test_step.id)
            )
        result = self.result or TestStepResult(
            duration=duration(0), status=TestStepResultStatus.unknown
        )
        if (
            result.status is TestStepResultStatus.undefined
            and self.step is not None
            and self.pickle_step is not None
        ):
            yield Envelope(suggestion=_suggestion(self.step, self.pickle_step, new_id()))
        yield Envelope(
            test_step_finished=TestStepFinished(
                test_case_started_id=case_started,
                test_step_id=test_step.id,
                test_step_result=result,
                timestamp=timestamp(self.finished),
            )
        )


class ScenarioRecord:
    """Records what happens in a scenario, and reports it when the scenario has ended.

    Only then are its hooks and clean-ups known, which the test case has to name first.

    Attributes:
        scenario: the scenario.
        happenings: its hooks and steps in order, once it has ended.

    """

    def __init__(self, scenario: Scenario, hooks: Hooks, started: int) -> None:
        self.scenario = scenario
        self._hooks = hooks
        self._started = started
        self._before: list[Happening] = []
        self._steps: dict[int, Happening] = {}
        self._after: list[Happening] = []
        self._current: Happening | None = None
        self._step_hook_error: BaseException | None = None
        self._finished = started
        self.happenings: list[Happening] = []

    def hook_started(self, name: str, moment: int) -> None:
        """Note that a hook is called; the hooks of a step are part of the step."""
        if name not in {"before_step", "after_step"}:
            self._begin(self._hooks.id(name), moment, after=name.startswith("after"))

    def hook_finished(self, name: str, error: BaseException | None, moment: int) -> None:
        """Note what a hook raised, if anything."""
        if name in {"before_step", "after_step"}:
            self._step_hook_error = error or self._step_hook_error
        elif self._current is not None:
            self._current.end(hook_result(moment - self._current.started, error), error, moment)
            self._current = None

    def cleanup_failed(self, error: Exception, moment: int) -> None:
        """Note that a clean-up failed."""
        happening = Happening(moment, moment, self._hooks.id(CLEANUP))
        happening.end(hook_result(0, error), error, moment)
        self._after.append(happening)

    def step_started(self, moment: int) -> None:
        """Note that the next step begins."""
        self._current = Happening(moment, moment)

    def step_finished(self, step: Step, moment: int) -> None:
        """Note how a step ended."""
        happening = self._current or Happening(moment, moment)
        # behave does not keep what a hook of the step raised.
        error = self._step_hook_error or step.exception
        happening.end(step_result(step, error, self.scenario.skip_reason), error, moment)
        self._steps[id(step)] = happening
        self._current = None
        self._step_hook_error = None

    def attach(self, attached: Attached) -> None:
        """Attach something to the current hook or step, or to the last one."""
        if self._current is not None:
            self._current.attached.append(attached)
            return
        after = bool(self._steps or self._after)
        happenings = self._after if after else self._before
        if not happenings:
            name = "after_scenario" if after else "before_scenario"
            self._begin(self._hooks.id(name), attached.moment, after=after)
            self.hook_finished(name, None, attached.moment)
        happenings[-1].attached.append(attached)

    def test_case(
        self, pickle: Pickle, definitions: StepDefinitions, run: str, new_id: Callable[[], str]
    ) -> TestCase:
        """Return the hooks and steps of the scenario, now that it has ended.

        Args:
            pickle: the pickle with which it was finished.
            definitions: what the steps mean.
            run: the id of the test run.
            new_id: gives out ids.

        """
        return TestCase(
            id=new_id(),
            pickle_id=pickle.id,
            test_run_started_id=run,
            test_steps=[
                _test_step(happening, definitions, new_id()) for happening in self.happenings
            ],
        )

    def has_the_steps_of(self, case: TestCase) -> bool:
        """Whether the scenario had the same hooks and steps in an earlier attempt."""
        return [(each.hook_id, each.pickle_step_id) for each in case.test_steps] == [
            (each.hook, each.pickle_step) for each in self.happenings
        ]

    def messages(
        self, case: TestCase, attempt: int, new_id: Callable[[], str], *, will_be_retried: bool
    ) -> Iterator[Envelope]:
        """Report what happened, in the order of the test case.

        Args:
            case: what belongs to the scenario.
            attempt: how many attempts there were before.
            new_id: gives out ids.
            will_be_retried: whether another attempt follows.

        """
        started = new_id()
        yield Envelope(
            test_case_started=TestCaseStarted(
                attempt=attempt,
                id=started,
                test_case_id=case.id,
                timestamp=timestamp(self._started),
            )
        )
        for test_step, happening in zip(case.test_steps, self.happenings, strict=True):
            yield from happening.messages(test_step, started, new_id)
        yield Envelope(
            test_case_finished=TestCaseFinished(
                test_case_started_id=started,
                timestamp=timestamp(self._finished),
                will_be_retried=will_be_retried,
            )
        )

    def finish(self, pickle: Pickle, moment: int) -> None:
        """Note that the scenario has ended, including its clean-up.

        Args:
            pickle: its pickle, with the steps that it has now.
            moment: when it ended, in nanoseconds since 1970 (UTC).

        """
        self._finished = moment
        in_order = [
            self._step(step, pickle_step.id)
            for step, pickle_step in zip(self.scenario.all_steps, pickle.steps, strict=True)
        ]
        self.happenings = [*self._before, *in_order, *self._after]
        if self.scenario.status.has_failed() and not any(map(_is_failure, self.happenings)):
            # behave reports some failures to no formatter, such as those of tag hooks. The report
            # must not look better than the run.
            self.happenings.append(self._unexplained_failure())

    def _step(self, step: Step, pickle_step: str) -> Happening:
        happening = self._steps.get(id(step))
        if happening is None:
            # behave does not report the steps that it does not reach.
            result = step_result(step, step.exception, self.scenario.skip_reason)
            happening = Happening(self._finished, self._finished, result=result)
        happening.step = step
        happening.pickle_step = pickle_step
        return happening

    def _unexplained_failure(self) -> Happening:
        message = self.scenario.error_message or str(self.scenario.captured.output).strip()
        return Happening(
            self._finished,
            self._finished,
            self._hooks.id(CLEANUP),
            unexplained_failure(message or f"behave calls this {self.scenario.status.name}."),
        )

    def _begin(self, hook: str, moment: int, *, after: bool) -> None:
        self._current = Happening(moment, moment, hook)
        (self._after if after else self._before).append(self._current)


def _is_failure(happening: Happening) -> bool:
    return happening.result is not None and happening.result.status not in SUCCESSES


def _test_step(happening: Happening, definitions: StepDefinitions, new_id: str) -> TestStep:
    if happening.hook is not None:
        return TestStep(id=new_id, hook_id=happening.hook)
    ids, arguments = ([], []) if happening.step is None else definitions.meaning(happening.step)
    return TestStep(
        id=new_id,
        pickle_step_id=happening.pickle_step,
        step_definition_ids=ids,
        step_match_arguments_lists=arguments,
    )


def _suggestion(step: Step, pickle_step: str, new_id: str) -> Suggestion:
    # behave's helper writes into the step that it is given.
    code = make_undefined_step_snippet(copy(step)).strip()
    return Suggestion(
        id=new_id, pickle_step_id=pickle_step, snippets=[Snippet(code=code, language="python")]
    )
