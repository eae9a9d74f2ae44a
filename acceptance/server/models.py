"""What a staging site knows about itself: that it may be wiped, and who is using it now."""

import uuid

from django.db import models
from django.utils import timezone

from superlists.environment_variables import HOST_NAME_LENGTH

HOLDER_LENGTH = 200
"""The most characters in which a run says who started it."""


def random_identity() -> str:
    """Return 32 hexadecimal digits that no other database has."""
    return uuid.uuid4().hex


class OnlyRow(models.Model):
    """A table that has one row or none, which the database itself sees to."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=models.Q(id=1), name="%(app_label)s_%(class)s_is_the_only_one"
            ),
        )


class Marker(OnlyRow):
    """Says that this database may be wiped, as long as it is the one of the site it names."""

    site_name = models.CharField(max_length=HOST_NAME_LENGTH)
    """The site's `SITENAME` when a person marked the database."""
    marked_at = models.DateTimeField(default=timezone.now)
    identity = models.CharField(max_length=32, default=random_identity)
    """Tells this database from every other one, whatever the name under which it is reached."""

    def __str__(self) -> str:
        return f"{self.site_name} may be wiped"


class Hold(OnlyRow):
    """Says which run of the acceptance suite has the site to itself."""

    run_id = models.CharField(max_length=32)
    holder = models.CharField(max_length=HOLDER_LENGTH)
    """Who started the run, for people to read, such as elspeth@laptop."""
    since = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"held by {self.holder} until {self.expires_at:%Y-%m-%d %H:%M:%S}"
