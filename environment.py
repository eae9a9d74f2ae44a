"""behave's hooks: they run Superlists' features with the kit in `acceptance/`."""

from contextlib import AbstractContextManager

from behave import use_fixture
from behave.model import Scenario, Step

from acceptance.running.parameter_types import one_of, register_parameter_types
from acceptance.running.run import new_scenario, world_of_run
from acceptance.running.snippets import step_snippet as step_snippet  # noqa: PLC0414 (a hook)
from acceptance.running.whereabouts import check_whereabouts
from features.support.places import PLACES
from features.support.project import SUPERLISTS
from features.support.world import ScenarioContext, World

check_whereabouts(SUPERLISTS.root)
register_parameter_types(Place=one_of(PLACES))


def before_all(context: ScenarioContext) -> None:
    """Open the site and the browser that the run was asked for."""
    use_fixture(world_of_run, context, SUPERLISTS, World)


def before_scenario(context: ScenarioContext, scenario: Scenario) -> None:
    """Start with people that the site does not know."""
    use_fixture(new_scenario, context, scenario)


def around_step(context: ScenarioContext, step: Step) -> AbstractContextManager[None]:
    """Monitor the step."""
    return context.world.monitor.step(step)


def after_scenario(context: ScenarioContext, scenario: Scenario) -> None:
    """Show in reports how it ended."""
    context.world.take_pictures(scenario)
