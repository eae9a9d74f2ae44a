"""How steps and hooks ended: behave's statuses and exceptions as results of Cucumber Messages."""

import traceback
from contextlib import suppress
from pathlib import Path

import behave
import cucumber_messages
from behave.model import Step
from behave.model_type import Status
from cucumber_messages import TestStepResult, TestStepResultStatus

from acceptance.reports.moments import NANOSECONDS, duration

STATUSES = {
    Status.passed: TestStepResultStatus.passed,
    Status.xfailed: TestStepResultStatus.passed,
    Status.xpassed: TestStepResultStatus.passed,
    Status.failed: TestStepResultStatus.failed,
    Status.error: TestStepResultStatus.failed,
    Status.hook_error: TestStepResultStatus.failed,
    Status.cleanup_error: TestStepResultStatus.failed,
    Status.undefined: TestStepResultStatus.undefined,
    Status.untested_undefined: TestStepResultStatus.undefined,
    Status.pending: TestStepResultStatus.pending,
    Status.pending_warn: TestStepResultStatus.pending,
    Status.untested_pending: TestStepResultStatus.pending,
    Status.skipped: TestStepResultStatus.skipped,
    Status.untested: TestStepResultStatus.skipped,
    # The statuses of steps that behave did not finish.
    Status.executing: TestStepResultStatus.unknown,
    Status.unknown: TestStepResultStatus.unknown,
}

BEHAVE = Path(behave.__file__).parent

SUCCESSES = {TestStepResultStatus.passed, TestStepResultStatus.skipped}


def step_result(step: Step, error: BaseException | None, reason: str | None) -> TestStepResult:
    """Return how a step ended.

    Args:
        step: as behave left it.
        error: what the step or a hook of it raised, or None.
        reason: why the scenario was skipped, if it was.

    """
    status = STATUSES[step.status]
    length = duration(round(step.duration * NANOSECONDS))
    if status is TestStepResultStatus.skipped:
        return TestStepResult(duration=length, status=status, message=reason)
    if status in {TestStepResultStatus.passed, TestStepResultStatus.undefined}:
        return TestStepResult(duration=length, status=status)
    message = (step.error_message or "").strip()
    if error is not None and (status is TestStepResultStatus.failed or not message):
        message = in_full(error)
    return TestStepResult(
        duration=length,
        status=status,
        message=message or None,
        exception=None if error is None else _exception(error, message),
    )


def hook_result(nanoseconds: int, error: BaseException | None) -> TestStepResult:
    """Return how a hook ended that took so many nanoseconds."""
    if error is None:
        return TestStepResult(duration=duration(nanoseconds), status=TestStepResultStatus.passed)
    message = in_full(error)
    return TestStepResult(
        duration=duration(nanoseconds),
        status=TestStepResultStatus.failed,
        message=message,
        exception=_exception(error, message),
    )


def unexplained_failure(message: str) -> TestStepResult:
    """Return the result of a failure of which only the message is known."""
    return TestStepResult(duration=duration(0), status=TestStepResultStatus.failed, message=message)


def in_full(error: BaseException) -> str:
    """Return an error with its traceback; an assertion needs none."""
    if isinstance(error, AssertionError):
        return f"ASSERT FAILED: {error}"
    report = traceback.TracebackException.from_exception(error)
    _leave_out_machinery(report)
    return "".join(report.format()).rstrip()


def _leave_out_machinery(report: traceback.TracebackException) -> None:
    """Leave out behave's own frames, and the folders of this machine."""
    report.stack = traceback.StackSummary.from_list(
        [frame for frame in report.stack if not Path(frame.filename).is_relative_to(BEHAVE)]
    )
    for frame in report.stack:
        with suppress(ValueError):
            frame.filename = str(Path(frame.filename).relative_to(Path.cwd()))
    for other in (report.__cause__, report.__context__):
        if other is not None:
            _leave_out_machinery(other)


def _exception(error: BaseException, message: str) -> cucumber_messages.Exception:
    return cucumber_messages.Exception(
        type=type(error).__name__,
        message=str(error),
        # Reports show this rather than anything else.
        stack_trace=message,
    )
