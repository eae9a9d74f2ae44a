from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: people, who are known by their email addresses, and how they log in."""

    name = "accounts"
