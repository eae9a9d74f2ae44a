"""A worker that was lost: the reports that it could no longer send."""

import signal
from collections.abc import Iterator, Sequence
from time import time_ns

from behave.model import Feature, Scenario, Step
from behave.model_type import Status

from acceptance.running.workers.messages import Message, Moment, Section
from acceptance.running.workers.outcomes import Outcome, ScenarioOutcome
from acceptance.running.workers.plan import Container
from acceptance.running.workers.processes import Process
from acceptance.running.workers.recording import Event, Kind

_NOT_SKIPPED = (False, None)


class WorkerLostError(AssertionError):
    """A worker ended while it ran a step."""


class Lost:
    """A worker that has ended unexpectedly."""

    def __init__(self, number: int, status: int) -> None:
        """Take its number and its status.

        Args:
            number: the number of the worker.
            status: its exit status, or minus the number of a signal.

        """
        self._number = number
        how = f"with status {status}" if status >= 0 else f"by {signal.Signals(-status).name}"
        self._how = f"worker {number} was ended {how}"

    def sentence(self, when: str) -> str:
        """Return a sentence about what happened."""
        return f"W{self._how[1:]} {when}: run without -j to see more."

    def events(self, process: Process) -> Iterator[Event]:
        """Return its last output, which it did not record."""
        for number, content in process.last_outputs():
            yield Event(time_ns(), Kind.WRITTEN, str(number), (content,))

    def scenario(self, scenario: Scenario, events: Sequence[Event]) -> Section:
        """Return the scenario that it ran, which failed at the step that it had reached."""
        recorded = [*events]
        announced = [
            number
            for number, event in enumerate(recorded)
            if event.kind is Kind.FORMATTERS and event.name == "scenario"
        ]
        if not announced:
            recorded.append(_event(Kind.FORMATTERS, "scenario", scenario))
            recorded += [
                _event(Kind.ANNOUNCED, "step", step, step.name) for step in scenario.all_steps
            ]
        current = recorded[announced[-1] :] if announced else recorded
        ended = {
            id(event.arguments[0]): event.arguments[1]
            for event in current
            if event.kind is Kind.RESULT
        }
        step = next((each for each in scenario.all_steps if id(each) not in ended), None)
        again = f"behave {scenario.filename}:{scenario.line}"
        reason = f"{self._how} in this scenario: type `{again}` to run it alone."
        outcomes = {**ended}
        if step is not None:
            matched = [event.arguments[0] for event in current if event.kind is Kind.MATCHED]
            if not any(each is step for each in matched):
                recorded.append(_event(Kind.MATCHED, "match", step))
            outcome = _failed(reason)
            recorded.append(_event(Kind.RESULT, "result", step, outcome, scenario, *_NOT_SKIPPED))
            outcomes[id(step)] = outcome
        else:
            recorded.append(_event(Kind.PRINTED, "stderr", f"\n{reason}\n"))
        last = Message(Moment.DONE, outcome=_outcome(scenario, outcomes, reason))
        return Section(recorded, last)

    def end_of(self, container: Container) -> Section:
        """Return the end of a feature or rule that it was in."""
        name = "eof" if isinstance(container, Feature) else "rule_finished"
        return Section([_event(Kind.FORMATTERS, name)], Message(Moment.LEFT))

    def end(self, events: Sequence[Event]) -> Section:
        """Return the end of the worker."""
        return Section(events, Message(Moment.ENDED, has_failed=True))


def _event(kind: Kind, name: str, *arguments: object) -> Event:
    return Event(time_ns(), kind, name, arguments)


def _failed(reason: str) -> Outcome:
    attributes = {
        "status": Status.failed,
        "duration": 0,
        "error_message": f"ASSERT FAILED: {reason}",
        "exception": WorkerLostError(reason),
    }
    return Outcome(attributes, [])


def _outcome(scenario: Scenario, outcomes: dict[int, object], reason: str) -> ScenarioOutcome:
    def with_outcome(step: Step) -> tuple[Step, Outcome]:
        outcome = outcomes.get(id(step))
        if isinstance(outcome, Outcome):
            return step, outcome
        return step, Outcome({"status": Status.skipped}, [])

    return ScenarioOutcome(
        Outcome({"_cached_status": Status.failed, "error_message": reason}, []),
        [with_outcome(step) for step in scenario.background_steps],
        [with_outcome(step) for step in scenario.steps],
    )
