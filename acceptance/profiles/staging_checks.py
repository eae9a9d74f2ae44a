"""The checks before a run against a server."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from acceptance.checkout import UnknownCommitError, commit_of, has_uncommitted_changes
from acceptance.errors import NotReadyError
from acceptance.hosts.addresses import addresses_of
from acceptance.hosts.errors import ConnectionLostError, ServerError
from acceptance.hosts.web.site_requests import NoAnswerError
from acceptance.mail.addresses import UNIQUE
from acceptance.mail.errors import MailboxError
from acceptance.profiles.checks import Check, DoubtError
from acceptance.profiles.deployment import Deployment
from acceptance.profiles.mail_trial import MailTrial
from acceptance.profiles.remote_fixtures import SiteDescription
from acceptance.profiles.site_folder import check_site
from acceptance.web.links import link_to

# In seconds. Login links are valid for minutes, so small differences do not matter.
CLOCK_TOLERANCE = 10

WEB_TIMEOUT = 10

_WHO = "who it is"


class StagingChecks:
    """The checks; each may rely on the earlier checks that it needs."""

    def __init__(self, deployment: Deployment) -> None:
        self._project = deployment.project
        self._site = deployment.site
        self._requests = deployment.requests
        self._folder = deployment.folder
        self._host = deployment.host
        self._fixtures = deployment.fixtures
        self._log = deployment.log
        self._addresses = deployment.addresses
        self._mailbox = deployment.mailbox
        self._mail = MailTrial(deployment)
        self._site_found: SiteDescription | None = None
        self._asked_at = 0.0

    def all(self) -> Sequence[Check]:
        """Return all checks, in their order."""
        connecting: list[Check] = []
        last = "name"
        for stage in self._host.stages():
            connecting.append(_check(stage.title, stage.reach, needs=[last]))
            last = stage.title
        return [
            _check("server", lambda: f"{self._host}, the site in {self._folder}"),
            _check("name", self._look_names_up),
            *connecting,
            _check("site folder", self._look_into_folder, needs=[last]),
            _check("fixtures", self._ask_for_fixtures, needs=["site folder"]),
            _check("marker", self._compare_marker, needs=["fixtures"]),
            _check("no one else", self._check_lease, needs=["fixtures"]),
            _check("web site", self._compare_web_site, needs=["marker"]),
            _check("commit", self._compare_commits, needs=["fixtures"]),
            _check("clock", self._compare_clocks, needs=["fixtures"]),
            _check("server log", self._look_into_log, needs=[last]),
            _check("mailbox", self._look_into_mailbox),
            _check("mail", self._mail.make, needs=["no one else", "web site", "mailbox"]),
        ]

    def _look_names_up(self) -> str:
        web = addresses_of(self._site.host)
        ssh = self._host.addresses()
        shown = f"{self._site.host} is {', '.join(web)}"
        return shown if not ssh or ssh == web else f"{shown}; SSH goes to {', '.join(ssh)}"

    def _look_into_folder(self) -> str:
        check_site(self._host, self._folder)
        return "has an environment and manage.py"

    def _ask_for_fixtures(self) -> str:
        self._site_found = self._fixtures.describe()
        self._asked_at = time.time()
        if self._fixtures.slow_because is not None:
            raise DoubtError(self._fixtures.slow_because)
        return self._fixtures.answered_by

    @property
    def _found(self) -> SiteDescription:
        assert self._site_found is not None
        return self._site_found

    def _compare_marker(self) -> str:
        found, host = self._found, self._site.host
        if found.marked_for is None and found.production_sites:
            message = (
                f"The database of {found.site_name} is not marked as one that may be emptied, and "
                f"{' and '.join(found.production_sites)} served people from it as a production "
                f"site: check which database the .env in {self._folder} on {self._host} names."
            )
            raise NotReadyError(message)
        if found.marked_for is None:
            message = (
                f"The database of {found.site_name} is not marked as one that may be emptied: if "
                f"it may, type `manage.py mark_as_staging` in {self._folder} on {self._host}."
            )
            raise NotReadyError(message)
        if not found.site_name == found.marked_for == host:
            message = (
                f"You asked for {host}, but the site in {self._folder} on {self._host} is "
                f"{found.site_name}, and its database is marked for {found.marked_for}: a run may "
                "delete everything only if all three are the same; name the right host."
            )
            raise NotReadyError(message)
        return f"the database may be emptied as that of {found.marked_for}"

    def _check_lease(self) -> str:
        lease = self._found.lease
        if lease is None or _seconds(lease["expires_at"]) <= self._found.time:
            return "uses the site"
        message = (
            f"{lease['holder']} has been using {self._site.host} for a run since "
            f"{_in_utc(lease['since'])}: wait until that run ends; if it crashed, its lease "
            f"expires by itself at {_in_utc(lease['expires_at'])}."
        )
        raise NotReadyError(message)

    def _compare_web_site(self) -> str:
        shown = self._ask_web_site()
        if shown.get("identity") != self._found.identity:
            message = (
                f"{self._site.url} shows another site than the one in {self._folder} on "
                f"{self._host}: check which machine the name leads to, and what the web server "
                "serves there."
            )
            raise NotReadyError(message)
        address = str(shown.get("address", self._site.url))
        if link_to(self._site.url, address) is None:
            message = (
                f"{self._site.url} uses {address} as its own address, so the links in its emails"
                " lead elsewhere: make the reverse proxy pass on Host with the port, and"
                " X-Forwarded-Proto."
            )
            raise NotReadyError(message)
        # A web server in front of the site may let only the identity page through.
        self._requests.answer("/", _WHO, timeout=WEB_TIMEOUT)
        return f"{self._site.url} is the site that the fixtures change"

    def _ask_web_site(self) -> Mapping[str, object]:
        path = self._project.identity_path
        answer = self._requests.answer(path, _WHO, timeout=WEB_TIMEOUT)
        if answer.status != HTTPStatus.OK:
            message = (
                f"{self._site.url} answers {answer.status} {answer.reason} where a staging site "
                f"reports {_WHO}: read the server's log, and check that the web server serves the "
                "deployed code."
            )
            raise NotReadyError(message)
        return self._requests.facts_in(answer, _WHO)

    def _compare_commits(self) -> str:
        deployed = self._found.commit
        if deployed is None:
            message = "the site does not know its commit, so the features may not match it"
            raise DoubtError(message)
        try:
            here = commit_of(self._project.root)
            is_changed = has_uncommitted_changes(self._project.root)
        except UnknownCommitError as error:
            message = f"{deployed[:7]} is deployed, and the features may not match it: {error}"
            raise DoubtError(message) from None
        if deployed != here:
            message = (
                f"{deployed[:7]} is deployed, but {here[:7]} is checked out here: deploy, or check "
                f"out {deployed[:7]}, to make the features match the site"
            )
            raise DoubtError(message)
        return f"{here[:7]}, deployed and here{', with uncommitted changes' if is_changed else ''}"

    def _compare_clocks(self) -> str:
        ahead = self._found.time - self._asked_at
        if abs(ahead) > CLOCK_TOLERANCE:
            message = (
                f"the server's clock is {ahead:+.0f} s off this one, so the ages of links and "
                "sessions are wrong: set both with NTP"
            )
            raise DoubtError(message)
        return f"{abs(ahead):.1f} s apart"

    def _look_into_log(self) -> str:
        try:
            return self._log.check()
        except ConnectionLostError:
            raise
        except ServerError as error:
            message = (
                f"the server's log cannot be read ({error}), so failures will not include it: let "
                f"{self._host.user} read it (for a journal, as a member of the group "
                "systemd-journal), or name the log with -D server_log=PATH"
            )
            raise DoubtError(message) from None

    def _look_into_mailbox(self) -> str:
        found = self._mailbox.check()
        if not self._addresses.has_unique_addresses:
            message = (
                f"{found}, at one address: scenarios in which two people get email will fail unless"
                f" mail_address contains {UNIQUE}"
            )
            raise DoubtError(message)
        if self._mailbox.doubt is not None:
            message = f"{found}; new ones may be hidden: {self._mailbox.doubt}"
            raise DoubtError(message)
        return found


def _check(title: str, look: Callable[[], str], needs: Sequence[str] = ()) -> Check:
    def explained() -> str:
        try:
            return look()
        except (MailboxError, NoAnswerError, ServerError) as error:
            raise NotReadyError(str(error)) from None

    return Check(title, explained, needs)


def _seconds(time_in_iso: str) -> float:
    return datetime.fromisoformat(time_in_iso).timestamp()


def _in_utc(time_in_iso: str) -> str:
    return f"{datetime.fromisoformat(time_in_iso).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
