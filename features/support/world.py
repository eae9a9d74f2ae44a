"""What the steps of Superlists find on behave's context."""

from behave.runner import Context

from acceptance import world
from features.support.person import Person


class World(world.World[Person]):
    """The people in a scenario, and the site they use."""

    person_type = Person


class ScenarioContext(Context):
    """behave's context as the steps know it."""

    world: World
