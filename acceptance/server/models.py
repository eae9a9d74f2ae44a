"""What a staging site knows about itself: that it may be wiped, and who is using it now."""

import uuid

from django.db import models
from django.utils import timezone

HOST_NAME_LENGTH = 253
"""The most characters in a host name, without a dot at its end (RFC 1035, 2.3.4)."""

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
    """The site's name when a person marked the database."""
    marked_at = models.DateTimeField(default=timezone.now)
    identity = models.CharField(max_length=32, default=random_identity)
    """Tells this database from every other one, whatever the name under which it is reached."""

    def __str__(self) -> str:
        return f"{self.site_name} may be wiped"


class Lease(OnlyRow):
    """Says which run of the acceptance suite has the site to itself."""

    run_id = models.CharField(max_length=32)
    holder = models.CharField(max_length=HOLDER_LENGTH)
    """Who started the run, for people to read, such as elspeth@laptop."""
    since = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        # Its table and constraint are called so on every staging server.
        db_table = "staging_hold"
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="staging_hold_is_the_only_one"),
        )

    def __str__(self) -> str:
        return f"leased by {self.holder} until {self.expires_at:%Y-%m-%d %H:%M:%S}"
