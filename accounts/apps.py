"""The app that knows people by their e-mail address."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
