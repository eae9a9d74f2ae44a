"""The lead: the process that was started, which hands out the run to workers and replays it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import cast

from behave.model import Feature, Rule, Scenario, Step
from behave.runner import Runner

from acceptance.running.workers.lost import Lost
from acceptance.running.workers.messages import Message, Moment, Section
from acceptance.running.workers.outcomes import Outcome, ScenarioOutcome
from acceptance.running.workers.plan import Container, Plan, walk
from acceptance.running.workers.processes import Process
from acceptance.running.workers.recording import Event, Kind
from acceptance.running.workers.replay import Replay, split_at_end, without_announcements
from acceptance.running.workers.schedule import Part, Path, Schedule
from acceptance.running.workers.wire import Wire

Work = Callable[[int, Connection], None]
"""What a worker does, given its number and the way to the lead."""


class NotBegunError(Exception):
    """No worker can run anything; for the reason given, which was reported already."""


@dataclass
class Visit:
    """A worker in a feature or rule.

    Attributes:
        path: which one it is.
        before: what happened before its first scenario, or None as long as that goes on.
        after: what happened after its last one, or None.

    """

    path: Path
    before: Section | None = None
    after: Section | None = None

    @property
    def sections(self) -> Sequence[Section]:
        """What happened in it, other than in its scenarios."""
        sections = [each for each in (self.before, self.after) if each]
        return sections[:1] if self.before is self.after else sections

    @property
    def has_failed(self) -> bool:
        """Whether a hook or a clean-up failed."""
        return any(
            isinstance(each.last.outcome, Outcome) and each.last.outcome.has_failed
            for each in self.sections
        )


@dataclass
class Member:
    """What the lead knows of a worker.

    Attributes:
        process: its process.
        events, hook_failures, undefined: what has happened since something was over.
        answers: how many questions it was answered.
        part: what it runs.
        inside: the feature and the rule in which it is.
        begin, end: what it did before and after everything else.

    """

    process: Process
    events: list[Event] = field(default_factory=list)
    hook_failures: int = 0
    undefined: list[Step] = field(default_factory=list)
    answers: int = 0
    part: Part | None = None
    inside: list[Visit] = field(default_factory=list)
    begin: Section | None = None
    end: Section | None = None

    def take(self, last: Message) -> Section:
        """Return what has happened since something was over."""
        section = Section(self.events, last, self.hook_failures, self.undefined)
        self.events, self.hook_failures, self.undefined = [], 0, []
        return section


class Lead:
    """Hands out the parts of a run, and replays them in the order of the features."""

    def __init__(self, runner: Runner, plan: Plan, wire: Wire, work: Work) -> None:
        self._runner = runner
        self._plan = plan
        self._wire = wire
        self._work = work
        self._schedule = Schedule(plan.parts)
        self._replay = Replay(runner.formatters, runner.step_registry)
        self._members: list[Member] = []
        self._done: dict[int, Section] = {}
        self._visits: dict[Path, list[Visit]] = {}
        self._has_begun = False

    def start(self, count: int) -> None:
        """Start so many workers."""
        for _ in range(count):
            number = len(self._members) + 1
            process = Process(number, partial(self._work, number))
            self._members.append(Member(process))

    def stop(self) -> None:
        """End the workers that have not ended, and wait until they have cleaned up."""
        self._schedule.end()
        left = [each for each in self._members if not each.end]
        for member in left:
            member.process.interrupt()
        while not all(each.end for each in left):
            with suppress(NotBegunError):
                self._listen(None)
        for member in self._members:
            member.process.close()

    # What behave's runner comes to, in the order in which it does.

    def before_all(self) -> None:
        """Replay what the first worker did before everything.

        Raises:
            NotBegunError: a worker could not begin.

        """
        first = self._members[0]
        self._wait(lambda: first.begin is not None)
        assert first.begin
        self._has_begun = True
        self._play(first.begin)
        if first.begin.last.is_aborted:
            self._schedule.end()
        for path, container in self._plan.containers.items():
            if isinstance(container, Feature):
                vars(container)["run"] = self._feature_runner(path, container)

    def after_all(self) -> None:
        """Replay what the first worker did after everything."""
        self._schedule.end()
        self._wait(lambda: all(each.end for each in self._members))
        ended = [each.end for each in self._members if each.end]
        for number, section in enumerate(ended):
            if number == 0 or section.hook_failures:
                self._play(section)
        if any(section.last.has_failed for section in ended):
            self._runner.hook_failures += 1

    def _feature_runner(self, path: Path, feature: Feature) -> Callable[[Runner], bool]:
        return lambda _runner: self._container(path, feature)

    def _container(self, path: Path, container: Container) -> bool:
        """Replay a feature or a rule, and return whether it failed."""
        visits = self._visits.setdefault(path, [])
        self._wait(lambda: any(each.before for each in visits) or not self._is_coming(path))
        first = next((each for each in visits if each.before), None)
        if first is None or first.before is None:
            return False
        if first.before is first.after:
            # A hook has failed, and nothing of it was run.
            return self._end_container(path, container, first)
        self._play(first.before, container)
        failed = self._items(path, container)
        return self._end_container(path, container, first) or failed

    def _end_container(self, path: Path, container: Container, first: Visit) -> bool:
        """Replay what came last in a feature or rule, and return whether it failed."""
        self._wait(lambda: not self._is_coming(path))
        failed = False
        # Of hooks that are called in each worker, one is enough, unless others failed.
        others = [each for each in self._visits[path] if each is not first and each.has_failed]
        for section in others[0].sections if others and not first.has_failed else []:
            events = [*without_announcements(section.events)]
            self._play(replace(section, events=events), container)
            failed = True
        container.clear_status()  # type: ignore[no-untyped-call]
        if first.after:
            self._play(first.after, container)
        return failed or bool(container.hook_failed or container.status.has_failed())

    def _items(self, path: Path, container: Container) -> bool:
        failed = False
        for number, item in enumerate(container.run_items):
            inner = (*path, number)
            for each in walk([item]):
                if isinstance(each, Rule):
                    one_failed = (
                        self._container(inner, each)
                        if inner in self._plan.containers
                        else bool(each.run(self._runner))
                    )
                else:
                    one_failed = self._scenario(each)
                failed = failed or one_failed
                if one_failed and (self._runner.config.stop or self._runner.aborted):
                    return True
        return failed

    def _scenario(self, scenario: Scenario) -> bool:
        number = self._plan.number_of(scenario)
        if number is None:
            # It is not asked for, which behave may report to formatters.
            return bool(scenario.run(self._runner))
        part = self._plan.parts[number]
        self._wait(lambda: number in self._done or not self._is_waited_for(part))
        section = self._done.pop(number, None)
        if section is None:
            return False
        self._play(section)
        assert isinstance(section.last.outcome, ScenarioOutcome)
        section.last.outcome.write_into(scenario)
        return bool(scenario.status.has_failed()) or section.last.is_aborted

    def _play(self, section: Section, container: Container | None = None) -> None:
        if section.last.is_aborted:
            # Without the sentence, which was recorded.
            self._runner.aborted = True
        events, announced_last = split_at_end(section.events)
        self._replay.events(events)
        if container is not None and isinstance(section.last.outcome, Outcome):
            section.last.outcome.write_into(container)
        self._replay.events(announced_last)
        self._runner.hook_failures += section.hook_failures
        self._runner.undefined_steps.extend(section.undefined)

    # What workers say.

    def _wait(self, is_so: Callable[[], bool]) -> None:
        """Listen to workers, at least for as long as something is not so."""
        while self._listen(None if not is_so() else 0):
            pass

    def _listen(self, timeout: float | None) -> bool:
        """Take in what workers say; return whether anyone did.

        Raises:
            NotBegunError: a worker could not begin.

        """
        members = {each.process.connection: each for each in self._members if not each.end}
        heard = wait([*members], timeout)
        for connection in heard:
            assert isinstance(connection, Connection)
            member = members[connection]
            try:
                message: Message = self._wire.loads(connection.recv_bytes())
            except (EOFError, ConnectionError):
                self._lose(member)
            else:
                self._take_in(member, message)
        return bool(heard)

    def _take_in(self, member: Member, message: Message) -> None:
        member.events += message.events
        member.hook_failures += message.hook_failures
        member.undefined += message.undefined
        for event in message.events:
            if event.kind is Kind.WRITTEN:
                member.process.recorded[int(event.name)] += len(cast("bytes", event.arguments[0]))
        match message.moment:
            case Moment.BEGUN:
                member.begin = member.take(message)
            case Moment.NOT_BEGUN:
                self._refuse(member, message)
            case Moment.ASKS:
                member.part = None
                self._answer(member, self._hand_out(member, message.path))
            case Moment.ENTERED:
                member.inside[len(message.path) - 1].before = member.take(message)
            case Moment.DONE:
                self._finish(member, message)
            case Moment.LEFT:
                self._leave(member, message)
            case Moment.ENDED:
                member.end = member.take(message)
                member.process.wait()

    def _refuse(self, member: Member, message: Message) -> None:
        member.end = member.take(message)
        member.process.wait()
        if not self._has_begun:
            self._play(member.end)
        raise NotBegunError(message.reason)

    def _hand_out(self, member: Member, path: Path) -> int | None:
        part = self._schedule.take(path)
        if part is None:
            return None
        member.part = part
        for length in range(len(member.inside) + 1, len(part.path) + 1):
            visit = Visit(part.path[:length])
            member.inside.append(visit)
            self._visits.setdefault(visit.path, []).append(visit)
        return part.number

    def _finish(self, member: Member, message: Message) -> None:
        part, member.part = member.part, None
        assert part
        self._done[part.number] = member.take(message)
        assert isinstance(message.outcome, ScenarioOutcome)
        if message.is_aborted or (self._runner.config.stop and message.outcome.has_failed):
            self._schedule.end_after(part.number)

    def _leave(self, member: Member, message: Message) -> None:
        path = message.path
        while len(member.inside) > len(path):
            # The hooks of a feature failed, and the rule in it was not come to.
            visit = member.inside.pop()
            self._visits[visit.path].remove(visit)
        visit = member.inside.pop()
        section = visit.after = member.take(message)
        if visit.before is None:
            visit.before = visit.after
            member.part = None
            self._schedule.leave_out(path)
        if message.is_aborted or (self._runner.config.stop and section.hook_failures):
            self._schedule.end_after(self._plan.last_of(path))

    def _answer(self, member: Member, answer: object) -> None:
        member.answers += 1
        # A worker that has ended meanwhile is noticed when it is listened to.
        with suppress(OSError):
            member.process.connection.send_bytes(self._wire.dumps((member.answers, answer)))

    def _lose(self, member: Member) -> None:
        """Take in that a worker has ended without having said so."""
        lost = Lost(member.process.number, member.process.wait())
        member.events += lost.events(member.process)
        if member.begin is None:
            member.end = lost.end(member.take(Message(Moment.ENDED)).events)
            if not self._has_begun:
                self._play(member.end)
            raise NotBegunError(lost.sentence("before it could run anything"))
        for visit in member.inside:
            if visit.before is None:
                visit.before = member.take(Message(Moment.ENTERED))
        scenario = member.part and self._plan.scenarios.get(member.part.number)
        if member.part and scenario:
            section = lost.scenario(scenario, member.take(Message(Moment.DONE)).events)
            self._done[member.part.number] = section
            if self._runner.config.stop:
                self._schedule.end_after(member.part.number)
        for visit in reversed(member.inside):
            visit.after = lost.end_of(self._plan.containers[visit.path])
        member.inside.clear()
        member.part = None
        member.end = lost.end(member.take(Message(Moment.ENDED)).events)
        if self._schedule.has_left():
            self.start(1)

    def _is_coming(self, path: Path) -> bool:
        """Return whether more will happen in a feature or rule than has."""
        return self._schedule.has_left(path) or any(
            visit.path == path for member in self._members for visit in member.inside
        )

    def _is_waited_for(self, part: Part) -> bool:
        return self._schedule.holds(part) or any(each.part is part for each in self._members)
