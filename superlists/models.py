"""What a database knows about the sites that used it."""

from django.db import models

from superlists.environment_variables import HOST_NAME_LENGTH


class ProductionUse(models.Model):
    """Records that a production site used this database.

    The row outlasts the site, and is checked before the database is marked as one to be emptied.
    """

    site_name = models.CharField(max_length=HOST_NAME_LENGTH, unique=True)
    """The site's `SITENAME`."""
    first_started = models.DateTimeField()
    last_started = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.site_name} used this database"
