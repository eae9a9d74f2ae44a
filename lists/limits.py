"""Limit how much people can write without logging in, and how many emails they can cause."""

from uuid import UUID

from django.conf import settings

from accounts.limits import Limit, admit, forget


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


def admit_first_email(address: str, list_id: UUID) -> None:
    """Count the email that tells a person about a list that is shared with them.

    Args:
        address: the person's canonical address.
        list_id: the id of the list.

    Raises:
        TooManyRequestsError: the person has got one about this list within an hour.

    """
    admit([_first_email(address, list_id)])


def forget_first_email(address: str, list_id: UUID) -> None:
    """Do not count an email about a list that was not sent, so that it is tried again."""
    forget(_first_email(address, list_id))


def _first_email(address: str, list_id: UUID) -> Limit:
    return Limit(f"address {address} about list {list_id}", 1)


def admit_sharing_email(owner: str, address: str) -> None:
    """Count one email about a shared list, whichever list it is.

    Args:
        owner: the canonical address of the person who shares the list.
        address: that of the person who gets the email.

    Raises:
        TooManyRequestsError: the hour before now has as many of these emails as the settings
            `SHARING_EMAILS_PER_OWNER_PER_HOUR` or `SHARING_EMAILS_PER_ADDRESS_PER_HOUR` allow.

    """
    admit(
        [
            Limit(f"address {owner} as owner", settings.SHARING_EMAILS_PER_OWNER_PER_HOUR),
            Limit(f"address {address} as sharee", settings.SHARING_EMAILS_PER_ADDRESS_PER_HOUR),
        ]
    )
