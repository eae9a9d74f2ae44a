"""The messages of a worker to the lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

from behave.model import Step

from acceptance.running.workers.outcomes import Outcome, ScenarioOutcome
from acceptance.running.workers.recording import Event
from acceptance.running.workers.schedule import Path as Place


class Moment(Enum):
    """What has happened when a worker sends a message."""

    IN_BETWEEN = auto()
    """A step begins."""
    BEGUN = auto()
    """Everything is open, and a scenario can be run."""
    NOT_BEGUN = auto()
    """before_all ended with an error; the worker ends."""
    ASKS = auto()
    """The worker waits for the number of a part within a path, or None."""
    ENTERED = auto()
    """The hooks before a feature or a rule have been called."""
    DONE = auto()
    """A scenario is over."""
    LEFT = auto()
    """A feature or a rule is over."""
    ASKS_FOR_ARTIFACTS = auto()
    """The worker waits until evidence can be kept below a root."""
    ASKS_FOR_FOLDER = auto()
    """The worker waits for the folder of a scenario, or the reason why there is none."""
    ENDED = auto()
    """after_all was called, and everything is closed."""


@dataclass(frozen=True)
class Message:
    """What has happened in a worker since its last message.

    Attributes:
        moment: what has happened last.
        events: the events to replay.
        path: the feature or rule that the message is about.
        outcome: the outcome of what has ended.
        reason: the reason why the worker did not begin.
        folder: the folder that it asks for: the root of the artifacts, and the arguments of
            `folder_for`.
        hook_failures: how many hooks have failed.
        undefined: steps without a definition.
        is_aborted: whether a step or a hook has interrupted the run, which must end.
        has_failed: whether clean-up at the end has failed.

    """

    moment: Moment
    events: Sequence[Event] = ()
    path: Place = ()
    outcome: Outcome | ScenarioOutcome | None = None
    reason: str = ""
    folder: tuple[Path, Sequence[str], Mapping[str, Any]] = (Path(), (), {})
    hook_failures: int = 0
    undefined: Sequence[Step] = field(default_factory=list)
    is_aborted: bool = False
    has_failed: bool = False


@dataclass
class Section:
    """A part of a run that is over.

    Attributes:
        events: the events to replay.
        last: the worker's last message about it.
        hook_failures: how many hooks have failed in it.
        undefined: its steps without a definition.

    """

    events: Sequence[Event]
    last: Message
    hook_failures: int = 0
    undefined: Sequence[Step] = ()
