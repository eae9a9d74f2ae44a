"""The site on a server: https, fixtures over SSH, and real email."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any, ParamSpec, TypeVar

from acceptance.configuration import Configuration
from acceptance.evidence.causes.answers import Answer
from acceptance.evidence.facts import Facts, Place
from acceptance.evidence.log_records import LogRecord
from acceptance.fixtures.declaration import Fixture
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.profiles.checks import Check
from acceptance.profiles.deployment import Deployment, open_deployment
from acceptance.profiles.profile import Mailbox
from acceptance.profiles.staging_checks import StagingChecks

P = ParamSpec("P")
R = TypeVar("R")


class StagingProfile:
    """The profile of a site on a server."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._fixtures = deployment.fixtures
        self._log_begins = 0

    @property
    def url(self) -> str:
        """The address of the site's home page."""
        return self._deployment.site.url

    @property
    def requests(self) -> SiteRequests:
        """Asks the site without a browser."""
        return self._deployment.requests

    @property
    def mailbox(self) -> Mailbox:
        """The configured mailbox."""
        return self._deployment.mailbox

    def facts(self) -> Facts:
        """Return the facts of the deployed site."""
        return Facts(Place.STAGING, self.url, self._fixtures.describe().commit)

    def checks(self) -> Sequence[Check]:
        """Return the checks before a run, in their order."""
        return StagingChecks(self._deployment).all()

    def begin_scenario(self) -> None:
        """Empty the site if the run is set to do so; people get addresses that were never used."""
        self._fixtures.begin_scenario(self._deployment.reset)
        self._log_begins = self._deployment.log.begin()
        self._deployment.mailbox.begin_scenario()

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:
        """Return what the server has logged since the scenario began."""
        return self._deployment.log.since(self._log_begins, patiently=patiently)

    def answers(self) -> Sequence[Answer]:
        """Return none: a server records no answers."""
        return ()

    def mails(self) -> Sequence[EmailMessage]:
        """Return the emails to addresses of this scenario, after reading the mailbox again."""
        return self._deployment.mailbox.of_scenario()

    def address_for(self, name: str) -> str:
        """Return an address of the configured mailbox that no one else uses."""
        return self._deployment.addresses.address_for(name)

    def make(self, fixture: Fixture[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make a fixture on the server."""
        return self._fixtures.make(fixture, *args, **kwargs)

    def ask(self, name: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 (as JSON has it)
        """Make the fixture with this name on the server, and return its result in JSON."""
        return self._fixtures.ask(name, arguments)


@contextmanager
def open_staging_profile(
    configuration: Configuration, secrets: Secrets
) -> Iterator[StagingProfile]:
    """Keep one connection to the configured host for the duration of the block.

    Nothing is contacted before the first check or fixture.

    Raises:
        ConfigurationError: the person's ssh configuration cannot be read, or the mailbox has no
            password.

    """
    with open_deployment(configuration, secrets) as deployment:
        yield StagingProfile(deployment)


@contextmanager
def open_for_workers(
    configuration: Configuration, secrets: Secrets
) -> Iterator[Callable[[], StagingProfile]]:
    """Keep one connection, as `open_staging_profile` does; each call returns a worker's profile.

    Raises:
        ConfigurationError: as in `open_staging_profile`.

    """
    with open_deployment(configuration, secrets) as deployment:
        yield lambda: StagingProfile(deployment.beside())
