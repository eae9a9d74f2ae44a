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
        " on each line, and answer each with one on standard output (fixture_requests.py)."
    )
    # They look at settings that have been looked at when the site was deployed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the command line."""
        parser.add_argument(
            "--keep-lease",
            action="store_true",
            help="at the end of the input, leave the run's lease as it is: for a run that starts"
            " this command anew for each request",
        )
        parser.add_argument(
            "--site-elsewhere",
            action="store_true",
            help="the site is on another machine, where whoever asks looks after its .env",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer until the input ends."""
        # To open SQLite's file anew for each request takes as long as the request itself.
        connection.settings_dict["CONN_MAX_AGE"] = _CONNECTION_SECONDS
        requests = FixtureRequests(_beginning(elsewhere=options["site_elsewhere"]))
        # Whoever asked may be gone at any moment.
        with suppress(ConnectionError), _only_answers_on_stdout() as answers:
            requests.answer_all(sys.stdin.buffer, answers)
        if not options["keep_lease"]:
            requests.end()


def _beginning(*, elsewhere: bool) -> Beginning:
    if not elsewhere:
        return begin()
    if site().settings_file() is not None:
        message = "A site whose .env is here is not elsewhere: leave --site-elsewhere out."
        raise CommandError(message)
    return BeginningElsewhere()


@contextmanager
def _only_answers_on_stdout() -> Iterator[BinaryIO]:
    """Keep standard output for answers; what else is written to it goes to standard error.

    It stays so: what is still in a buffer is written when the process ends.
    """
    with os.fdopen(os.dup(_STDOUT), "wb") as answers:
        os.dup2(_STDERR, _STDOUT)
        yield answers
