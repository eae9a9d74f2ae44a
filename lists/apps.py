from django.apps import AppConfig


class ListsConfig(AppConfig):
    """To-do lists: starting them, adding to them, sharing them."""

    name = "lists"
