"""The test side's access to a site, whichever machine the site is on."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import ParamSpec, Protocol, TypeVar

from acceptance.evidence.causes.answers import Answer
from acceptance.evidence.facts import Facts
from acceptance.evidence.log_records import LogRecord
from acceptance.fixtures.declaration import Fixture
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.profiles.checks import Check

P = ParamSpec("P")
R = TypeVar("R")


class Mailbox(Protocol):
    """The mailbox for the email of the people in a scenario."""

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest email with `subject` to the address `to` out of the mailbox.

        Raises:
            AssertionError: no such email arrived in time; the message lists those that did.
            SiteError: the mailbox cannot be read.

        """
        ...


class Profile(Protocol):
    """The contract of all profiles; the code above it does not know which one it uses.

    All profiles raise the same errors; tests/test_profile_contract.py tests each of them.
    """

    @property
    def url(self) -> str:
        """The address of the site's home page, without a slash at its end."""
        ...

    @property
    def requests(self) -> SiteRequests:
        """Sends requests to the site without a browser, with the credentials of its web server."""
        ...

    @property
    def mailbox(self) -> Mailbox:
        """The mailbox for the addresses of `address_for`."""
        ...

    def facts(self) -> Facts:
        """Return the facts about the site under test, for reports.

        Raises:
            SiteError: the site does not describe itself.

        """
        ...

    def checks(self) -> Sequence[Check]:
        """Return the checks before a run, in their order.

        This raises no errors; a check raises NotReadyError or DoubtError.
        """
        ...

    def begin_scenario(self) -> None:
        """Empty the site if the run is set to do so, and forget the people of earlier scenarios.

        People get addresses that no one has used before, and emails and logs begin anew.

        Raises:
            SiteError: as in `make`; or the log or the mailbox cannot be reached.

        """
        ...

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:
        """Return what the site has logged since the scenario began, for all requests.

        If the log cannot be read, failures are reported without it.

        Args:
            patiently: whether to wait a little for lines that have not arrived yet.

        """
        ...

    def answers(self) -> Sequence[Answer]:
        """Return the answers of the site since the scenario began, if it records them."""
        ...

    def mails(self) -> Sequence[EmailMessage]:
        """Return all emails for this scenario's people, including those already taken out.

        Raises:
            AssertionError: the mailbox cannot be read at this moment.
            SiteError: the mailbox cannot be read.

        """
        ...

    def address_for(self, name: str) -> str:
        """Return an email address that no one outside this scenario uses or has used."""
        ...

    def make(self, fixture: Fixture[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make a fixture with these arguments on the site, and return its result.

        Raises:
            FixtureRefusedError: the fixture takes other arguments, or the site refuses.
            FixtureFailedError: the fixture failed.
            SiteError: the site cannot be reached, or its answer cannot be used.

        """
        ...
