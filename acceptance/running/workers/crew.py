"""The workers of a run, as the lead manages them."""

import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, cast

from behave.model import Step

from acceptance.evidence.artifacts import Artifacts
from acceptance.running.workers.lost import Lost
from acceptance.running.workers.messages import Message, Moment, Section
from acceptance.running.workers.outcomes import Outcome, ScenarioOutcome
from acceptance.running.workers.plan import Plan
from acceptance.running.workers.processes import Process
from acceptance.running.workers.recording import Event, Kind
from acceptance.running.workers.schedule import Part, Schedule
from acceptance.running.workers.schedule import Path as Place
from acceptance.running.workers.wire import Wire

if TYPE_CHECKING:
    from pathlib import Path

Work = Callable[[int, Connection], None]
"""The work of a worker, called with its number and its connection to this process."""


class NotBegunError(Exception):
    """A worker could not begin, for the reason given.

    Attributes:
        section: what happened in it until then.

    """

    def __init__(self, reason: str, section: Section) -> None:
        super().__init__(reason)
        self.section = section


@dataclass
class Visit:
    """A worker in a feature or rule.

    Attributes:
        path: the feature or rule.
        before: what happened before its first scenario, or None until that has ended.
        after: what happened after its last scenario, or None.

    """

    path: Place
    before: Section | None = None
    after: Section | None = None

    @property
    def sections(self) -> Sequence[Section]:
        """What happened in it outside of its scenarios."""
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
    """The state of a worker, as the lead knows it.

    Attributes:
        process: its process.
        events, hook_failures, undefined: what has happened since the last section ended.
        answers: how many of its requests have been answered.
        part: the part that it runs.
        inside: the feature and the rule in which it is.
        begin, end: what happened before and after everything else.

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
        """Return what has happened since the last section ended."""
        section = Section(self.events, last, self.hook_failures, self.undefined)
        self.events, self.hook_failures, self.undefined = [], 0, []
        return section


class Crew:
    """The workers: assigns parts to them, and keeps their messages until these are replayed.

    Attributes:
        first: the worker that was ready first.
        members: all workers, including those that have ended.
        done: the scenarios that have ended, by their numbers.
        visits: the visits of workers to each feature or rule, in order.
        is_interrupted: whether a signal has interrupted the run.

    """

    def __init__(self, plan: Plan, wire: Wire, work: Work, *, stops: bool) -> None:
        """Start no workers yet.

        Args:
            plan: the parts to run.
            wire: the format of messages.
            work: the work of a worker.
            stops: whether nothing is run after the first failure.

        """
        self.first: Member | None = None
        self.members: list[Member] = []
        self.done: dict[int, Section] = {}
        self.visits: dict[Place, list[Visit]] = {path: [] for path in plan.containers}
        self.is_interrupted = False
        self._plan = plan
        self._wire = wire
        self._work = work
        self._stops = stops
        self._schedule = Schedule(plan.parts)
        self._artifacts: dict[Path, Artifacts] = {}
        self._taking = {
            Moment.BEGUN: self._begin,
            Moment.NOT_BEGUN: self._refuse,
            Moment.ASKS: self._hand_out,
            Moment.ASKS_FOR_ARTIFACTS: self._open_artifacts,
            Moment.ASKS_FOR_FOLDER: self._make_folder,
            Moment.ENTERED: self._enter,
            Moment.DONE: self._finish,
            Moment.LEFT: self._leave,
            Moment.ENDED: self._end,
        }

    def start(self, count: int) -> None:
        """Start so many workers."""
        # The garbage collector then ignores all existing objects, so they need not be copied.
        gc.freeze()
        for _ in range(count):
            number = len(self.members) + 1
            others = [each.process.connection for each in self.members if not each.end]
            process = Process(number, partial(self._work, number), others)
            self.members.append(Member(process))

    def interrupt(self) -> None:
        """End all workers as Ctrl-C does; may be called at any time."""
        self.is_interrupted = True
        for member in self.members:
            if not member.end:
                member.process.interrupt()

    def stop(self) -> None:
        """End the workers that have not ended, and wait until they have cleaned up."""
        self._schedule.end()
        left = [each for each in self.members if not each.end]
        for member in left:
            member.process.interrupt()
        while not all(each.end for each in left):
            with suppress(NotBegunError):
                self._listen(None)
        for member in self.members:
            member.process.close()

    def hand_out_no_more(self) -> None:
        """Let workers end when they have run their present parts."""
        self._schedule.end()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Listen to workers, at least until `is_so` returns true.

        Raises:
            NotBegunError: a worker could not begin.

        """
        while self._listen(None if not is_so() else 0):
            if self.is_interrupted:
                self._schedule.end()

    def is_coming(self, path: Place) -> bool:
        """Return whether something is still to happen in a feature or rule."""
        return self._schedule.has_left(path) or any(
            visit.path == path for member in self.members for visit in member.inside
        )

    def is_waited_for(self, part: Part) -> bool:
        """Return whether a part is being run, or will be."""
        return self._schedule.holds(part) or any(each.part is part for each in self.members)

    def _listen(self, timeout: float | None) -> bool:
        """Receive messages of workers; return whether there were any."""
        members = [each for each in self.members if not each.end]
        if not members:
            return False
        sources = [
            source for each in members for source in (each.process.connection, each.process.ended)
        ]
        heard = wait(sources, timeout)
        for member in members:
            if member.process.connection in heard:
                try:
                    message: Message = self._wire.loads(member.process.connection.recv_bytes())
                except (EOFError, ConnectionError):
                    self._lose(member)
                else:
                    self._take_in(member, message)
            elif member.process.ended in heard:
                # A program that it started may still hold its end of the connection open.
                self._lose(member)
        return bool(heard)

    def _take_in(self, member: Member, message: Message) -> None:
        member.events += message.events
        member.hook_failures += message.hook_failures
        member.undefined += message.undefined
        for event in message.events:
            if event.kind is Kind.WRITTEN:
                member.process.recorded[int(event.name)] += len(cast("bytes", event.arguments[0]))
        if message.moment in self._taking:
            self._taking[message.moment](member, message)

    def _begin(self, member: Member, message: Message) -> None:
        member.begin = member.take(message)
        self.first = self.first or member

    def _refuse(self, member: Member, message: Message) -> None:
        member.end = member.take(message)
        member.process.wait()
        self._not_begun(member.end, message.reason)

    def _not_begun(self, end: Section, reason: str) -> None:
        if self.first is None or not self.is_interrupted:
            raise NotBegunError(reason, end)
        # It was about to begin while others were already running scenarios.

    def _hand_out(self, member: Member, message: Message) -> None:
        member.part = None if self.is_interrupted else self._schedule.take(message.path)
        if member.part is None:
            self._answer(member, None)
            return
        place = member.part.path
        for length in range(len(member.inside) + 1, len(place) + 1):
            visit = Visit(place[:length])
            member.inside.append(visit)
            self.visits[visit.path].append(visit)
        self._answer(member, member.part.number)

    def _open_artifacts(self, member: Member, message: Message) -> None:
        root, _, _ = message.folder
        if root not in self._artifacts:
            self._artifacts[root] = Artifacts(root)
        self._answer(member, None)

    def _make_folder(self, member: Member, message: Message) -> None:
        root, names, others = message.folder
        try:
            folder = self._artifacts[root].folder_for(*names, **others)
        except OSError as error:
            self._answer(member, error)
        else:
            self._answer(member, folder)

    def _enter(self, member: Member, message: Message) -> None:
        member.inside[len(message.path) - 1].before = member.take(message)

    def _finish(self, member: Member, message: Message) -> None:
        part, member.part = member.part, None
        assert part
        self.done[part.number] = member.take(message)
        assert isinstance(message.outcome, ScenarioOutcome)
        if message.is_aborted or (self._stops and message.outcome.has_failed):
            self._schedule.end_after(part.number)

    def _leave(self, member: Member, message: Message) -> None:
        path = message.path
        while len(member.inside) > len(path):
            # The hooks of a feature failed, so the worker did not reach the rule in it.
            visit = member.inside.pop()
            self.visits[visit.path].remove(visit)
        visit = member.inside.pop()
        section = visit.after = member.take(message)
        if visit.before is None:
            visit.before = visit.after
            member.part = None
            self._schedule.leave_out(path)
        if message.is_aborted or (self._stops and section.hook_failures):
            self._schedule.end_after(self._plan.last_of(path))

    def _end(self, member: Member, message: Message) -> None:
        member.end = member.take(message)
        member.process.wait()

    def _answer(self, member: Member, answer: object) -> None:
        member.answers += 1
        # A worker that has ended meanwhile is noticed when its next message is awaited.
        with suppress(OSError):
            member.process.connection.send_bytes(self._wire.dumps((member.answers, answer)))

    def _lose(self, member: Member) -> None:
        """Handle the loss of a worker that has ended without a message."""
        lost = Lost(member.process.number, member.process.wait())
        member.process.end_remains()
        member.events += lost.events(member.process)
        if member.begin is None:
            member.end = lost.end(member.take(Message(Moment.ENDED)).events)
            self._not_begun(member.end, lost.sentence("before it could run anything"))
            return
        for visit in member.inside:
            if visit.before is None:
                visit.before = member.take(Message(Moment.ENTERED))
        scenario = member.part and self._plan.scenarios.get(member.part.number)
        if member.part and scenario:
            section = lost.scenario(scenario, member.take(Message(Moment.DONE)).events)
            self.done[member.part.number] = section
            if self._stops:
                self._schedule.end_after(member.part.number)
        for visit in reversed(member.inside):
            visit.after = lost.end_of(self._plan.containers[visit.path])
        member.inside.clear()
        member.part = None
        member.end = lost.end(member.take(Message(Moment.ENDED)).events)
        if self._schedule.has_left() and not self.is_interrupted:
            self.start(1)
