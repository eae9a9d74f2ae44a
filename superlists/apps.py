from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created


class SuperlistsConfig(AppConfig):
    """The project itself: what is neither about accounts nor about lists."""

    name = "superlists"

    def ready(self) -> None:
        """Make every connection of a production site end the permission to empty its database."""
        from superlists import permission_to_wipe  # noqa: PLC0415 (Django's apps are ready now)

        if settings.PRODUCTION_SITE:
            connection_created.connect(permission_to_wipe.end_on_connection)
