"""Names that identify scenarios from one run to the next."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from behave.model import Feature, Rule, Scenario


class ScenarioName(NamedTuple):
    """Identifies a scenario by its name, because its line changes with the text above.

    Attributes:
        feature: the path of the feature's file, as it was passed to behave.
        rule: the name of the scenario's rule, or "".
        name: the scenario's name.
        occurrence: how many scenarios of that name come before it there.

    """

    feature: str
    rule: str
    name: str
    occurrence: int

    def __str__(self) -> str:
        """Return the name on one line."""
        number = f" ({self.occurrence + 1})" if self.occurrence else ""
        return ": ".join(filter(None, [self.feature, self.rule, self.name])) + number


def scenario_names(feature: Feature) -> Iterator[tuple[Scenario, ScenarioName]]:
    """Yield all scenarios of a feature with their names."""
    seen: Counter[tuple[str, str]] = Counter()
    for scenario in feature.walk_scenarios():
        named = (_rule_of(scenario), scenario.name)
        yield scenario, ScenarioName(feature.filename, *named, seen[named])
        seen[named] += 1


def name_of(scenario: Scenario) -> ScenarioName:
    """Return the name of a scenario; for many, `scenario_names` is faster."""
    feature = scenario.feature
    names = scenario_names(feature) if feature else iter(())
    alone = ScenarioName(scenario.filename, _rule_of(scenario), scenario.name, 0)
    return next((name for each, name in names if each is scenario), alone)


def _rule_of(scenario: Scenario) -> str:
    parent = scenario.parent
    while parent is not None and not isinstance(parent, Rule):
        parent = parent.parent
    return parent.name if parent else ""
