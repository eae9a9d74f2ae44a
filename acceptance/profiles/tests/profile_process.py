"""The local profile in a separate process, where it can set up Django by itself.

In this process, pytest-django has already made a test database and patched Django.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.util import Finalize
from operator import attrgetter
from typing import Any, ParamSpec, TypeVar, cast

from acceptance.configuration import Configuration
from acceptance.evidence.causes.answers import Answer
from acceptance.evidence.facts import Facts
from acceptance.evidence.log_records import LogRecord
from acceptance.fixtures.declaration import Fixture
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.profiles.checks import Check
from acceptance.profiles.profile import Profile
from acceptance.profiles.select import open_profile
from acceptance.profiles.sharing import start_sharing

P = ParamSpec("P")
R = TypeVar("R")

_profiles: list[Profile] = []


class DistantProfile:
    """A profile that passes all calls on to one in another process."""

    def __init__(self, process: ProcessPoolExecutor) -> None:
        self._process = process
        self.mailbox = DistantMailbox(process)

    @property
    def url(self) -> str:
        """The address of the site's home page."""
        return str(_ask(self._process, "url"))

    @property
    def requests(self) -> SiteRequests:
        """Sends requests to the site without a browser."""
        return SiteRequests(self.url)

    def facts(self) -> Facts:
        """Return the facts of the site."""
        facts: Facts = _ask(self._process, "facts")
        return facts

    def checks(self) -> Sequence[Check]:
        """Return no checks: the other process has run them."""
        return ()

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:  # noqa: ARG002
        """Return what the site logged."""
        records: Sequence[LogRecord] = _ask(self._process, "server_log")
        return records

    def answers(self) -> Sequence[Answer]:
        """Return the answers of the site."""
        answers: Sequence[Answer] = _ask(self._process, "answers")
        return answers

    def mails(self) -> Sequence[EmailMessage]:
        """Return the emails that arrived in the scenario."""
        mails: Sequence[EmailMessage] = _ask(self._process, "mails")
        return mails

    def begin_scenario(self) -> None:
        """Empty the site, and begin anew."""
        _ask(self._process, "begin_scenario")

    def address_for(self, name: str) -> str:
        """Return an email address."""
        return str(_ask(self._process, "address_for", name))

    def make(self, fixture: Fixture[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make a fixture."""
        found = (fixture.__module__, fixture.name)
        answer: Any = self._process.submit(_make, *found, *args, **kwargs).result()
        return cast("R", answer)


class DistantMailbox:
    """The mailbox of a profile in another process."""

    def __init__(self, process: ProcessPoolExecutor) -> None:
        self._process = process

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest email out of the mailbox."""
        mail: EmailMessage = _ask(self._process, "mailbox.wait_for", to, subject)
        return mail


@contextmanager
def distant_profile(
    configuration: Configuration,
    environment: Mapping[str, str] | None = None,
    *,
    is_of_worker: bool = False,
) -> Iterator[Profile]:
    """Keep a profile open in a new process, with these variables added to its environment.

    Args:
        configuration: the settings that name the profile.
        environment: the variables.
        is_of_worker: whether it is the profile of a worker.

    """
    with ProcessPoolExecutor(
        max_workers=1,
        mp_context=get_context("spawn"),
        initializer=_open,
        initargs=(configuration, dict(environment or {}), is_of_worker),
    ) as process:
        yield DistantProfile(process)


def _ask(process: ProcessPoolExecutor, member: str, *arguments: object) -> Any:  # noqa: ANN401
    return process.submit(_answer, member, arguments).result()


def _open(
    configuration: Configuration,
    environment: dict[str, str],
    is_of_worker: bool,  # noqa: FBT001 (initargs have no names)
) -> None:
    os.environ.update(environment)
    undo = ExitStack()
    # The process ends without leaving the blocks that are open here, but it calls this.
    Finalize(None, undo.close, exitpriority=1)
    sharing = start_sharing() if is_of_worker else None
    if sharing is not None:
        undo.callback(sharing.stop)
    _profiles.append(undo.enter_context(open_profile(configuration, Secrets(), sharing)))


def _make(module: str, name: str, /, *args: object, **kwargs: object) -> object:
    return _profiles[0].make(getattr(import_module(module), name), *args, **kwargs)


def _answer(member: str, arguments: Sequence[object]) -> Any:  # noqa: ANN401
    found = attrgetter(member)(_profiles[0])
    return found(*arguments) if callable(found) else found
