from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry
from behave.model import Feature
from behave.runner import Context


def before_feature(context: Context, feature: Feature) -> None:
    for scenario in feature.walk_scenarios():
        patch_scenario_with_autoretry(scenario, max_attempts=3)
