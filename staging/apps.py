from django.apps import AppConfig


class StagingConfig(AppConfig):
    """The app that lets the acceptance suite wipe this site and fill it."""

    name = "staging"
