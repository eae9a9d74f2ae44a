"""The site on a server: https, fixtures over SSH, and real mail."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

from acceptance.configuration import Configuration
from acceptance.evidence.facts import Facts, Place
from acceptance.evidence.log_records import LogRecord
from acceptance.hosts.errors import ServerError
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.profiles.deployment import Deployment, open_deployment
from acceptance.profiles.profile import Mailbox
from acceptance.profiles.staging_checks import StagingChecks
from acceptance.running.checks import Check
from acceptance.server.session_cookie import SessionCookie

_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~/-]*")
# What a cookie's parts consist of (RFC 6265, 4.1.1), and no more of it than Django uses.
_COOKIE = re.compile(r"[A-Za-z0-9._~/-]+")


class StagingProfile:
    """The contract of `Profile` kept by asking the server."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._fixtures = deployment.fixtures

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
        """Return what has to be right before a run, in the order in which to look."""
        return StagingChecks(self._deployment).all()

    def reset(self) -> None:
        """Empty the site; from now on, people have addresses that were never used."""
        self._fixtures.reset()
        self._deployment.log.begin()
        self._deployment.mailbox.begin_scenario()

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:
        """Return what the server has logged since the reset."""
        return self._deployment.log.since_begin(patiently=patiently)

    def mails(self) -> Sequence[EmailMessage]:
        """Return the mails to addresses of this scenario; looks into the mailbox once more."""
        return self._deployment.mailbox.of_scenario()

    def address_for(self, name: str) -> str:
        """Return an address of the configured mailbox, which nobody else uses."""
        return self._deployment.addresses.address_for(name)

    def session_cookie(self, email: str) -> SessionCookie:
        """Log the person in and return the session as a cookie."""
        answer = self._fixtures.call("create_session", email=email)
        try:
            cookie = SessionCookie(**answer)
            texts = (cookie.name, cookie.value, cookie.path, cookie.same_site)
            is_plain = all(_COOKIE.fullmatch(text) for text in texts)
        except TypeError:
            is_plain = False
        if not is_plain:
            message = f"{self.url} answered create_session with what is no session cookie."
            raise ServerError(message)
        return cookie

    def start_list(
        self, owner: str | None, items: Sequence[str], shared_with: Sequence[str] = ()
    ) -> str:
        """Start a list and return its path."""
        path = self._fixtures.call(
            "start_list", owner=owner, items=list(items), shared_with=list(shared_with)
        )
        # Behind the site's address, another text could be another site's.
        if not isinstance(path, str) or not _PATH.fullmatch(path):
            message = f"{self.url} answered start_list with what is no path of a page: {path!r}."
            raise ServerError(message)
        return path

    def send_login_link(self, email: str) -> None:
        """Mail a login link."""
        self._fixtures.call("send_login_link", email=email, site=self.url)

    def age_login_links(self, email: str, minutes: int) -> None:
        """Let the login links mailed to `email` be older by so many minutes."""
        self._fixtures.call("age_login_links", email=email, minutes=minutes)

    def use_up_login_mails(self, email: str) -> None:
        """Let `email` have asked for as many links as the site sends in an hour."""
        self._fixtures.call("use_up_login_mails", email=email)


@contextmanager
def open_staging_profile(
    configuration: Configuration, secrets: Secrets
) -> Iterator[StagingProfile]:
    """Keep one connection to the configured host for the length of the block.

    Nothing is contacted before the first check or fixture.

    Raises:
        ConfigurationError: the person's ssh configuration cannot be read, or the mailbox has no
            password.

    """
    with open_deployment(configuration, secrets) as deployment:
        yield StagingProfile(deployment)
