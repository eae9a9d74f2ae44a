import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from acceptance.server.beginning import begin
from acceptance.server.management.guarded_command import GuardedCommand
from acceptance.server.marking import mark, what_may_be_wiped

_LINE_LENGTH = 1000


class Command(GuardedCommand):
    """Marks the database as one that may be emptied, when a person types the site's name."""

    help = "Mark this site's database as one that the acceptance suite may empty."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Show what may be emptied, ask for the site's name, and mark the database."""
        site = settings.SITE_NAME
        begin().check()
        found = what_may_be_wiped()
        if found.marked_for == site:
            self.stdout.write(f"The database of {site} is already marked: it may be emptied.")
            return
        self.stdout.write(
            f"Every run of the acceptance suite will delete all data of {site}: everything that"
            f" people made there, and their sessions. The database {found.database} has"
            f" {found.content} now."
        )
        if found.marked_for is not None:
            self.stdout.write(
                f"It is marked as the one of {found.marked_for}, so it looks like a copy."
            )
        for use in found.production_uses:
            self.stdout.write(
                f"{use.site_name} served people from this database as a production site: it first"
                f" started at {use.first_started:%Y-%m-%d %H:%M} UTC, and last at"
                f" {use.last_started:%Y-%m-%d %H:%M} UTC."
            )
        self.stdout.write(f"Type {site} to agree: ", ending="")
        self.stdout.flush()
        if _typed() != site:
            raise CommandError(
                f"That was not {site}, so nothing has changed: run mark_as_staging again and type"
                " the name if this database may be emptied."
            )
        mark()
        self.stdout.write(f"The database of {site} is marked: it may be emptied.")


def _typed() -> str:
    return sys.stdin.buffer.readline(_LINE_LENGTH).decode(errors="replace").strip()
