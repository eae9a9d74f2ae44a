from django.apps import AppConfig


class StagingConfig(AppConfig):
    """The app that lets the acceptance suite empty this site and fill it."""

    name = "acceptance.server"
    # Every staging server has tables and migrations with this name.
    label = "staging"
