"""A worker: a process that runs the scenarios that the lead assigns to it."""

import pathlib
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, SupportsIndex

from behave.model import Feature, Rule, Scenario, ScenarioContainer, ScenarioOutline
from behave.runner import Context, Runner

from acceptance.running.interruptions import ENDING
from acceptance.running.workers.messages import Message, Moment
from acceptance.running.workers.outcomes import outcome_of_container, outcome_of_scenario
from acceptance.running.workers.plan import Container, Plan
from acceptance.running.workers.recording import (
    RecordedStream,
    Recording,
    RecordingFormatter,
    RecordingObserver,
)
from acceptance.running.workers.schedule import Part, Path
from acceptance.running.workers.wire import Wire


class LeadGoneError(BaseException):
    """The process that assigns scenarios has ended."""


class Worker:
    """One worker's side of a run.

    Attributes:
        number: its number, from 1.

    """

    def __init__(
        self, number: int, runner: Runner, plan: Plan, wire: Wire, connection: Connection
    ) -> None:
        self.number = number
        self._runner = runner
        self._plan = plan
        self._wire = wire
        self._connection = connection
        self._recording = Recording()
        self._next: Part | None = None
        self._hook_failures = 0
        self._undefined = 0
        self._requests = 0

    def work(self, run_model: Callable[[Iterator[Feature]], bool]) -> None:
        """Run the assigned scenarios, until none are left.

        Args:
            run_model: runs features as behave does, with the hooks before and after all of them.

        """
        runner = self._runner
        self._wire.be_in_worker(self.number)
        # A replacement for a lost worker is forked while other workers are being replayed.
        runner.context = Context(runner)
        self._undefined = len(runner.undefined_steps)
        for container in self._plan.containers.values():
            container.captured.reset()
        for model in (*self._plan.containers.values(), *self._plan.scenarios.values()):
            vars(model).pop("run", None)
        for number in (1, 2):
            self._recording.include(number)
        sys.stdout = RecordedStream(self._recording, "stdout", sys.stdout)
        sys.stderr = RecordedStream(self._recording, "stderr", sys.stderr)
        runner.formatters = [
            RecordingFormatter(self._recording, self._current_step, self._send_events),
            RecordingObserver(self._recording),
        ]
        runner.config.reporters = []
        # Scenarios before a failure, in the order of the features, are still run.
        runner.config.stop = False
        for path, container in self._plan.containers.items():
            container.run_items = AssignedItems(
                container.run_items, self._items_of(path, container)
            )
        # The last clean-up, because the lead prints what behave prints after it.
        runner.context.add_cleanup(self._recording.end)
        failed = run_model(self._features())
        self._say(Moment.ENDED, has_failed=failed)

    def report_not_begun(self, reason: str) -> None:
        """Report to the lead why nothing can be run."""
        self._say(Moment.NOT_BEGUN, reason=reason)

    def artifacts(self, root: pathlib.Path) -> "SharedArtifacts":
        """Return the folders for evidence, which all workers share below a root."""
        self._ask(Moment.ASKS_FOR_ARTIFACTS, folder=(root, (), {}))
        return SharedArtifacts(
            lambda names, others: self._ask(Moment.ASKS_FOR_FOLDER, folder=(root, names, others))
        )

    def _features(self) -> Iterator[Feature]:
        self._say(Moment.BEGUN)
        while self._find_next(()):
            assert self._next
            path = self._next.path[:1]
            feature = self._plan.containers[path]
            assert isinstance(feature, Feature)
            yield feature
            self._leave(path, feature)

    def _items_of(
        self, path: Path, container: Container
    ) -> Callable[[], Iterator[Rule | Scenario]]:
        def items() -> Iterator[Rule | Scenario]:
            self._say(Moment.ENTERED, path=path, outcome=outcome_of_container(container))
            while self._find_next(path):
                assert self._next
                if self._next.path != path:
                    inner = self._next.path[: len(path) + 1]
                    rule = self._plan.containers[inner]
                    assert isinstance(rule, Rule)
                    try:
                        yield rule
                    finally:
                        self._leave(inner, rule)
                    continue
                part, self._next = self._next, None
                scenario = self._plan.scenarios.get(part.number)
                if scenario is not None:
                    try:
                        yield from self._alone(scenario)
                    finally:
                        self._finish(scenario)

        return items

    def _alone(self, scenario: Scenario) -> Iterator[Scenario]:
        root = self._runner.context._set_root_attribute  # noqa: SLF001
        if isinstance(scenario.parent, ScenarioOutline):
            root("active_outline", scenario._row)  # noqa: SLF001
        yield scenario
        root("active_outline", None)

    def _finish(self, scenario: Scenario) -> None:
        self._say(Moment.DONE, outcome=outcome_of_scenario(scenario))

    def _leave(self, path: Path, container: Container) -> None:
        if self._next is not None and self._next.path[: len(path)] == path:
            # A hook has failed, so nothing in it is run.
            self._next = None
        self._say(Moment.LEFT, path=path, outcome=outcome_of_container(container))

    def _find_next(self, path: Path) -> bool:
        """Return whether there is something to run in a feature or rule, or anywhere for `()`."""
        if self._runner.aborted:
            return False
        if self._next is None:
            try:
                number = self._ask(Moment.ASKS, path=path)
            except KeyboardInterrupt:
                self._runner.aborted = True
                return False
            self._next = None if number is None else self._plan.parts[number]
        return self._next is not None and self._next.path[: len(path)] == path

    def _current_step(self) -> Any:  # noqa: ANN401
        return self._runner.step_registry.asked

    def _send_events(self) -> None:
        self._say(Moment.IN_BETWEEN)

    def _say(self, moment: Moment, **details: Any) -> None:
        runner = self._runner
        with _undisturbed():
            failures, self._hook_failures = self._hook_failures, runner.hook_failures
            undefined, self._undefined = self._undefined, len(runner.undefined_steps)
            message = Message(
                moment,
                self._recording.take(),
                hook_failures=max(runner.hook_failures - failures, 0),
                undefined=runner.undefined_steps[undefined:],
                is_aborted=runner.aborted,
                **details,
            )
            try:
                self._connection.send_bytes(self._wire.dumps(message))
            except OSError:
                raise LeadGoneError from None

    def _ask(self, moment: Moment, **details: Any) -> Any:  # noqa: ANN401
        self._requests += 1
        self._say(moment, **details)
        while True:
            try:
                number, answer = self._wire.loads(self._connection.recv_bytes())
            except (EOFError, OSError):
                raise LeadGoneError from None
            # An answer to an earlier request may arrive, if a signal interrupted the wait for it.
            if number == self._requests:
                return answer


