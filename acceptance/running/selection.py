"""The selection of a run's scenarios."""

import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.model import Feature, Scenario
from behave.runner_util import FileLocationParser

from acceptance.evidence.shard_plan import ShardPlan
from acceptance.running.scenario_times import keyed
from acceptance.running.shards import Shard, divide

PLANNED = "planned"
"""The tag of behaviour that is planned and not built yet."""

_NAMES_PLANNED = re.compile(rf"(?<![\w.-])@?{PLANNED}(?![\w.-])")


class TagExpression(Protocol):
    """A tag expression, which behave reads from `--tags`."""

    def check(self, tags: Collection[str]) -> bool:
        """Whether it selects a scenario with these tags."""
        ...


class Without:
    """A tag expression that also leaves out scenarios with a tag."""

    def __init__(self, tag: str, expression: TagExpression) -> None:
        self._tag = tag
        self._expression = expression

    def check(self, tags: Collection[str]) -> bool:
        """Whether it selects a scenario with these tags."""
        return self._tag not in tags and self._expression.check(tags)

    def __str__(self) -> str:
        """Return the expression as it would be typed."""
        return f"({self._expression}) and not @{self._tag}"


def check_paths(paths: Iterable[str]) -> None:
    """Check that the features and folders that were typed exist; lists are not checked.

    Raises:
        ConfigError: one does not exist, or is another file.

    """
    for path in paths:
        if path.startswith("@") or Path(path).is_dir():
            continue
        file = Path(FileLocationParser.parse(path).filename)
        if file.suffix != ".feature" or not file.is_file():
            trouble = f"{file} is no feature" if file.is_file() else f"There is no {file}"
            message = f"{trouble}: `behave --dry-run` lists the features."
            raise ConfigError(message)


def leave_out_planned(configuration: Configuration) -> None:
    """Leave out planned scenarios unless the tags select them.

    behave's `default_tags` apply only if no other tags are given.
    """
    expression = cast("TagExpression", configuration.tag_expression)
    if not _is_about_planned(configuration.tags, expression):
        leave_out(PLANNED, configuration)


def leave_out(tag: str, configuration: Configuration) -> None:
    """Leave out scenarios with a tag, whatever else is selected."""
    expression = cast("TagExpression", configuration.tag_expression)
    configuration.tag_expression = Without(tag, expression)


def left_out(
    tag: str, features: Iterable[Feature], configuration: Configuration
) -> Sequence[Scenario]:
    """Leave out scenarios with a tag, and return those that were selected."""
    found = [each for each in selected(features, configuration) if tag in each.effective_tags]
    leave_out(tag, configuration)
    return found


def selected(features: Iterable[Feature], configuration: Configuration) -> Iterator[Scenario]:
    """Find the scenarios that will be run."""
    for feature in features:
        for scenario in feature.walk_scenarios():
            if scenario.should_run(configuration):
                yield scenario


def leave_out_empty(features: Iterable[Feature], configuration: Configuration) -> None:
    """Leave out the features and rules without a selected scenario.

    behave would still print their headings.
    """
    for feature in features:
        for part in [feature, *feature.iter_rules()]:
            scenarios = list(part.walk_scenarios())
            if scenarios and not any(each.should_run(configuration) for each in scenarios):
                part.mark_skipped()


def leave_out_other_shards(
    features: Sequence[Feature],
    configuration: Configuration,
    shard: Shard,
    times: Mapping[str, float],
) -> ShardPlan:
    """Leave out the selected scenarios that other machines run."""
    asked = [
        (scenario, name) for scenario, name in keyed(features) if scenario.should_run(configuration)
    ]
    parts = divide([name for _, name in asked], times, shard.count)
    ours = frozenset(parts[shard.number - 1])
    for place, (scenario, _) in enumerate(asked):
        if place not in ours:
            scenario.mark_skipped()
    print(_part_in_words(shard, len(ours), len(asked)))  # noqa: T201 (a run shows what it does)
    where = sorted(f"{scenario.filename}:{scenario.line}" for scenario, _ in asked)
    return ShardPlan(shard.number, shard.count, tuple(where))


def _part_in_words(shard: Shard, ours: int, asked: int) -> str:
    if not ours:
        return f"{shard}: none of the {asked} scenarios is left for it, so nothing is run."
    return f"{shard}: {ours} of {asked} scenarios."


def is_empty_list(configuration: Configuration) -> bool:
    """Whether the run was started with lists of places only (`behave @rerun.txt`)."""
    return bool(configuration.paths) and all(path.startswith("@") for path in configuration.paths)


def reason_for_none(features: Sequence[Feature], configuration: Configuration) -> str:
    """Return a sentence with the reason why no scenario is run, and what to type."""
    asked = _as_typed(configuration)
    places = " ".join(map(str, configuration.paths))
    expression = cast("TagExpression", configuration.tag_expression)
    planned = [
        scenario
        for feature in features
        for scenario in feature.walk_scenarios()
        if not scenario.should_skip
        and PLANNED in scenario.effective_tags
        and expression.check(set(scenario.effective_tags) - {PLANNED})
        and scenario.should_run_with_name_select(configuration)
    ]
    if planned:
        one = len(planned) == 1
        return (
            f"No scenario was run: {'the only match' if one else f'all {len(planned)} matches'} "
            f"for {asked or places} {'is' if one else 'are'} @{PLANNED}: "
            f"add --tags @{PLANNED} to run {'it' if one else 'them'}."
        )
    if not asked:
        return (
            f"No scenario was run: there is none in {places}: name a feature, or a folder of "
            "features."
        )
    return (
        f"No scenario was run: none in {places} matches {asked}: "
        "`behave --dry-run` lists all scenarios."
    )


def _is_about_planned(tags: str | Sequence[str] | None, expression: TagExpression) -> bool:
    texts = [tags] if isinstance(tags, str) else list(tags or [])
    # A pattern, as in --tags '@plan*', does not contain the name.
    by_pattern = expression.check([PLANNED]) and not expression.check([])
    return by_pattern or any(_NAMES_PLANNED.search(text) for text in texts)


def _as_typed(configuration: Configuration) -> str:
    words: list[str] = []
    for name in configuration.name or []:
        words += ["-n", name]
    tags = configuration.tags
    is_default = tags == configuration.default_tags
    for text in [tags] if isinstance(tags, str) else list(tags or []):
        words += [] if is_default else ["--tags", str(text)]
    for option, pattern in (("-i", configuration.include_re), ("-e", configuration.exclude_re)):
        words += [option, pattern.pattern] if pattern else []
    return shlex.join(words)
