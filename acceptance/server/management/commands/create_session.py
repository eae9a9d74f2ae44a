from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.db import transaction

from acceptance.server.beginning import begin
from acceptance.server.fixtures import create_session
from acceptance.server.guard import check_marker
from acceptance.server.management.guarded_command import GuardedCommand


class Command(GuardedCommand):
    """Logs a person in from the command line."""

    help = "Log the person with this name in, and print the key of the new session."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the command line."""
        parser.add_argument(
            "username", help="for instance an email address; an unknown person is created"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the session key and nothing else."""
        try:
            with transaction.atomic():
                check_marker(begin())
                cookie = create_session(options["username"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(cookie.value)
