"""What only the test side can do to a site, whichever machine the site is on."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Protocol

from acceptance.evidence.facts import Facts
from acceptance.evidence.log_records import LogRecord
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.running.checks import Check
from acceptance.server.session_cookie import SessionCookie


class Mailbox(Protocol):
    """Where the mails of the people in a scenario arrive."""

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest mail with `subject` to the address `to` out of the mailbox.

        Raises:
            AssertionError: no such mail came in time; says what did.

        """
        ...


class Profile(Protocol):
    """The contract that every place keeps."""

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
        """Return what reports state about the site under test."""
        ...

    def checks(self) -> Sequence[Check]:
        """Return what has to be right before a run, in the order in which to look."""
        ...

    def reset(self) -> None:
        """Begin a scenario: empty the site, and let no mail of earlier scenarios come up."""
        ...

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:
        """Return what the site has logged since the scenario began, whichever request it was about.

        Args:
            patiently: wait a little for what is still on its way; otherwise, return at once.

        """
        ...

    def mails(self) -> Sequence[EmailMessage]:
        """Return the mails that came for this scenario's people, those taken out included."""
        ...

    def address_for(self, name: str) -> str:
        """Return a mail address that nobody outside this scenario uses."""
        ...

    def session_cookie(self, email: str) -> SessionCookie:
        """Log the person with this address in and return the session as a cookie."""
        ...

    def start_list(
        self, owner: str | None, items: Sequence[str], shared_with: Sequence[str] = ()
    ) -> str:
        """Start a list with `items` and return its path on the site.

        Args:
            owner: the address of the person it belongs to, or None.
            items: its items, in order.
            shared_with: the addresses of the people who may see it besides.

        """
        ...

    def send_login_link(self, email: str) -> None:
        """Let the site mail a login link to `email`."""
        ...

    def age_login_links(self, email: str, minutes: int) -> None:
        """Let the login links mailed to `email` be older by so many minutes."""
        ...

    def use_up_login_mails(self, email: str) -> None:
        """Let `email` have asked for as many login links as the site sends in an hour."""
        ...
