"""The marker, which permits emptying a staging site, and the lease of the run that uses it."""

import uuid

from django.db import models
from django.utils import timezone

HOST_NAME_LENGTH = 253
"""The most characters in a host name, without a dot at its end (RFC 1035, 2.3.4)."""

HOLDER_LENGTH = 200
"""The most characters in the name of the person who started a run."""


def random_identity() -> str:
    """Return 32 hexadecimal digits that no other database has."""
    return uuid.uuid4().hex


class OnlyRow(models.Model):
    """A table with one row at most, which a constraint in the database enforces."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=models.Q(id=1), name="%(app_label)s_%(class)s_is_the_only_one"
            ),
        )


class Marker(OnlyRow):
    """Permits emptying this database, as long as it is that of the site that the marker names."""

    site_name = models.CharField(max_length=HOST_NAME_LENGTH)
    """The site's name when a person marked the database."""
    marked_at = models.DateTimeField(default=timezone.now)
    identity = models.CharField(max_length=32, default=random_identity)
    """Identifies this database, whichever name it is reached by."""

    def __str__(self) -> str:
        return f"{self.site_name} may be emptied"


class Lease(OnlyRow):
    """The run of the acceptance suite that has exclusive use of the site."""

    run_id = models.CharField(max_length=32)
    holder = models.CharField(max_length=HOLDER_LENGTH)
    """The person who started the run, for people to read, such as elspeth@laptop."""
    since = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        # Every staging server has a table and a constraint with these names.
        db_table = "staging_hold"
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="staging_hold_is_the_only_one"),
        )

    def __str__(self) -> str:
        return f"leased by {self.holder} until {self.expires_at:%Y-%m-%d %H:%M:%S}"
