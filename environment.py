"""behave's hooks: each hands over to a fixture of the world."""

import os
from contextlib import AbstractContextManager

from behave import use_fixture
from behave.model import Scenario, Step

from acceptance.configuration import Configuration
from acceptance.running.parameter_types import one_of, register_parameter_types
from acceptance.running.refusal import RunRefusedError
from acceptance.running.refusals import REFUSALS
from acceptance.running.run_time import true_run_time
from acceptance.running.snippets import step_snippet as step_snippet  # noqa: PLC0414 (a hook)
from acceptance.running.whereabouts import check_whereabouts
from features.support.places import PLACES
from features.support.project import SUPERLISTS
from features.support.world import ScenarioContext, new_scenario, world_of_run

check_whereabouts(SUPERLISTS.root)
register_parameter_types(Place=one_of(PLACES))


def before_all(context: ScenarioContext) -> None:
    """Open the site and the browser that the run was asked for."""
    try:
        use_fixture(true_run_time, context)
        configuration = Configuration.resolve(SUPERLISTS, context.config.userdata, os.environ)
        print(configuration)
        use_fixture(world_of_run, context, configuration)
    except REFUSALS as refusal:
        raise RunRefusedError(str(refusal)) from None


def before_scenario(context: ScenarioContext, scenario: Scenario) -> None:
    """Start from an empty site that nobody has visited."""
    use_fixture(new_scenario, context, scenario)


def around_step(context: ScenarioContext, step: Step) -> AbstractContextManager[None]:
    """Watch over the step."""
    return context.world.watch.step(step)


def after_scenario(context: ScenarioContext, scenario: Scenario) -> None:
    """Show in reports how it ended."""
    context.world.take_pictures(scenario)
