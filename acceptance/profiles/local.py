"""The site on this machine: a live server in this process, the ORM, and Django's outbox."""

import email.policy
import logging
import os
import shutil
import traceback
import unittest
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import django
from behave_django.runner import BehaviorDrivenTestRunner
from behave_django.testcase import BehaviorDrivenTestCase
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import mail
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.handlers.wsgi import WSGIHandler, get_path_info
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import FileResponse, HttpRequest, HttpResponseServerError
from django.http.response import HttpResponseBase
from django.template import engines
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from django.urls import get_resolver

from acceptance.checkout import UnknownCommitError, commit_of, has_uncommitted_changes
from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.evidence.causes.answers import Answer
from acceptance.evidence.facts import Facts, Place
from acceptance.evidence.log_records import LogRecord, records_in
from acceptance.fixtures.declaration import Fixture, FixtureMismatchError
from acceptance.hosts.secrets import Secrets
from acceptance.hosts.web.site_requests import SiteRequests
from acceptance.mail.addresses import AddressBook
from acceptance.mail.other_emails import arrived_instead, beside
from acceptance.mismatch import Mismatch
from acceptance.profiles.answer_log import AnswerLog, calls_noted, refusals_noted
from acceptance.profiles.checks import Check
from acceptance.profiles.errors import FixtureFailedError, FixtureRefusedError
from acceptance.profiles.migrated_database import MigratedDatabase
from acceptance.profiles.undefined_variables import undefined_variables_logged
from acceptance.project import Project
from acceptance.readers import Reset
from acceptance.room import folder_in_memory
from acceptance.server.fixtures import forget_clients, reset
from acceptance.waiting import eventually

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_of_last_resort = logging.getLogger("django.request")

ADDRESSES = "{unique}@example.com"
"""The pattern of people's addresses, in a domain that is reserved (RFC 2606)."""

P = ParamSpec("P")
R = TypeVar("R")


class PromptServer(ThreadedWSGIServer):
    """A development server that stops immediately, not half a second later."""

    def serve_forever(self, poll_interval: float = 0.01) -> None:
        """Serve until it is stopped, checking for that every `poll_interval` seconds."""
        super().serve_forever(poll_interval)


class PromptRequestHandler(QuietWSGIRequestHandler):
    """Sends the body of an answer immediately.

    The head and the body of an answer are written separately. Without TCP_NODELAY, the body waits
    until the browser has acknowledged the head, which it delays by 40 ms (Nagle's algorithm, RFC
    896, and delayed acknowledgements, RFC 1122 section 4.2.3.2).
    """

    disable_nagle_algorithm = True


class PromptServerThread(LiveServerThread):
    """The thread of the live server."""

    server_class = PromptServer

    def _create_server(
        self, connections_override: Mapping[str, BaseDatabaseWrapper] | None = None
    ) -> ThreadedWSGIServer:
        return self.server_class(
            (self.host, self.port),
            PromptRequestHandler,
            allow_reuse_address=False,
            connections_override=connections_override,
        )


class KeptStaticFiles(StaticFilesHandler):
    """Serves static files that browsers keep, and logs an exception of the site's error page.

    For files that have just been cloned, browsers would otherwise ask on each page whether they
    have changed, which takes as long as the page.
    """

    def __init__(self, application: WSGIHandler, answers: AnswerLog) -> None:
        super().__init__(application)
        self._answers = answers

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> HttpResponseBase:
        """Answer a request; with 500, as gunicorn does, if not even the error page works."""
        # Django changes it in the environment.
        path = get_path_info(environ)
        try:
            response = super().__call__(environ, start_response)
        except Exception as error:  # noqa: BLE001 (as above)
            # Without this function, which is not the site's.
            own = error.__traceback__
            error = error.with_traceback(own.tb_next if own else None)
            _of_last_resort.error("Error handling request %s", environ["PATH_INFO"], exc_info=error)
            failed = HttpResponseServerError("Internal Server Error", content_type="text/plain")
            start_response(f"{failed.status_code} {failed.reason_phrase}", list(failed.items()))
            return failed
        if not self._should_handle(path):
            self._answers.note(path, environ, response)
        return response

    def serve(self, request: HttpRequest) -> FileResponse:
        """Serve the file that the request asks for."""
        response = super().serve(request)
        response.headers["Cache-Control"] = "max-age=3600"
        return response


class LiveSite(BehaviorDrivenTestCase):
    """behave-django's test case, which starts the live server."""

    server_thread_class = PromptServerThread

    def _fixture_teardown(self) -> None:
        """Do nothing: the database is removed with the run, and something may still lock it."""


class LocalTestRunner(BehaviorDrivenTestRunner):
    """behave-django's test runner: it makes the test database and runs the live server."""

    testcase_class = LiveSite


# The tools that drive browsers log in this process, too, but not for the site.
TOOLS = {"selenium", "urllib3", "websocket"}


