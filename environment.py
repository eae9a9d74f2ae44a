"""behave's hooks: each hands over to a fixture of the world."""

import os

from behave import use_fixture
from behave.model import Scenario

from features.support.configuration import Configuration
from features.support.parameter_types import register_parameter_types
from features.support.run_time import true_run_time
from features.support.watched_steps import watch_steps
from features.support.world import ScenarioContext, new_scenario, world_of_run

register_parameter_types()
watch_steps()


def before_all(context: ScenarioContext) -> None:
    """Open the site and the browser that the run was asked for."""
    use_fixture(true_run_time, context)
    configuration = Configuration.resolve(context.config.userdata, os.environ)
    print(configuration)
    use_fixture(world_of_run, context, configuration)


def before_scenario(context: ScenarioContext, scenario: Scenario) -> None:
    """Start from an empty site that nobody has visited."""
    use_fixture(new_scenario, context, scenario)


def after_scenario(context: ScenarioContext, scenario: Scenario) -> None:
    """Show in reports how it ended."""
    context.world.take_pictures(scenario)
