"""Limit how much people can write who are not logged in."""

from django.conf import settings

from accounts.limits import Limit, admit


def admit_open_list(client: str) -> None:
    """Count one list that someone starts without being logged in.

    Args:
        client: the client, as `accounts.clients.client_of` returns it.

    Raises:
        TooManyRequestsError: this client has started as many within an hour as the setting
            `OPEN_LISTS_PER_CLIENT_PER_HOUR` allows.

    """
    admit([Limit(f"open lists by {client}", settings.OPEN_LISTS_PER_CLIENT_PER_HOUR)])


def admit_open_change(client: str) -> None:
    """Count one change of a list by someone who is not logged in, such as an item added.

    Args:
        client: the client, as `accounts.clients.client_of` returns it.

    Raises:
        TooManyRequestsError: this client has made as many within an hour as the setting
            `OPEN_ITEMS_PER_CLIENT_PER_HOUR` allows.

    """
    admit([Limit(f"open items by {client}", settings.OPEN_ITEMS_PER_CLIENT_PER_HOUR)])
