from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import Error

from acceptance.server.refusal import Refused
from acceptance.server.site import site


class GuardedCommand(BaseCommand):
    """A command that ends with one sentence if the guard refuses or the database fails."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; Django prints a CommandError without a traceback, and exits with 1."""
        try:
            return super().execute(*args, **options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except Error as error:
            raise CommandError(site().sentence_about(error)) from error
