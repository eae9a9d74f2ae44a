"""A list is renamed and deleted."""

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from lists.models import Item, List
from lists.tests.reading import heading, links, refusals, rows, tag, title, undo

pytestmark = pytest.mark.django_db

RENAMES = "Rename this list"
DELETES = "Delete this list"


def name_of(todo_list: List) -> str:
    return List.objects.with_names().get(pk=todo_list.pk).shown_name


def address_of(todo_list: List, what: str) -> str:
    return f"{todo_list.get_absolute_url()}{what}"


def test_a_list_has_the_name_of_its_first_item(open_list: List) -> None:
    open_list.add("Water the plants")
    assert name_of(open_list) == "Buy milk"
    open_list.items.first().delete()  # type: ignore[union-attr]
    assert name_of(open_list) == "Water the plants"
    open_list.items.all().delete()
    assert name_of(open_list) == "Empty list"


def test_a_list_is_renamed(client_of_edith: Client, list_of_edith: List) -> None:
    address = address_of(list_of_edith, "rename")
    assert 'value="Buy peacock feathers"' in tag(client_of_edith.get(address), 'id="id_name"')
    page = client_of_edith.post(address, {"name": " Saturday "}, follow=True)
    assertRedirects(page, list_of_edith.get_absolute_url())
    assert heading(page) == "To-Do list Saturday"
    assertContains(page, "Renamed “Buy peacock feathers” to “Saturday”.")
    assert title(page) == "Saturday · To-Do lists"
    assert (list_of_edith.get_absolute_url(), "Saturday") in links(
        client_of_edith.get("/my-lists/")
    )


def test_the_name_no_longer_changes_with_the_first_item(
    client_of_edith: Client, list_of_edith: List
) -> None:
    client_of_edith.post(address_of(list_of_edith, "rename"), {"name": "Saturday"})
    list_of_edith.items.update(text="Buy milk")
    assert name_of(list_of_edith) == "Saturday"


def test_a_renaming_is_undone(client_of_edith: Client, list_of_edith: List) -> None:
    address = address_of(list_of_edith, "rename")
    page = client_of_edith.post(address, {"name": "Saturday"}, follow=True)
    undo_address, data = undo(page)
    page = client_of_edith.post(undo_address, data, follow=True)
    assert heading(page) == "To-Do list Buy peacock feathers"
    list_of_edith.items.update(text="Buy milk")
    assert name_of(list_of_edith) == "Buy milk"


def test_a_name_that_is_left_as_it_is_changes_with_the_first_item(
    client_of_edith: Client, list_of_edith: List
) -> None:
    page = client_of_edith.post(
        address_of(list_of_edith, "rename"), {"name": "Buy peacock feathers"}, follow=True
    )
    assertNotContains(page, "Renamed")
    list_of_edith.items.update(text="Buy milk")
    assert name_of(list_of_edith) == "Buy milk"


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_without_a_name_a_list_has_that_of_its_first_item(
    client_of_edith: Client, list_of_edith: List, name: str
) -> None:
    List.objects.update(name="Saturday")
    client_of_edith.post(address_of(list_of_edith, "rename"), {"name": name})
    assert name_of(list_of_edith) == "Buy peacock feathers"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("x" * 256, "A name can have at most 255 characters, and this one has 256"),
        (
            "Satur\0day",
            "This name contains a character that cannot be saved. Please type it again",
        ),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_kept(
    client_of_edith: Client, list_of_edith: List, name: str, refusal: str
) -> None:
    page = client_of_edith.post(address_of(list_of_edith, "rename"), {"name": name})
    assert page.status_code == 400
    assert refusals(page) == [refusal]
    assert f'value="{name}"' in tag(page, 'id="id_name"')
    assert name_of(list_of_edith) == "Buy peacock feathers"


def test_only_the_owner_renames_and_deletes_a_list(
    client: Client, client_of_francis: Client, list_of_edith: List, francis: User
) -> None:
    list_of_edith.share_with("oni@example.com")
    for visitor in (client, client_of_francis):
        for what in ("rename", "delete"):
            address = address_of(list_of_edith, what)
            for response in (visitor.get(address), visitor.post(address, {"name": "Mine"})):
                assert response.status_code == 404
        list_of_edith.share_with(francis.email)
    page = client_of_francis.get(list_of_edith.get_absolute_url())
    assertNotContains(page, RENAMES)
    assertNotContains(page, DELETES)
    assert name_of(list_of_edith) == "Buy peacock feathers"


def test_anyone_renames_a_list_without_an_owner_and_no_one_deletes_it(
    client: Client, client_of_edith: Client, open_list: List
) -> None:
    for visitor in (client, client_of_edith):
        page = visitor.post(address_of(open_list, "rename"), {"name": str(visitor)}, follow=True)
        assertContains(page, RENAMES)
        assertNotContains(page, DELETES)
        for response in (
            visitor.get(address_of(open_list, "delete")),
            visitor.post(address_of(open_list, "delete")),
        ):
            assert response.status_code == 404
    assert name_of(open_list) == str(client_of_edith)


def test_a_visitor_renames_only_so_often(
    client: Client, open_list: List, settings: Settings
) -> None:
    settings.OPEN_ITEMS_PER_CLIENT_PER_HOUR = 1
    answers = [
        client.post(address_of(open_list, "rename"), {"name": name}) for name in ("one", "two")
    ]
    assert [answer.status_code for answer in answers] == [302, 429]
    assertContains(answers[-1], "Too many changes came from your network", status_code=429)
    assert 3590 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert 'value="two"' in tag(answers[-1], 'id="id_name"')
    assert name_of(open_list) == "one"


def test_the_question_says_what_would_be_deleted(
    client_of_edith: Client, list_of_edith: List
) -> None:
    address = address_of(list_of_edith, "delete")
    page = client_of_edith.get(address)
    assert heading(page) == "Delete “Buy peacock feathers”?"
    assertContains(page, "The list has 1 item.")
    assertNotContains(page, "shared")
    assert links(page) == [(list_of_edith.get_absolute_url(), "Keep the list")]

    list_of_edith.add("Make a fly")
    list_of_edith.share_with("francis@example.com")
    page = client_of_edith.get(address)
    assertContains(page, "The list has 2 items.")
    assertContains(page, "The person it is shared with will no longer see it.")

    list_of_edith.share_with("oni@example.com")
    page = client_of_edith.get(address)
    assertContains(page, "The people it is shared with will no longer see it.")
    assert List.objects.count() == 1


def test_a_deleted_list_is_gone_for_everyone(
    client_of_edith: Client, client_of_francis: Client, list_of_edith: List
) -> None:
    other = List.objects.start("Click cows", list_of_edith.owner)  # type: ignore[arg-type]
    list_of_edith.share_with("francis@example.com")
    page = client_of_edith.post(address_of(list_of_edith, "delete"), follow=True)
    assertRedirects(page, "/my-lists/")
    assertContains(page, "Deleted “Buy peacock feathers”.")
    assert List.objects.get() == other
    assert [item.text for item in Item.objects.all()] == ["Click cows"]
    for visitor in (client_of_edith, client_of_francis):
        assert visitor.get(list_of_edith.get_absolute_url()).status_code == 404
    assert rows(client_of_edith.get(other.get_absolute_url())) == ["1: Click cows"]