class SiteLog(logging.Handler):
    """The log of the site in this process, in the format of a server's log."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.addFilter(lambda record: record.name.partition(".")[0] not in TOOLS)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._lines.append(self.format(record))

    def begin(self) -> None:
        """Forget the records until now."""
        self._lines.clear()

    def since_begin(self) -> Sequence[LogRecord]:
        """Return the records since then."""
        return records_in("\n".join(self._lines))


@dataclass(frozen=True)
class Copy:
    """One recipient's copy of an email.

    Attributes:
        recipient: the address that it was delivered to, which its header may not name.
        subject: its subject.
        content: the email as it is received.

    """

    recipient: str
    subject: str
    content: EmailMessage


class Outbox:
    """The emails that the site in this process has sent, delivered to each recipient."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._delivered: list[Copy] = []
        self._taken: list[Copy] = []

    def begin(self) -> None:
        """Forget the emails that were sent until now."""
        mail.outbox.clear()
        self._delivered.clear()
        self._taken.clear()

    def all(self) -> Sequence[EmailMessage]:
        """Return the emails that were sent since then, beginning with those taken out."""
        self._deliver()
        return [copy.content for copy in (*self._taken, *self._delivered)]

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Take the oldest email with `subject` to the address `to` out of the outbox."""

        def take() -> EmailMessage:
            self._deliver()
            for copy in self._delivered:
                if copy.subject == subject and copy.recipient == to:
                    self._delivered.remove(copy)
                    self._taken.append(copy)
                    return copy.content
            wanted = f"an email {subject!r} to {to}"
            arrived = [([copy.recipient], copy.subject) for copy in self._delivered]
            cause = arrived_instead(to, subject, arrived)
            read = [([copy.recipient], copy.subject) for copy in self._taken]
            sentence = f"no email {subject!r} to {to} has arrived{beside([*read, *arrived])}"
            raise AssertionError(Mismatch(sentence, wanted, cause=cause))

        return eventually(take, timeout=self._timeout, describe=self._arrived)

    def _deliver(self) -> None:
        while mail.outbox:
            sent = mail.outbox.pop(0)
            self._delivered += [
                Copy(recipient, str(sent.subject), _as_received(sent, recipient))
                for recipient in sent.recipients()
            ]

    def _arrived(self) -> str:
        arrived = [f"{copy.subject!r} to {copy.recipient}" for copy in self._delivered]
        return f"Emails that arrived: {'; '.join(arrived) or 'none'}"


class LocalProfile:
    """The profile of a site in this process, which calls the site's own code."""

    def __init__(
        self, url: str, configuration: Configuration, log: SiteLog, answers: AnswerLog
    ) -> None:
        self.url = url
        self.requests = SiteRequests(url)
        self.mailbox = Outbox(configuration.timeout)
        self._root = configuration.project.root
        self._log = log
        self._answers = answers
        self._addresses = AddressBook(ADDRESSES)
        # Its database is new, so a run does not have to empty it at the beginning.
        self._is_emptied = configuration.reset in {None, Reset.SCENARIO}

    def facts(self) -> Facts:
        """Return the facts of this checkout."""
        return Facts(Place.LOCAL, "this machine", *_checked_out(self._root))

    def checks(self) -> Sequence[Check]:
        """Return no checks: a site in this process needs nothing else."""
        return ()

    def server_log(self, *, patiently: bool = True) -> Sequence[LogRecord]:  # noqa: ARG002
        """Return what the site has logged since the scenario began; it logs before it answers."""
        return self._log.since_begin()

    def answers(self) -> Sequence[Answer]:
        """Return the answers of the site since the scenario began."""
        return self._answers.since_begin()

    def mails(self) -> Sequence[EmailMessage]:
        """Return the emails that the site has sent since the scenario began."""
        return self.mailbox.all()

    def begin_scenario(self) -> None:
        """Empty the site if the run is set to; its log, outbox and people begin anew."""
        self.make(reset if self._is_emptied else forget_clients)
        self._addresses.begin_scenario()
        self.mailbox.begin()
        self._log.begin()
        self._answers.begin()

    def address_for(self, name: str) -> str:
        """Return an address in a reserved domain."""
        return self._addresses.address_for(name)

    def make(self, fixture: Fixture[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make a fixture in this process, with the same checks as on the way to a server."""
        try:
            function = fixture.prepare(fixture.request(*args, **kwargs))
        except FixtureMismatchError as error:
            message = f"{error}."
            raise FixtureRefusedError(message) from None
        try:
            return fixture.answer(function())
        except ValidationError as error:
            raise FixtureRefusedError(" ".join(error.messages)) from error
        except Exception as error:
            sentence = f"{type(error).__name__}: {error}".removesuffix(": ")
            message = f"the fixture {fixture.name} failed: {sentence}"
            raise FixtureFailedError(message, sentence, traceback.format_exc()) from error


def import_site(project: Project) -> None:
    """Import the site for processes that are forked later, and open nothing.

    Errors are ignored here; opening the site reports them.
    """
    root = logging.getLogger()
    handlers = root.handlers[:]
    with _environment_of_site(project), suppress(Exception):
        django.setup()
        # Everything that answers requests.
        get_resolver().url_patterns  # noqa: B018
        engines.all()
    root.handlers[:] = handlers


@contextmanager
def open_local_profile(
    configuration: Configuration, secrets: Secrets, *, is_alone: bool = True
) -> Iterator[LocalProfile]:
    """Make a test database and keep a live server running for the duration of the block.

    behave-django is called here, once for the run, because its own integration would replace
    behave's hooks and start a server for every scenario.
    """
    with ExitStack() as undo:
        try:
            undo.enter_context(_environment_of_site(configuration.project))
            log = undo.enter_context(_django_set_up())
        except ImproperlyConfigured as error:
            raise ConfigurationError(str(error)) from None
        # The site has read its own settings, which may contain secrets.
        secrets.add_settings(os.environ)
        runner = LocalTestRunner(verbosity=0, interactive=False)
        runner.setup_test_environment()
        undo.callback(runner.teardown_test_environment)
        # Django installs unittest's handler for Ctrl-C, which would hide the first one from behave.
        unittest.removeHandler()
        undo.enter_context(_database_in_memory())
        kept = _kept_database(configuration.project)
        runner.keepdb = bool(kept and kept.copy_to(Path(connection.settings_dict["TEST"]["NAME"])))
        if connection.vendor != "sqlite" and not is_alone:
            # On a database server, the database of each worker needs a different name.
            name = connection.creation.get_test_db_clone_settings(str(os.getpid()))["NAME"]
            connection.settings_dict["TEST"]["NAME"] = f"test_{name}"
        try:
            # No test needs the serialized content, because resets keep what migrations wrote.
            databases = runner.setup_databases(serialized_aliases=())
        except DatabaseError as error:
            message = (
                f"The test database cannot be created ({' '.join(str(error).split())}): check that "
                "the server in DATABASE_URL answers, or unset DATABASE_URL to use SQLite."
            )
            raise ConfigurationError(message) from None
        undo.callback(runner.teardown_databases, databases)
        if kept and not runner.keepdb:
            kept.keep(connection)
        LiveSite.host = configuration.site_address
        answers = AnswerLog(configuration.project.root, configuration.project.request_id_header)
        undo.enter_context(calls_noted())
        undo.enter_context(refusals_noted())
        undo.enter_context(undefined_variables_logged())
        LiveSite.static_handler = partial(KeptStaticFiles, answers=answers)
        # behave-django keeps its test case on behave's context, but ours has only the world, so it
        # gets another object.
        holder = SimpleNamespace()
        runner.setup_testclass(holder)
        runner.setup_fixtures(holder)
        runner.setup_test(holder)
        undo.callback(runner.teardown_test, holder)
        yield LocalProfile(holder.test.live_server_url, configuration, log, answers)


def _checked_out(root: Path) -> tuple[str | None, bool]:
    """Return the commit, and whether files differ from it; print a note if it is unknown."""
    try:
        return commit_of(root), has_uncommitted_changes(root)
    except UnknownCommitError as error:
        print(f"Reports will not name the commit under test: {error}.")  # noqa: T201
        return None, False


def _as_received(sent: mail.EmailMessage, recipient: str) -> EmailMessage:
    received = BytesParser(policy=email.policy.default).parsebytes(sent.message().as_bytes())
    # Mail servers add it for the recipient in the envelope, who may be hidden (RFC 9228).
    received["Delivered-To"] = recipient
    return received


@contextmanager
def _environment_of_site(project: Project) -> Iterator[None]:
    """Let the site read its own settings, but no variables of a server."""
    names = ("DJANGO_SETTINGS_MODULE", *project.server_variables)
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ["DJANGO_SETTINGS_MODULE"] = project.settings_module
    try:
        yield
    finally:
        del os.environ["DJANGO_SETTINGS_MODULE"]
        os.environ.update(before)


@contextmanager
def _django_set_up() -> Iterator[SiteLog]:
    """Load the site, and collect its log."""
    django.setup()
    # The log is shown with a failed step. On the console, it would also appear between the steps of
    # scenarios that pass.
    root = logging.getLogger()
    formatters = (handler.formatter for handler in root.handlers if handler.formatter)
    log = SiteLog(next(formatters, logging.Formatter()))
    root.handlers[:] = [log]
    try:
        yield log
    finally:
        # The driver of a browser that is stopped later must not log on the console either.
        root.removeHandler(log)


def _kept_database(project: Project) -> MigratedDatabase | None:
    if connection.vendor != "sqlite":
        return None
    return MigratedDatabase(project.artifacts, project.root)


@contextmanager
def _database_in_memory() -> Iterator[None]:
    """Let SQLite keep the test database in a separate file for this run, in memory if possible.

    SQLite's own `:memory:` cannot be used: all threads of the server would share one connection,
    and two requests at the same time would break each other's transactions.
    """
    if connection.vendor != "sqlite":
        yield
        return
    folder = folder_in_memory()
    try:
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
