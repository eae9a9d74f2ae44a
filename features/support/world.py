"""The one thing on behave's context: the people in a scenario and the site they use."""

import atexit
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from behave import fixture
from behave.model import Scenario
from behave.runner import Context

from acceptance.browser.browser import Browser
from acceptance.browser.select import browser_on_its_way
from acceptance.browser.session import Session
from acceptance.configuration import Configuration
from acceptance.evidence.artifacts import Artifacts
from acceptance.evidence.facts import FACTS
from acceptance.evidence.item import Item
from acceptance.evidence.keeper import Keeper
from acceptance.hosts.secrets import secrets_of
from acceptance.profiles.profile import Profile
from acceptance.profiles.select import open_profile
from acceptance.reports.run_observer import RunObserver
from acceptance.running.captured_output import CaptureWithoutSecrets
from acceptance.running.interruptions import Interruptions
from acceptance.running.preflight import preflight
from acceptance.running.watch import Unwatched, Watch
from features.support.person import Person


class World:
    """What the steps of a run share.

    Attributes:
        profile: what the test side can do to the site.
        people: who has been named in the scenario, by name.
        watch: sees what goes wrong in the scenario.

    """

    watch: Watch | Unwatched

    def __init__(
        self, profile: Profile, browser: Browser, keeper: Keeper, configuration: Configuration
    ) -> None:
        self.profile = profile
        self.people: dict[str, Person] = {}
        self._browser = browser
        self._keeper = keeper
        self._pictures = configuration.pictures
        self._is_watched = configuration.evidence
        if self._is_watched:
            browser.be_watched()

    def person(self, name: str) -> Person:
        """Return the person of that name, who comes into being when first named."""
        if name not in self.people:
            self.people[name] = Person(name, self.profile, self._browser, self._keeper.secrets)
        return self.people[name]

    @contextmanager
    def scenario(self, scenario: Scenario) -> Iterator[None]:
        """Start from an empty site that nobody has visited, and send everybody home at the end."""
        with ExitStack() as goodbyes:
            self.people.clear()
            self.watch = self._watch_over(scenario)
            self._browser.begin_scenario()
            with self.watch.beginning():
                self.profile.reset()
            goodbyes.callback(self._everybody_leaves)
            yield

    def take_pictures(self, scenario: Scenario) -> None:
        """Put into the reports what everybody sees, if a run is asked for that."""
        if not self._pictures or scenario.status.has_failed():
            return
        for name, session in self._sessions().items():
            if session.has_page:
                title = f"What {name} sees"
                self._keeper.attach(Item(name.lower(), title, *session.window.small_picture()))

    def _watch_over(self, scenario: Scenario) -> Watch | Unwatched:
        if self._is_watched:
            return Watch(scenario, self.profile, self._sessions, self._keeper)
        return Unwatched()

    def _sessions(self) -> Mapping[str, Session]:
        return {
            name: person.session
            for name, person in self.people.items()
            if person.has_opened_session
        }

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
    interruptions = Interruptions()
    secrets = secrets_of(os.environ, configuration.project.ordinary_words)
    with interruptions.heard(), secrets.kept_out_of_errors(), ExitStack() as run:
        # behave skips its clean-up when it cannot write any more, as in `behave | head`.
        atexit.register(run.close)
        with interruptions.held_at_the_end():
            # The browser takes a while to start, and the site does not need it for that.
            browser_when_ready = run.enter_context(browser_on_its_way(configuration))
            profile = run.enter_context(open_profile(configuration, secrets))
            # Where the site runs in this process, it has read settings of its own.
            secrets.add_settings(os.environ)
            preflight(profile, browser_when_ready, secrets)
            keeper = Keeper(
                Artifacts(configuration.project.artifacts),
                secrets,
                configuration.options,
                context.attach,
            )
            facts = replace(profile.facts(), browser=configuration.browser)
            _attach_to_run(context, FACTS, facts.to_json())
            world = World(profile, browser_when_ready(), keeper, configuration)
            runner = context._runner  # noqa: SLF001
            runner.capture_controller = CaptureWithoutSecrets(runner.capture_controller, secrets)
            context.world = world
            interruptions.begin()
            yield world


def _attach_to_run(context: Context, media_type: str, content: bytes) -> None:
    # Formatters other than those of reports can only take what belongs to a step.
    for formatter in context._runner.formatters:  # noqa: SLF001
        if isinstance(formatter, RunObserver):
            formatter.embedding(media_type, content)


@fixture
def new_scenario(context: Context, scenario: Scenario) -> Iterator[None]:
    """Begin a scenario, and clean up after it however it ends."""
    world: World = context.world
    with world.scenario(scenario):
        yield
