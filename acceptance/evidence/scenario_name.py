"""What identifies a scenario from one run to the next: its name and where it stands."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from behave.model import Feature, Rule, Scenario


class ScenarioName(NamedTuple):
    """Names a scenario as long as its text does; lines move with whatever is written above.

    Attributes:
        feature: the path of the feature's file, as behave was given it.
        rule: the name of the rule that the scenario stands under, or "".
        name: the scenario's name.
        occurrence: how many scenarios of that name stand there before it.

    """

    feature: str
    rule: str
    name: str
    occurrence: int

    def __str__(self) -> str:
        """Write it in one line."""
        number = f" ({self.occurrence + 1})" if self.occurrence else ""
        return ": ".join(filter(None, [self.feature, self.rule, self.name])) + number


def scenario_names(feature: Feature) -> Iterator[tuple[Scenario, ScenarioName]]:
    """Name all scenarios of a feature."""
    seen: Counter[tuple[str, str]] = Counter()
    for scenario in feature.walk_scenarios():
        named = (_rule_of(scenario), scenario.name)
        yield scenario, ScenarioName(feature.filename, *named, seen[named])
        seen[named] += 1


def name_of(scenario: Scenario) -> ScenarioName:
    """Name one scenario; who asks for many takes `scenario_names`, which counts only once."""
    feature = scenario.feature
    names = scenario_names(feature) if feature else iter(())
    alone = ScenarioName(scenario.filename, _rule_of(scenario), scenario.name, 0)
    return next((name for each, name in names if each is scenario), alone)


def _rule_of(scenario: Scenario) -> str:
    parent = scenario.parent
    while parent is not None and not isinstance(parent, Rule):
        parent = parent.parent
    return parent.name if parent else ""
