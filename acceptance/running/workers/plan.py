"""The parts of a run, with numbers that the lead and the workers share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from behave.configuration import Configuration
from behave.model import Feature, Rule, Scenario, ScenarioOutline

from acceptance.running.scenario_times import keyed
from acceptance.running.workers.schedule import Part, Path

Container = Feature | Rule


class Plan:
    """The parts of a run.

    Attributes:
        parts: all parts, in the order of the features.
        scenarios: the scenario of a part, by its number; a part without one has only hooks.
        numbers: the number of a scenario, by its identity.
        containers: features and rules, by their places.

    """

    def __init__(
        self,
        features: Sequence[Feature],
        configuration: Configuration,
        seconds: Mapping[str, float],
    ) -> None:
        """Plan the run of the selected scenarios.

        Args:
            features: the features that were read.
            configuration: behave's configuration, which selects scenarios.
            seconds: how long scenarios took in the last run, as far as that is known.

        """
        self.parts: list[Part] = []
        self.scenarios: dict[int, Scenario] = {}
        self.numbers: dict[int, int] = {}
        self.containers: dict[Path, Container] = {}
        self._configuration = configuration
        self._costs = _costs(features, seconds)
        for number, feature in enumerate(features):
            if feature.should_run(configuration):
                self._add(feature, (number,))

    def _add(self, container: Container, path: Path) -> None:
        self.containers[path] = container
        before = len(self.parts)
        for number, item in enumerate(container.run_items):
            if isinstance(item, Rule):
                if item.should_run(self._configuration):
                    self._add(item, (*path, number))
                continue
            for scenario in item.scenarios if isinstance(item, ScenarioOutline) else [item]:
                if scenario.should_run(self._configuration):
                    self.numbers[id(scenario)] = len(self.parts)
                    self.scenarios[len(self.parts)] = scenario
                    self._add_part(path, self._costs[id(scenario)])
        if len(self.parts) == before:
            self._add_part(path, 0)

    def _add_part(self, path: Path, cost: float) -> None:
        self.parts.append(Part(len(self.parts), path, cost))

    def last_of(self, path: Path) -> int:
        """Return the number of the last part of a feature or rule."""
        return max(part.number for part in self.parts if part.path[: len(path)] == path)

    def number_of(self, scenario: Scenario) -> int | None:
        """Return the number of a scenario that workers run, or None."""
        return self.numbers.get(id(scenario))


def _costs(features: Iterable[Feature], seconds: Mapping[str, float]) -> Mapping[int, float]:
    """Estimate how long scenarios take: as last time, or else by their number of steps."""
    steps: dict[int, int] = {}
    known: dict[int, float] = {}
    for scenario, key in keyed(features):
        steps[id(scenario)] = 1 + sum(1 for _ in scenario.all_steps)
        if key in seconds:
            known[id(scenario)] = seconds[key]
    known_steps = sum(steps[each] for each in known)
    each_step = sum(known.values()) / known_steps if known_steps else 1
    return {each: known.get(each, count * each_step) for each, count in steps.items()}


def walk(items: Iterable[object]) -> Iterator[Scenario | Rule]:
    """Yield the rules and scenarios of a feature or rule, examples of outlines one by one."""
    for item in items:
        if isinstance(item, ScenarioOutline):
            yield from item.scenarios
        elif isinstance(item, (Scenario, Rule)):
            yield item
