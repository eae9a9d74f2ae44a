"""The recording of a worker: its reports to formatters and its output, in order, with times."""

import io
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TextIO

from behave.formatter.base import Formatter
from behave.matchers import Match
from behave.model import Background, Feature, Rule, Scenario, Step

from acceptance.reports.run_observer import RunObserver
from acceptance.running.workers.errors import sent
from acceptance.running.workers.outcomes import outcome_of_step


class Kind(Enum):
    """The kind of an event."""

    FORMATTERS = auto()
    """A call of all formatters."""
    ANNOUNCED = auto()
    """A call of all formatters, with a step that has not begun."""
    MATCHED = auto()
    """The step that begins."""
    RESULT = auto()
    """A step that has ended."""
    OBSERVERS = auto()
    """A call of the formatters that observe the run."""
    PRINTED = auto()
    """Printed text, with the name of the stream."""
    WRITTEN = auto()
    """Bytes, with the number of the file, for instance from a program that a step has started."""


@dataclass(frozen=True)
class Event:
    """A call of a formatter, or output.

    Attributes:
        moment: its time, in nanoseconds since 1970 (UTC).
        kind: its kind.
        name: the name of the method or the stream.
        arguments, options: the arguments of the call.

    """

    moment: int
    kind: Kind
    name: str
    arguments: tuple[object, ...] = ()
    options: tuple[tuple[str, object], ...] = ()


class Recording:
    """The events of a worker that have not been sent yet."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._files: list[_Written] = []
        self._is_over = False

    def add(
        self,
        kind: Kind,
        name: str,
        *arguments: object,
        options: tuple[tuple[str, object], ...] = (),
    ) -> None:
        """Record an event."""
        if self._is_over:
            return
        self._take_written()
        self._events.append(Event(time.time_ns(), kind, name, arguments, options))

    def include(self, number: int) -> None:
        """Also record what is written to an open file from now on."""
        self._files.append(_Written(number))

    def take(self) -> Sequence[Event]:
        """Return the events since the last time."""
        if not self._is_over:
            self._take_written()
        events, self._events = self._events, []
        return events

    def end(self) -> None:
        """Stop recording."""
        self._take_written()
        self._is_over = True

    def _take_written(self) -> None:
        for file in self._files:
            content = file.read()
            if content:
                event = Event(time.time_ns(), Kind.WRITTEN, str(file.number), (content,))
                self._events.append(event)


class _Written:
    """The content of a file, read as it grows."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._length = 0

    def read(self) -> bytes:
        size = os.fstat(self.number).st_size
        if size == self._length:
            return b""
        content = os.pread(self.number, size - self._length, self._length)
        self._length += len(content)
        return content


class RecordedStream(io.TextIOBase):
    """Standard output or standard error of a worker."""

    def __init__(self, recording: Recording, name: str, original: TextIO) -> None:
        self._recording = recording
        self._name = name
        self._original = original

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding in which the text will be written."""
        return self._original.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """The handling of characters that the encoding does not have."""
        return self._original.errors

    @property
    def buffer(self) -> object:
        """The stream for bytes."""
        return self._original.buffer

    def fileno(self) -> int:
        """Return the number of the open file."""
        return self._original.fileno()

    def isatty(self) -> bool:
        """Return whether the run has a terminal."""
        return self._original.isatty()

    def writable(self) -> bool:
        """Return that text can be written."""
        return True

    def write(self, text: str) -> int:
        """Record a text."""
        if text:
            self._recording.add(Kind.PRINTED, self._name, text)
        return len(text)


class RecordingFormatter(Formatter):
    """Records what behave reports to formatters."""

    def __init__(
        self,
        recording: Recording,
        current_step: Callable[[], Step | None],
        send: Callable[[], None],
    ) -> None:
        """Record from now on.

        Args:
            recording: receives the events.
            current_step: returns the last step for which a definition was looked up.
            send: sends the recorded events.

        """
        self._recording = recording
        self._current_step = current_step
        self._send = send
        self._scenario: Scenario | None = None

    def uri(self, uri: str) -> None:
        """Leave out the name of the feature's file, which the lead reports."""

    def feature(self, feature: Feature) -> None:
        """Record that a feature begins."""
        self._call("feature", feature)

    def rule(self, rule: Rule) -> None:
        """Record that a rule begins."""
        self._call("rule", rule)

    def background(self, background: Background) -> None:
        """Record that there is a background."""
        self._call("background", background)

    def scenario(self, scenario: Scenario) -> None:
        """Record that a scenario begins."""
        self._scenario = scenario
        self._call("scenario", scenario)

    def step(self, step: Step) -> None:
        """Record that a scenario has a step."""
        self._recording.add(Kind.ANNOUNCED, "step", step, step.name)

    def match(self, match: Match) -> None:  # noqa: ARG002 (the lead finds it again)
        """Record which step begins, and send it: it may be the last one of this worker."""
        self._recording.add(Kind.MATCHED, "match", self._current_step())
        self._send()

    def result(self, step: Step) -> None:
        """Record how a step ended."""
        assert self._scenario
        skipped = (self._scenario, self._scenario.should_skip, self._scenario.skip_reason)
        self._recording.add(Kind.RESULT, "result", step, outcome_of_step(step), *skipped)

    def embedding(self, mime_type: str, data: bytes | str) -> None:
        """Record an attachment."""
        self._call("embedding", mime_type, data)

    def rule_finished(self) -> None:
        """Record that a rule is over."""
        self._call("rule_finished")

    def eof(self) -> None:
        """Record that a feature is over."""
        self._call("eof")

    def close(self) -> None:
        """Leave out the end of the run, which the lead reports."""

    def _call(self, name: str, *arguments: object) -> None:
        self._recording.add(Kind.FORMATTERS, name, *arguments)


class RecordingObserver(Formatter, RunObserver):
    """Records the calls that only observers receive; the other formatter records the rest."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def attached_to_run(self, mime_type: str, data: bytes | str) -> None:
        """Record an attachment of the run."""
        self._call("attached_to_run", mime_type, data)

    def hook_started(self, name: str, *, in_scenario: bool) -> None:
        """Record that a hook is called."""
        self._call("hook_started", name, in_scenario=in_scenario)

    def hook_finished(self, name: str, error: BaseException | None, *, in_scenario: bool) -> None:
        """Record how a hook ended."""
        self._call("hook_finished", name, error, in_scenario=in_scenario)

    def cleanup_failed(self, error: Exception, *, in_scenario: bool) -> None:
        """Record that a clean-up failed."""
        self._call("cleanup_failed", error, in_scenario=in_scenario)

    def embedding(self, mime_type: str, data: bytes | str) -> None:
        """Leave out an attachment, which the other formatter records."""

    def close(self) -> None:
        """Leave out the end of the run, which the lead reports."""

    def _call(self, name: str, *arguments: object, **options: object) -> None:
        # Sent as it is now, because raising it again would extend its traceback.
        arguments = tuple(
            sent(each) if isinstance(each, BaseException) else each for each in arguments
        )
        self._recording.add(Kind.OBSERVERS, name, *arguments, options=tuple(options.items()))
