"""Replays the events that a worker has recorded, as if they happened now."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from behave.formatter.base import Formatter
from behave.matchers import NoMatch
from behave.model import Scenario, Step
from behave.step_registry import StepRegistry

from acceptance.reports.run_observer import RunObserver
from acceptance.running.workers.errors import SentError, received
from acceptance.running.workers.outcomes import Outcome
from acceptance.running.workers.recording import Event, Kind

Result = tuple[Step, Outcome, Scenario, bool, str | None]

_ENDS = {"rule_finished", "eof"}
_OF_CONTAINERS = {"feature", "rule", "background", *_ENDS}


class Replay:
    """Reports and prints the recorded events of workers to the formatters of a run."""

    def __init__(self, formatters: Sequence[Formatter], definitions: StepRegistry) -> None:
        """Replay nothing yet.

        Args:
            formatters: the formatters of the run.
            definitions: finds the definition of a step.

        """
        self._formatters = formatters
        self._definitions = definitions

    def events(self, events: Iterable[Event]) -> None:
        """Replay events in their order."""
        for event in events:
            for observer in self._observers():
                observer.moment = event.moment
            self._replay(event)
        for observer in self._observers():
            observer.moment = None

    def _replay(self, event: Event) -> None:
        match event.kind:
            case Kind.PRINTED:
                getattr(sys, event.name).write(event.arguments[0])
            case Kind.WRITTEN:
                for stream in (sys.stdout, sys.stderr):
                    stream.flush()
                os.write(int(event.name), cast("bytes", event.arguments[0]))
            case Kind.OBSERVERS:
                arguments = [
                    received(each) if isinstance(each, SentError) else each
                    for each in event.arguments
                ]
                for observer in self._observers():
                    getattr(observer, event.name)(*arguments, **dict(event.options))
            case Kind.ANNOUNCED:
                step, name = cast("tuple[Step, str]", event.arguments)
                step.name = name
                self._call("step", step)
            case Kind.MATCHED:
                (step,) = cast("tuple[Step]", event.arguments)
                step.reset()
                self._call("match", self._definitions.find_match(step) or NoMatch())
            case Kind.RESULT:
                step, outcome, scenario, is_skipped, reason = cast("Result", event.arguments)
                outcome.write_into(step)
                scenario.should_skip, scenario.skip_reason = is_skipped, reason
                self._call("result", step)
            case Kind.FORMATTERS:
                self._call(event.name, *event.arguments)

    def _call(self, name: str, *arguments: Any) -> None:
        for formatter in self._formatters:
            method = getattr(formatter, name, None)
            if method is not None:
                method(*arguments)

    def _observers(self) -> Iterator[RunObserver]:
        return (each for each in self._formatters if isinstance(each, RunObserver))


def without_announcements(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out the events of a feature or rule that formatters receive only once."""
    return (
        event
        for event in events
        if not (event.kind is Kind.FORMATTERS and event.name in _OF_CONTAINERS)
    )


def split_at_end(events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[Event]]:
    """Split events before the one that reports the end of a feature or rule to formatters."""
    for number, event in enumerate(events):
        if event.kind is Kind.FORMATTERS and event.name in _ENDS:
            return events[:number], events[number:]
    return events, ()
