"""The profile of a worker on a deployed site that other workers use at the same time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from typing import ParamSpec, TypeVar

from acceptance.configuration import Configuration
from acceptance.evidence.causes.answers import Answer
from acceptance.evidence.facts import Facts
from acceptance.evidence.log_records import LogRecord
from acceptance.fixtures.declaration import Fixture
from acceptance.hosts.errors import ServerError
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.profiles.checks import Check
from acceptance.profiles.remote_fixtures import usable
from acceptance.profiles.sharing import Sharing, Worker
from acceptance.profiles.sharing_process import Opener

P = ParamSpec("P")
R = TypeVar("R")


class SharedMailbox:
    """The emails of the people of this worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest email with `subject` to the address `to` out of the mailbox."""
        mail: EmailMessage = self._worker.ask("wait_for", to, subject)
        return mail


class ProfileOfWorker:
    """The profile of a worker, which asks the process beside the workers."""

    def __init__(self, configuration: Configuration, worker: Worker) -> None:
        assert configuration.staging is not None
        self.url = configuration.staging.url
        self.requests = SiteRequests(self.url, configuration.site_log_in)
        self.mailbox = SharedMailbox(worker)
        self._host = configuration.staging.host
        self._worker = worker

    def facts(self) -> Facts:
        """Return the facts of the deployed site."""
        facts: Facts = self._worker.ask("facts")
        return facts

    def checks(self) -> Sequence[Check]:
        """Return the checks before a run, each of which runs once for all workers."""
        return [
            Check(title, partial(self._worker.ask, "look", title), needs)
            for title, needs in self._worker.ask("titles")
        ]

    def begin_scenario(self) -> None:
        """Empty the site, unless another scenario has begun; people get new addresses."""
        self._worker.ask("begin_scenario")

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:
        """Return what the server has logged since the scenario began, for all workers."""
        try:
            records: Sequence[LogRecord] = self._worker.ask("server_log", patiently)
        except ServerError:
            # The process has ended, and the step that failed reports that.
            return ()
        return records

    def answers(self) -> Sequence[Answer]:
        """Return none: a server records no answers."""
        return ()

    def mails(self) -> Sequence[EmailMessage]:
        """Return the emails to addresses of this scenario, after reading the mailbox again."""
        mails: Sequence[EmailMessage] = self._worker.ask("mails")
        return mails

    def address_for(self, name: str) -> str:
        """Return an address of the configured mailbox that no one else uses."""
        return str(self._worker.ask("address_for", name))

    def make(self, fixture: Fixture[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make a fixture on the server, by its name and its arguments in JSON."""
        answer = self._worker.ask("ask", fixture.name, fixture.request(*args, **kwargs))
        return usable(fixture, answer, self._host)


@contextmanager
def open_shared_profile(
    configuration: Configuration, secrets: Secrets, sharing: Sharing, opener: Opener
) -> Iterator[ProfileOfWorker]:
    """Use a deployed site together with other workers for the duration of the block.

    Args:
        configuration: the settings of the run, for workers.
        secrets: the secrets of the run; those that the process learns are added.
        sharing: the access to the process that has opened the site.
        opener: opens the site there.

    Raises:
        ConfigurationError: the site cannot be used as it is configured.
        ServerError: the process has ended.

    """
    with sharing.worker(configuration, secrets, opener) as worker:
        yield ProfileOfWorker(configuration, worker)
