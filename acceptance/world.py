"""The only object on behave's context: the people in a scenario and the site they use."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Generic, TypeVar

from behave.model import Scenario

from acceptance.browser.session import Session
from acceptance.evidence.evidence_item import EvidenceItem
from acceptance.person import Person
from acceptance.running.browserless import needs_browser
from acceptance.running.monitor import Monitor, Unmonitored
from acceptance.slot import Slot

PersonOfSite = TypeVar("PersonOfSite", bound=Person)


class World(Generic[PersonOfSite]):
    """The state that the steps of a run share; a project's own World sets the type of its people.

    Attributes:
        person_type: the class of people, called with a name and a slot.
        profile: what the test side can do to the site.
        people: the people that the scenario has named so far, by name.
        monitor: records what goes wrong in the scenario.

    """

    person_type: type[PersonOfSite]
    monitor: Monitor | Unmonitored

    def __init__(self, slot: Slot) -> None:
        self.profile = slot.profile
        self.people: dict[str, PersonOfSite] = {}
        self._slot = slot

    def person(self, name: str) -> PersonOfSite:
        """Return the person of that name, who is created when first named."""
        if name not in self.people:
            self.people[name] = self.person_type(name, self._slot)
        return self.people[name]

    def person_elsewhere(self, name: str) -> PersonOfSite:
        """Return the same person on another computer, with another browser."""
        key = f"{name} on another computer"
        if key not in self.people:
            self.people[key] = self.person_type(name, self._slot)
        return self.people[key]

    @contextmanager
    def scenario(self, scenario: Scenario) -> Iterator[None]:
        """Start without people, and close everyone's session at the end."""
        with ExitStack() as goodbyes:
            self.people.clear()
            self.monitor = self._monitor_of(scenario)
            self._slot.browser.begin_scenario(needs_browser=needs_browser(scenario))
            with self.monitor.beginning():
                self.profile.begin_scenario()
            goodbyes.callback(self._everyone_leaves)
            yield

    def take_pictures(self, scenario: Scenario) -> None:
        """Add what each person sees to the reports, if the run's settings ask for that."""
        if not self._slot.configuration.pictures or scenario.status.has_failed():
            return
        for name, session in self._sessions().items():
            if session.has_page:
                title = f"What {name} sees"
                self._slot.recorder.attach(EvidenceItem(name.lower(), title, *session.picture()))

    def _monitor_of(self, scenario: Scenario) -> Monitor | Unmonitored:
        if self._slot.configuration.evidence:
            return Monitor(scenario, self.profile, self._sessions, self._slot.recorder)
        return Unmonitored()

    def _sessions(self) -> Mapping[str, Session]:
        return {
            name: person.session
            for name, person in self.people.items()
            if person.has_opened_session
        }

    def _everyone_leaves(self) -> None:
        with ExitStack() as goodbyes:
            for person in self.people.values():
                goodbyes.callback(person.leaves)
