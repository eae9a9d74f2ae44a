import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from acceptance.server.beginning import Beginning, BeginningElsewhere, begin
from acceptance.server.fixture_requests import FixtureRequests
from acceptance.server.management.guarded_command import GuardedCommand
from acceptance.server.site import site

_STDOUT, _STDERR = 1, 2
_CONNECTION_SECONDS = 60


class Command(GuardedCommand):
    """Answers the fixture requests of one connection."""

    help = (
        "For the acceptance suite: read requests for fixtures from standard input, one JSON object"
        " on each line, and write an answer for each to standard output (fixture_requests.py)."
    )
    # The settings have already been checked when the site was deployed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the command line."""
        parser.add_argument(
            "--keep-lease",
            action="store_true",
            help="at the end of the input, keep the run's lease: for a run that starts this command"
            " anew for each request",
        )
        parser.add_argument(
            "--site-elsewhere",
            action="store_true",
            help="the site is on another machine, where the run itself checks its .env",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer until the input ends."""
        # Opening SQLite's file anew for each request would take as long as the request itself.
        connection.settings_dict["CONN_MAX_AGE"] = _CONNECTION_SECONDS
        requests = FixtureRequests(_beginning(elsewhere=options["site_elsewhere"]))
        # The connection may end at any time.
        with suppress(ConnectionError), _only_answers_on_stdout() as answers:
            requests.answer_all(sys.stdin.buffer, answers)
        if not options["keep_lease"]:
            requests.end()


def _beginning(*, elsewhere: bool) -> Beginning:
    if not elsewhere:
        return begin()
    if site().settings_file() is not None:
        message = "A site with its .env on this machine is not elsewhere: remove --site-elsewhere."
        raise CommandError(message)
    return BeginningElsewhere()


@contextmanager
def _only_answers_on_stdout() -> Iterator[BinaryIO]:
    """Reserve standard output for answers, and redirect other output to standard error.

    The redirection is not undone, because buffers are written when the process ends.
    """
    with os.fdopen(os.dup(_STDOUT), "wb") as answers:
        os.dup2(_STDERR, _STDOUT)
        yield answers
