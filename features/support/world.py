"""The one thing on behave's context: the people in a scenario and the site they use."""

import atexit
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from behave import fixture
from behave.model import Step
from behave.runner import Context

from features.support.browser import Browser, browser_on_its_way
from features.support.configuration import Configuration
from features.support.person import Person
from features.support.preflight import preflight
from features.support.profiles.profile import Profile
from features.support.profiles.select import open_profile


class World:
    """What the steps of a run share.

    Attributes:
        profile: what the test side can do to the site.
        people: who has been named in the scenario, by name.

    """

    def __init__(self, profile: Profile, browser: Browser) -> None:
        self.profile = profile
        self.people: dict[str, Person] = {}
        self._browser = browser

    def person(self, name: str) -> Person:
        """Return the person of that name, who comes into being when first named."""
        if name not in self.people:
            self.people[name] = Person(name, self.profile, self._browser)
        return self.people[name]

    @contextmanager
    def scenario(self) -> Iterator[None]:
        """Start from an empty site that nobody has visited, and send everybody home at the end."""
        with ExitStack() as goodbyes:
            self.people.clear()
            self.profile.reset()
            goodbyes.callback(self._everybody_leaves)
            yield

    def explain(self, step: Step) -> None:
        """Say what the site logged before `step` failed, for behave to show with the step."""
        if step.status.has_failed() and (said := self.profile.server_log()):
            print(f"The server logged:\n{said}")  # noqa: T201 (behave captures it)

    def _everybody_leaves(self) -> None:
        with ExitStack() as goodbyes:
            for person in self.people.values():
                goodbyes.callback(person.leaves)


class ScenarioContext(Context):
    """behave's context as the steps know it."""

    world: World


@fixture
def world_of_run(context: Context, configuration: Configuration) -> Iterator[World]:
    """Keep the site and the browser of a run open until behave has run everything."""
    # To behave, being told to end, as by `timeout` or a CI machine, is like Ctrl-C: it cleans up.
    # Without this, the browser and the database would outlive the run.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as run:
        # behave skips its clean-up when it cannot write any more, as in `behave | head`.
        atexit.register(run.close)
        # The browser takes a while to start, and the site does not need it for that.
        browser_when_ready = run.enter_context(browser_on_its_way(configuration))
        profile = run.enter_context(open_profile(configuration))
        preflight(profile, browser_when_ready)
        world = World(profile, browser_when_ready())
        context.world = world
        yield world


@fixture
def new_scenario(context: Context) -> Iterator[None]:
    """Begin a scenario, and clean up after it however it ends."""
    world: World = context.world
    with world.scenario():
        yield
