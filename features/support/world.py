"""The World of Superlists, and behave's context with it."""

from behave.runner import Context

from acceptance import world
from features.support.person import Person


class World(world.World[Person]):
    """The people in a scenario, and the site they use."""

    person_type = Person


class ScenarioContext(Context):
    """The type of behave's context in the steps."""

    world: World
