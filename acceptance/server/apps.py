from django.apps import AppConfig


class StagingConfig(AppConfig):
    """The app that lets the acceptance suite wipe this site and fill it."""

    name = "acceptance.server"
    # Its tables and migrations are called so on every staging server.
    label = "staging"
