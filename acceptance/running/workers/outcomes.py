"""Outcomes of steps, scenarios, rules and features, in the form that a worker sends to the lead."""

import pickle
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from behave.model import Feature, Rule, Scenario, Step
from behave.model_type import Status

Model = Feature | Rule | Scenario | Step

_OF_ALL = (
    "hook_failed",
    "error_message",
    "exception",
    "exc_traceback",
)
_OF_STEPS = ("status", "duration", "name", *_OF_ALL)
_OF_SCENARIOS = (
    "_cached_status",
    "should_skip",
    "skip_reason",
    "was_dry_run",
    "name",
    "_use_background",
    *_OF_ALL,
)
_OF_CONTAINERS = ("should_skip", "skip_reason", *_OF_ALL)

_ELSEWHERE = {
    *_OF_STEPS,
    *_OF_SCENARIOS,
    *_OF_CONTAINERS,
    *("_captured", "_capture_sink", "location", "keyword", "description", "tags", "parent"),
    *("feature", "rule", "scenarios", "run_items", "background", "_background_steps", "steps"),
    *("_row", "step_type", "text", "table", "run", "run_starttime", "run_endtime"),
    *("_background", "_inherited_background", "parser", "language", "rules", "id"),
}
"""Attributes that are sent in another way, or are the same on both sides."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a step, scenario, rule or feature.

    Attributes:
        attributes: the attributes that behave has set on the model.
        captured: the output that behave has captured.
        others: the attributes that hooks and steps have set on the model, pickled.

    """

    attributes: Mapping[str, Any]
    captured: Sequence[object]
    others: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def has_failed(self) -> bool:
        """Whether a feature or a rule failed by itself, not by one of its scenarios."""
        status = self.attributes.get("_cached_status", Status.untested)
        return bool(self.attributes["hook_failed"] or status.has_failed())

    def write_into(self, model: Model) -> None:
        """Give a model the state of the one in the worker."""
        vars(model).update(self.attributes)
        model.captured.reset()
        model.captured.captures = list(self.captured)
        for name, value in self.others.items():
            setattr(model, name, pickle.loads(value))  # noqa: S301 (from a worker of ours)


@dataclass(frozen=True)
class ScenarioOutcome:
    """The outcome of a scenario.

    Attributes:
        scenario: the outcome of the scenario itself.
        background_steps, steps: its steps as they are now, each with its outcome.

    """

    scenario: Outcome
    background_steps: Sequence[tuple[Step, Outcome]]
    steps: Sequence[tuple[Step, Outcome]]

    @property
    def has_failed(self) -> bool:
        """Whether it failed."""
        return bool(self.scenario.attributes["_cached_status"].has_failed())

    def write_into(self, scenario: Scenario) -> None:
        """Give a scenario the state of the one in the worker."""
        self.scenario.write_into(scenario)
        for steps in (self.background_steps, self.steps):
            for step, outcome in steps:
                outcome.write_into(step)
        scenario._background_steps = [step for step, _ in self.background_steps]  # noqa: SLF001
        scenario.steps[:] = [step for step, _ in self.steps]


def outcome_of_step(step: Step) -> Outcome:
    """Return the outcome of a step, which may not have begun yet."""
    return _outcome(step, _OF_STEPS)


def outcome_of_scenario(scenario: Scenario) -> ScenarioOutcome:
    """Return the outcome of a scenario."""
    # behave computes it from the steps' statuses on access.
    _ = scenario.status
    return ScenarioOutcome(
        _outcome(scenario, _OF_SCENARIOS),
        [(step, outcome_of_step(step)) for step in scenario.background_steps],
        [(step, outcome_of_step(step)) for step in scenario.steps],
    )


def outcome_of_container(container: Feature | Rule) -> Outcome:
    """Return the outcome of a feature or a rule, apart from those of its scenarios."""
    outcome = _outcome(container, _OF_CONTAINERS)
    own = vars(container)["_cached_status"]
    if own in {Status.hook_error, Status.cleanup_error} or not container.run_items:
        return replace(outcome, attributes={**outcome.attributes, "_cached_status": own})
    return outcome


def _outcome(model: Model, names: Sequence[str]) -> Outcome:
    attributes = vars(model)
    others = {}
    for name in attributes.keys() - _ELSEWHERE:
        # A value that cannot be pickled stays in the worker.
        with suppress(Exception):
            others[name] = pickle.dumps(attributes[name])
    known = {name: attributes[name] for name in names if name in attributes}
    return Outcome(known, list(model.captured.captures), others)
