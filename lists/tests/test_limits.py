"""How much may be written by visitors who are not logged in."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains

from accounts.limits import TooManyRequestsError, forget_clients
from lists.limits import admit_first_email, admit_sharing_email
from lists.models import Item, List
from lists.tests.reading import rows

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_limits(settings: Settings) -> None:
    settings.OPEN_LISTS_PER_CLIENT_PER_HOUR = 2
    settings.OPEN_ITEMS_PER_CLIENT_PER_HOUR = 3
    settings.TRUSTED_PROXIES = 1


def post(client: Client, address: str, text: str, network: str = "192.0.2.1") -> "Page":
    return client.post(address, {"text": text}, headers={"x-forwarded-for": network})


def test_a_visitor_starts_only_so_many_lists(client: Client) -> None:
    answers = [post(client, "/lists/new", "Buy milk") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assertContains(
        answers[-1],
        "Too many lists came from your network in the last hour. Please log in, or try again in 60"
        " minutes.",
        status_code=429,
    )
    assertContains(answers[-1], 'value="Buy milk"', status_code=429)
    assert 3590 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert List.objects.count() == 2


def test_a_visitor_adds_only_so_many_items(client: Client, open_list: List) -> None:
    address = open_list.get_absolute_url()

    answers = [post(client, address, text) for text in ("one", "two", "three", "four")]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assertContains(answers[-1], "Too many changes came from your network", status_code=429)
    assertContains(answers[-1], 'value="four"', status_code=429)
    assert 3590 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert rows(answers[-1]) == ["1: Buy milk", "2: one", "3: two", "4: three"]
    assert Item.objects.count() == 4


def test_others_go_on(client: Client, client_of_edith: Client, open_list: List) -> None:
    for number in range(5):
        post(client, "/lists/new", "Buy milk")
        post(client, open_list.get_absolute_url(), f"{number}")

    for who, network in ((client, "192.0.2.2"), (client_of_edith, "192.0.2.1")):
        assert post(who, "/lists/new", "Make tea", network).status_code == 302
        address = open_list.get_absolute_url()
        assert post(who, address, f"Hello from {network}", network).status_code == 302


def test_what_is_refused_anyway_does_not_count(client: Client) -> None:
    for _ in range(5):
        post(client, "/lists/new", "")

    assert post(client, "/lists/new", "Buy milk").status_code == 302


def test_a_change_that_is_refused_anyway_does_not_count(client: Client, open_list: List) -> None:
    address = open_list.get_absolute_url()
    item = open_list.items.get()
    for _ in range(5):
        post(client, address, "")
        post(client, f"{address}items/{item.pk}/edit", "")

    assert post(client, address, "Make tea").status_code == 302


def test_forgetting_clients_keeps_the_counts_of_owners_and_addresses(settings: Settings) -> None:
    settings.SHARING_EMAILS_PER_OWNER_PER_HOUR = 1
    admit_sharing_email("edith@example.com", "oni@example.com")

    forget_clients()

    with pytest.raises(TooManyRequestsError):
        admit_sharing_email("edith@example.com", "francis@example.com")


def test_forgetting_clients_keeps_the_counts_of_sharees(
    settings: Settings, open_list: List
) -> None:
    settings.SHARING_EMAILS_PER_ADDRESS_PER_HOUR = 1
    admit_sharing_email("edith@example.com", "oni@example.com")
    admit_first_email("oni@example.com", open_list.pk)

    forget_clients()

    with pytest.raises(TooManyRequestsError):
        admit_sharing_email("francis@example.com", "oni@example.com")
    with pytest.raises(TooManyRequestsError):
        admit_first_email("oni@example.com", open_list.pk)


def test_one_owner_causes_30_emails_about_shared_lists_an_hour() -> None:
    for number in range(30):
        admit_sharing_email("edith@example.com", f"friend{number}@example.com")

    with pytest.raises(TooManyRequestsError):
        admit_sharing_email("edith@example.com", "oni@example.com")


def test_one_address_gets_5_emails_about_shared_lists_an_hour() -> None:
    for number in range(5):
        admit_sharing_email(f"owner{number}@example.com", "oni@example.com")

    with pytest.raises(TooManyRequestsError):
        admit_sharing_email("edith@example.com", "oni@example.com")
