"""The sentences of the features and their step definitions, loaded by behave itself.

behave notices that two definitions overlap only where one fits the other's pattern as it is
written; here every definition is held against every step.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pytest
from behave.configuration import Configuration
from behave.matchers import Matcher
from behave.model import Scenario, Step
from behave.parser import parse_feature
from behave.runner_util import collect_feature_locations, load_step_modules, parse_features
from behave.step_registry import registry

from acceptance.running.parameter_types import one_of, register_parameter_types
from features.support.places import PLACES
from testbeds import ROOT

STEP_MODULES = sorted((ROOT / "steps").glob("*.py"))

PLANNED = """\
Feature: Lists
  @planned
  Scenario: Edith renames a list
"""


@cache
def definitions() -> Mapping[str, list[Matcher]]:
    """The step definitions of each type: "given", "when", "then" and, for all of them, "step"."""
    register_parameter_types(Place=one_of(PLACES))
    load_step_modules([str(ROOT / "steps")])
    return dict(registry.steps)


@cache
def scenarios() -> list[Scenario]:
    """The scenarios of all features, an outline as one scenario for each example."""
    features = parse_features(collect_feature_locations([str(ROOT / "features")]))
    return [scenario for feature in features for scenario in feature.walk_scenarios()]


def is_planned(scenario: Scenario) -> bool:
    """Return whether the scenario describes planned behaviour, whose steps may be undefined."""
    return "planned" in scenario.effective_tags


def steps() -> Iterator[Step]:
    """Yield the steps of all scenarios, including their backgrounds."""
    for scenario in scenarios():
        yield from scenario.all_steps


def steps_to_run() -> Iterator[Step]:
    """Yield the steps of all scenarios that are not planned."""
    for scenario in scenarios():
        if not is_planned(scenario):
            yield from scenario.all_steps


def place(step: Step) -> str:
    return f"{step.location}: {step.keyword} {step.name}"


@cache
def meanings() -> Mapping[str, list[Matcher]]:
    """All definitions that fit a step, by the step with its place."""
    found = {}
    for step in steps_to_run():
        candidates = definitions()[step.step_type] + definitions()["step"]
        found[place(step)] = [one for one in candidates if one.match(step.name)]
    return found


def step_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """All functions in steps/, each with its place."""
    for module in STEP_MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"steps/{module.name}:{node.lineno}: {node.name}", node


def lines(places: Iterable[str]) -> str:
    """Return the places one per line, which pytest shows in full."""
    return "\n".join(["", *places])


def test_there_is_something_to_look_at() -> None:
    assert len(scenarios()) >= 25
    assert len(meanings()) > len(scenarios())


def test_every_step_is_defined() -> None:
    undefined = [place for place, fitting in meanings().items() if not fitting]

    assert not undefined, lines(undefined)


def test_planned_scenarios_are_run_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # where behave finds its settings
    plain_run, planned_run = Configuration([]), Configuration(["--tags", "@planned"])
    feature = parse_feature(PLANNED)
    assert feature is not None
    [planned] = feature.scenarios

    assert not planned.should_run_with_tags(plain_run.tag_expression)
    assert planned.should_run_with_tags(planned_run.tag_expression)


def test_no_planned_scenario_has_all_it_needs() -> None:
    every = [*definitions()["given"], *definitions()["when"], *definitions()["then"]]
    ready = [
        f"{scenario.location}: {scenario.name}"
        for scenario in scenarios()
        if is_planned(scenario)
        and all(any(one.match(step.name) for one in every) for step in scenario.all_steps)
    ]

    assert not ready, lines(["no longer planned? take the tag away:", *ready])


def test_every_step_has_one_meaning() -> None:
    ambiguous = [
        f"{place}\n  " + "\n  ".join(f"{one.location}: {one.pattern}" for one in fitting)
        for place, fitting in meanings().items()
        if len(fitting) > 1
    ]

    assert not ambiguous, lines(ambiguous)


def test_every_definition_is_used() -> None:
    # Compare definitions, not functions, since one function may serve two sentences.
    used = {id(one) for fitting in meanings().values() for one in fitting}
    unused = [
        f"{one.location}: {one.pattern}"
        for of_type in definitions().values()
        for one in of_type
        if id(one) not in used
    ]

    assert not unused, lines(unused)


def test_no_two_scenarios_of_a_feature_have_the_same_name() -> None:
    places = defaultdict(list)
    for scenario in scenarios():
        places[scenario.filename, scenario.name].append(f"{scenario.location}: {scenario.name}")
    same = [place for found in places.values() if len(found) > 1 for place in found]

    assert not same, lines(same)


def test_no_step_hangs_anything_on_the_context() -> None:
    hung = [
        f"{place} sets context.{target.attr}"
        for place, function in step_functions()
        for target in ast.walk(function)
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, ast.Store)
        and isinstance(target.value, ast.Name)
        and target.value.id == "context"
    ]

    assert not hung, lines(hung)
