"""What the scenarios of a project say."""

import os
from collections.abc import Mapping
from pathlib import Path

from behave.model import Scenario
from behave.runner_util import collect_feature_locations, parse_features

from acceptance.running.selection import PLANNED


def scenarios_of(root: Path) -> Mapping[str, Scenario]:
    """Read the scenarios of a project, except those that are planned.

    Args:
        root: its folder.

    Returns:
        The scenarios by their place as behave takes it, such as `features/sharing.feature:12`.

    """
    features = parse_features(collect_feature_locations([str(root / "features")]))
    return {
        f"{os.path.relpath(scenario.filename, root)}:{scenario.line}": scenario
        for feature in features
        for scenario in feature.walk_scenarios()
        if PLANNED not in scenario.effective_tags
    }


def text_of(scenario: Scenario) -> str:
    """Return what a scenario says, with its names, its tags and its background."""
    feature = scenario.feature.name if scenario.feature else ""
    lines = [feature, scenario.name, *scenario.effective_tags]
    for step in scenario.all_steps:
        lines += [step.name, step.text or ""]
        lines += [" ".join(row.cells) for row in step.table or ()]
    return "\n".join(lines)
