"""Who may see a list, and what its page shows about them."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from lists.models import List
from lists.tests.reading import heading, rows, source, tag, texts, title

pytestmark = pytest.mark.django_db


def test_a_list_page_speaks_of_a_to_do_list(client: Client, open_list: List) -> None:
    page = client.get(open_list.get_absolute_url())
    assert title(page) == "Buy milk · To-Do lists"
    assert heading(page) == "To-Do list Buy milk"


def test_the_address_of_a_list_is_under_lists_and_random(client: Client) -> None:
    first, second = (client.post("/lists/new", {"text": "Buy milk"})["Location"] for _ in range(2))
    assert first != second
    assert uuid.UUID(first.removeprefix("/lists/").removesuffix("/")).version == 4


def test_a_list_of_a_visitor_has_no_owner_and_is_open_to_all(
    client: Client, client_of_edith: Client
) -> None:
    address = client.post("/lists/new", {"text": "Buy milk"})["Location"]
    assert List.objects.get().owner is None
    assert client_of_edith.post(address, {"text": "Make tea"}).status_code == 302
    assert rows(Client().get(address)) == ["1: Buy milk", "2: Make tea"]


def test_a_list_of_a_person_belongs_to_them(client_of_edith: Client, edith: User) -> None:
    page = client_of_edith.post("/lists/new", {"text": "Buy milk"}, follow=True)
    assert List.objects.get().owner == edith
    assert texts(page, "#id_list_owner") == ["edith@example.com"]


def test_no_one_else_sees_or_changes_a_list_with_an_owner(
    client: Client, client_of_francis: Client, list_of_edith: List
) -> None:
    address = list_of_edith.get_absolute_url()
    for stranger in (client, client_of_francis):
        for response in (
            stranger.get(address),
            stranger.post(address, {"text": "Buy milk"}),
            stranger.post(address, {"text": ""}),
            stranger.post(address + "share", {"sharee": "francis@example.com"}),
        ):
            assert response.status_code == 404
            assert "peacock" not in source(response)
            assert "edith" not in source(response)
    assert list_of_edith.items.count() == 1
    assert not list_of_edith.shared_with.exists()


def test_a_private_list_looks_like_one_that_does_not_exist(
    client: Client, list_of_edith: List
) -> None:
    there = client.get(list_of_edith.get_absolute_url())
    never = client.get(f"/lists/{uuid.uuid4()}/")
    for page in (there, never):
        assert page.status_code == 404
        assert heading(page) == "There is nothing here"


def test_the_people_it_is_shared_with_see_and_change_it(
    client_of_francis: Client, francis: User, list_of_edith: List
) -> None:
    list_of_edith.share_with(francis.email)
    address = list_of_edith.get_absolute_url()
    page = client_of_francis.post(address, {"text": "Make a fly"}, follow=True)
    assert rows(page) == ["1: Buy peacock feathers", "2: Make a fly"]
    assert texts(page, "#id_list_owner") == ["edith@example.com"]


def test_visible_lists_are_the_ownerless_the_own_and_the_shared_each_once(
    edith: User, francis: User, list_of_edith: List, open_list: List
) -> None:
    list_of_francis = List.objects.start("Clean the boat", francis)
    for address in (edith.email, "oni@example.com", "gus@example.com"):
        list_of_francis.share_with(address)
        list_of_edith.share_with(address)
    assert sorted(List.objects.visible_to(edith), key=str) == sorted(
        [list_of_edith, list_of_francis, open_list], key=str
    )
    assert sorted(List.objects.visible_to(francis), key=str) == sorted(
        [list_of_francis, open_list], key=str
    )
    assert list(List.objects.visible_to(AnonymousUser())) == [open_list]


def test_only_the_owner_is_offered_to_share(
    client_of_edith: Client, client_of_francis: Client, list_of_edith: List, open_list: List
) -> None:
    list_of_edith.share_with("francis@example.com")
    form = 'name="sharee"'
    assertContains(client_of_edith.get(list_of_edith.get_absolute_url()), form)
    assertNotContains(client_of_francis.get(list_of_edith.get_absolute_url()), form)
    assertNotContains(client_of_edith.get(open_list.get_absolute_url()), form)
    assertNotContains(Client().get(open_list.get_absolute_url()), form)


def test_a_person_who_opens_a_list_can_type_immediately(
    client_of_edith: Client, list_of_edith: List
) -> None:
    address = list_of_edith.get_absolute_url()
    assert " autofocus" in tag(client_of_edith.get(address), 'id="id_text"')
    refused_share = client_of_edith.post(address + "share", {"sharee": ""})
    assert " autofocus" not in tag(refused_share, 'id="id_text"')
    assert " autofocus" in tag(refused_share, 'id="id_sharee"')


def test_a_list_without_an_owner_names_none(client: Client, open_list: List) -> None:
    assertNotContains(client.get(open_list.get_absolute_url()), "id_list_owner")


@pytest.mark.parametrize("address", ["/lists/", "/lists/1/", "/lists/one/", "/lists/%00/"])
def test_an_address_that_is_none_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_list_page_asks_the_database_no_more_for_many_items(
    client_of_edith: Client,
    list_of_edith: List,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        list_of_edith.add(f"Item {number}")
        list_of_edith.share_with(f"friend{number}@example.com")
    # the session, its person, the list with its owner, the items, the people it is shared with
    with django_assert_num_queries(5):
        client_of_edith.get(list_of_edith.get_absolute_url())
