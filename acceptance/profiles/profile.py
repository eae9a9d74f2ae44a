"""What only the test side can do to a site, whichever machine the site is on."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import ParamSpec, Protocol, TypeVar

from acceptance.evidence.facts import Facts
from acceptance.evidence.log_records import LogRecord
from acceptance.fixtures.declaration import Fixture
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.profiles.checks import Check

P = ParamSpec("P")
R = TypeVar("R")


class Mailbox(Protocol):
    """Where the mails of the people in a scenario arrive."""

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest mail with `subject` to the address `to` out of the mailbox.

        Raises:
            AssertionError: no such mail came in time; says what did.
            SiteError: the mailbox cannot be read.

        """
        ...


class Profile(Protocol):
    """The contract that every place keeps; nothing above it knows which place that is.

    Whatever one profile raises, all may raise; tests/test_profile_contract.py runs on each.
    """

    @property
    def url(self) -> str:
        """The address of the site's home page, without a slash at its end."""
        ...

    @property
    def requests(self) -> SiteRequests:
        """Asks the site without a browser, and passes whatever stands before it."""
        ...

    @property
    def mailbox(self) -> Mailbox:
        """Where mails to `address_for` arrive."""
        ...

    def facts(self) -> Facts:
        """Return what reports state about the site under test.

        Raises:
            SiteError: the site does not say what it is.

        """
        ...

    def checks(self) -> Sequence[Check]:
        """Return what has to be right before a run, in the order in which to look.

        To ask for them raises nothing; to make one raises NotReadyError or DoubtError.
        """
        ...

    def begin_scenario(self) -> None:
        """Empty the site as far as the run is to, and let no one of earlier scenarios be met.

        People get addresses that no one has had, and mails and logs begin anew.

        Raises:
            SiteError: as `make`; or the log or the mailbox cannot be reached.

        """
        ...

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:
        """Return what the site has logged since the scenario began, whichever request it was about.

        What cannot be read is left out: whatever failed is reported without it.

        Args:
            patiently: wait a little for what is still on its way; otherwise, return at once.

        """
        ...

    def mails(self) -> Sequence[EmailMessage]:
        """Return the mails that came for this scenario's people, those taken out included.

        Raises:
            AssertionError: the mailbox cannot be read at this moment.
            SiteError: the mailbox cannot be read.

        """
        ...

    def address_for(self, name: str) -> str:
        """Return a mail address that nobody outside this scenario uses or has used."""
        ...

    def make(self, fixture: Fixture[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make a fixture with these arguments on the site, and return what it returns.

        Raises:
            FixtureRefusedError: the fixture takes other arguments, or the site refuses.
            FixtureFailedError: the fixture broke.
            SiteError: the site cannot be asked, or its answer cannot be used.

        """
        ...
