from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app that knows people by their e-mail address."""

    name = "accounts"
