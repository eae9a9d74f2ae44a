from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.db import Error, connection

from superlists.database_errors import sentence_about
from superlists.database_kind import (
    UnfitDatabaseError,
    check_that_it_may_be_staging,
    make_production,
)
from superlists.permission_to_wipe import leave_alone


class Command(BaseCommand):
    """Checks, for a deployment, that a site of this kind may use the database."""

    help = (
        "For a deployment: refuse a database that a run of the acceptance suite is using, or that"
        " belongs to another kind of site; remove the permission to empty a production site's"
        " database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the command line."""
        parser.add_argument(
            "--served-as",
            choices=["production", "staging"],
            help="the kind of the release that has served so far, if any",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the sentences for the person who deploys, one on each line."""
        leave_alone()
        site = settings.SITE_NAME
        try:
            notes = (
                make_production(connection, site)
                if settings.PRODUCTION_SITE
                else check_that_it_may_be_staging(connection, site, options["served_as"])
            )
            for note in notes:
                self.stdout.write(note)
        except UnfitDatabaseError as refusal:
            raise CommandError(str(refusal)) from None
        except Error as error:
            raise CommandError(sentence_about(error)) from error
