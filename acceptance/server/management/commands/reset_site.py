from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from acceptance.server.beginning import begin
from acceptance.server.fixtures import reset
from acceptance.server.guard import admit_by_hand
from acceptance.server.management.guarded_command import GuardedCommand


class Command(GuardedCommand):
    """Empties the site from the command line."""

    help = "Delete everything that people made on this staging site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the command line."""
        parser.add_argument("host", help="the name of the site, spelled as in its settings")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Empty the site, unless a run has it."""
        host = options["host"]
        with transaction.atomic():
            admit_by_hand(host, begin())
            reset()
        self.stdout.write(f"{host} is empty.")
