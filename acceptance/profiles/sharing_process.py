"""The process beside the workers: it opens a deployed site once, and works with it for all of them.

A worker sends the name of a method and its arguments, pickled. The answer includes the secrets that
were learned meanwhile, so that the worker knows them before it shows any text.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from threading import RLock, Thread
from typing import Any, Protocol

from acceptance.configuration import Configuration
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.checks import Check
from acceptance.profiles.crossing import packed
from acceptance.profiles.profile import Profile


class SharedProfile(Profile, Protocol):
    """A profile of one worker on a site that others use, too."""

    def ask(self, name: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 (as JSON has it)
        """Make the fixture with this name, and return its result as it was received in JSON.

        Raises:
            FixtureRefusedError, FixtureFailedError, SiteError: as in `make`.

        """
        ...


Opener = Callable[[Configuration, Secrets], AbstractContextManager[Callable[[], SharedProfile]]]
"""Opens a site for the duration of a block, in which each call returns a worker's profile."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer of the process.

    Attributes:
        secrets: the secrets since the last reply: the method of `Secrets`, and the value.
        value: the result.
        error: the error that was raised instead, as `packed` returns it.

    """

    secrets: Sequence[tuple[str, str]]
    value: Any = None
    error: list[bytes] | None = None


class LearnedSecrets(Secrets):
    """Secrets that are passed on to other processes.

    Attributes:
        learned: the names of the called methods and the values, in order.

    """

    def __init__(self, *, ordinary_words: Sequence[str] = ()) -> None:
        self.learned: list[tuple[str, str]] = []
        super().__init__(ordinary_words=ordinary_words)

    def add(self, value: str | None) -> None:
        """Add a session, token or key."""
        self._remember("add", value)
        super().add(value)

    def add_password(self, value: str | None) -> None:
        """Add a password."""
        self._remember("add_password", value)
        super().add_password(value)

    def _remember(self, method: str, value: str | None) -> None:
        if value and (method, value) not in self.learned:
            self.learned.append((method, value))


class SharedChecks:
    """The checks before a run, each of which runs once, for the first worker that asks."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = {check.title: check for check in checks}
        self._found: dict[str, str | Exception] = {}
        self._lock = RLock()

    def titles(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return the titles in the order of the checks, each with those of the checks it needs."""
        return [(check.title, tuple(check.needs)) for check in self._checks.values()]

    def look(self, title: str) -> str:
        """Return the result of the check, or raise its error."""
        with self._lock:
            if title not in self._found:
                try:
                    self._found[title] = self._checks[title].look()
                except Exception as error:  # noqa: BLE001 (it is raised for each worker)
                    self._found[title] = error
            found = self._found[title]
        if isinstance(found, Exception):
            raise found
        return found


class OneWorker:
    """The methods that one worker can call, by their names."""

    def __init__(self, profile: SharedProfile, checks: SharedChecks) -> None:
        self.titles = checks.titles
        self.look = checks.look
        self.facts = profile.facts
        self.begin_scenario = profile.begin_scenario
        self.mails = profile.mails
        self.address_for = profile.address_for
        self.wait_for = profile.mailbox.wait_for
        self.ask = profile.ask
        self._profile = profile

    def server_log(self, patiently: object) -> object:
        """Return what the site has logged since the scenario of the worker began."""
        return self._profile.server_log(patiently=bool(patiently))


class SharedSite:
    """The site, which is opened for the first worker."""

    def __init__(self) -> None:
        self.secrets = LearnedSecrets()
        self._undo = ExitStack()
        self._lock = RLock()
        self._new_profile: Callable[[], SharedProfile] | None = None
        self._checks: SharedChecks | None = None
        self._workers: dict[str, OneWorker] = {}

    def open(self, worker: str, opener: Opener, configuration: Configuration) -> None:
        """Open the site unless it is open, and add the worker with this name."""
        with self._lock:
            if self._new_profile is None:
                words = configuration.project.ordinary_words
                self.secrets = LearnedSecrets(ordinary_words=words)
                self._new_profile = self._undo.enter_context(opener(configuration, self.secrets))
            profile = self._new_profile()
            if self._checks is None:
                self._checks = SharedChecks(profile.checks())
            self._workers[worker] = OneWorker(profile, self._checks)

    def answer(self, worker: str, name: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401
        """Call a method for a worker."""
        if name == "open":
            opener, configuration = arguments
            self.open(worker, opener, configuration)
            return None
        return getattr(self._workers[worker], name)(*arguments)

    def close(self) -> None:
        """Give the site back, and close everything."""
        self._undo.close()


def serve(listener: Listener, alive: int) -> None:
    """Serve workers until a byte or the end of a pipe is read, and then give the site back.

    Args:
        listener: the listener that workers connect to.
        alive: the end of the pipe.

    """
    site = SharedSite()
    Thread(target=_welcome, args=[listener, site], daemon=True).start()
    os.read(alive, 1)
    site.close()


def _welcome(listener: Listener, site: SharedSite) -> None:
    while True:
        # A worker may be killed while it connects.
        with suppress(AuthenticationError, EOFError, OSError):
            connection = listener.accept()
            Thread(target=_answer, args=[connection, site], daemon=True).start()


def _answer(connection: "Connection[Any, Any]", site: SharedSite) -> None:
    """Answer one thread of a worker until its connection ends."""
    known = 0
    with suppress(EOFError, OSError), connection:
        worker = connection.recv()
        while True:
            name, arguments = connection.recv()
            value = error = None
            try:
                value = site.answer(worker, name, arguments)
            except Exception as raised:  # noqa: BLE001 (the worker raises it)
                error = packed(raised)
            learned = site.secrets.learned[known:]
            known += len(learned)
            connection.send(Reply(secrets=learned, value=value, error=error))
