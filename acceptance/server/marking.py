"""Marking a database as one that may be emptied."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from acceptance.server.models import Marker, random_identity
from acceptance.server.site import ProductionUse, site


@dataclass(frozen=True)
class Wipeable:
    """The facts that a person should know before they mark the database.

    Attributes:
        database: the database's name; with SQLite, a file.
        content: what people made in it, in a few words.
        marked_for: the name of the site that it is marked for, or None.
        production_uses: the production sites that served from it.

    """

    database: str
    content: str
    marked_for: str | None
    production_uses: Sequence[ProductionUse]


def what_may_be_wiped() -> Wipeable:
    """Return the facts about the database."""
    return Wipeable(
        database=str(connection.settings_dict["NAME"]),
        content=site().content(),
        marked_for=Marker.objects.values_list("site_name", flat=True).first(),
        production_uses=site().production_uses(),
    )


def production_sites() -> list[str]:
    """Return the names of the production sites that served from the database."""
    return [use.site_name for use in site().production_uses()]


def mark() -> None:
    """Mark the database as the one of this site, from now on.

    A copy of another site's database gets a new identity.
    """
    with transaction.atomic():
        marker = Marker.objects.first() or Marker()
        marker.site_name = settings.SITE_NAME
        marker.marked_at = timezone.now()
        marker.identity = random_identity()
        marker.save()