class SharedArtifacts:
    """The folders for the evidence of scenarios, which the lead makes."""

    def __init__(self, ask: Callable[[Sequence[str], Mapping[str, Any]], Any]) -> None:
        self._ask = ask

    def folder_for(
        self, feature: str, scenario: str, *, rule: str = "", occurrence: int = 0
    ) -> pathlib.Path:
        """Ask the lead to make the folder of a scenario, and return it.

        Raises:
            OSError: the folder cannot be made.

        """
        answer = self._ask((feature, scenario), {"rule": rule, "occurrence": occurrence})
        if isinstance(answer, OSError):
            raise answer
        assert isinstance(answer, pathlib.Path)
        return answer


class AssignedItems(list[Any]):
    """The items of a feature or rule, of which behave runs only those that the lead assigns."""

    def __init__(self, everything: list[Any], assigned: Callable[[], Iterator[Any]]) -> None:
        super().__init__(everything)
        self._assigned = assigned

    def __iter__(self) -> Iterator[Any]:
        """Iterate over all items, or when behave runs them, over the assigned ones."""
        # Hooks, and behave itself, may look at all items at any time.
        if sys._getframe(1).f_code is ScenarioContainer.run.__code__:  # noqa: SLF001
            return self._assigned()
        return super().__iter__()

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:  # noqa: ANN401
        """Be copied as an ordinary list."""
        return list, ([*self],)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Delay signals, because the lead could not continue after half a message."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
