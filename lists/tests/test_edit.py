"""An item is edited, removed, and put back."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from lists.models import Item, List
from lists.tests.reading import refusals, rows, source, tag, undo

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db

GONE = "This item is no longer on the list."


@pytest.fixture
def item(open_list: List) -> Item:
    open_list.add("Water the plants")
    return open_list.items.first()  # type: ignore[return-value]


def address_of(item: Item, what: str) -> str:
    return f"{item.list.get_absolute_url()}items/{item.pk}/{what}"


def edit(client: Client, item: Item, text: str, seen: str = "Buy milk") -> "Page":
    return client.post(address_of(item, "edit"), {"text": text, "seen": seen}, follow=True)


def remove(client: Client, item: Item) -> "Page":
    return client.post(address_of(item, "remove"), follow=True)


def test_each_item_has_ways_to_edit_and_remove_it_named_by_its_text(
    client: Client, item: Item
) -> None:
    page = client.get(item.list.get_absolute_url())
    assert address_of(item, "edit") in tag(page, 'aria-label="Edit Buy milk"')
    assert address_of(item, "remove") in tag(page, 'aria-label="Remove Buy milk"')


def test_the_field_holds_the_text_and_takes_the_keys(client: Client, item: Item) -> None:
    field = tag(client.get(address_of(item, "edit")), 'name="text"')
    assert 'value="Buy milk"' in field
    assert " autofocus" in field
    assert " required" in field


def test_an_edited_item_keeps_its_place(client: Client, item: Item) -> None:
    page = edit(client, item, " Buy oat milk ")
    assertRedirects(page, f"{item.list.get_absolute_url()}#id_item_{item.pk}")
    assert rows(page) == ["1: Buy oat milk", "2: Water the plants"]
    assertContains(page, "Changed “Buy milk” to “Buy oat milk”.")


def test_an_edit_is_undone(client: Client, item: Item) -> None:
    address, data = undo(edit(client, item, "Buy oat milk"))
    assert rows(client.post(address, data, follow=True)) == ["1: Buy milk", "2: Water the plants"]


def test_an_edit_that_changes_nothing_is_not_reported(client: Client, item: Item) -> None:
    page = edit(client, item, "Buy milk")
    assert rows(page) == ["1: Buy milk", "2: Water the plants"]
    assertNotContains(page, "Changed")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("  ", "You can't have an empty list item"),
        ("Water the plants", "You've already got this in your list"),
        ("x" * 256, "An item can have at most 255 characters, and this one has 256"),
    ],
)
def test_an_edit_is_refused_as_a_new_item_is(
    client: Client, item: Item, text: str, refusal: str
) -> None:
    page = edit(client, item, text)
    assert page.status_code == 400
    assert refusals(page) == [refusal]
    assert f'value="{text}"' in tag(page, 'name="text"')
    item.refresh_from_db()
    assert item.text == "Buy milk"


def test_an_item_that_someone_else_has_edited_is_not_overwritten(
    client: Client, client_of_edith: Client, item: Item
) -> None:
    edit(client_of_edith, item, "Buy rye bread")
    page = edit(client, item, "Buy oat milk")
    assert page.status_code == 409
    (refusal,) = refusals(page)
    assert refusal.startswith("Someone else has changed this item to “Buy rye bread”. Save again")
    assert 'value="Buy oat milk"' in tag(page, 'name="text"')
    assert 'value="Buy rye bread"' in tag(page, 'name="seen"')
    edit(client, item, "Buy oat milk", seen="Buy rye bread")
    item.refresh_from_db()
    assert item.text == "Buy oat milk"


def test_nor_is_it_after_a_text_was_refused(
    client: Client, client_of_edith: Client, item: Item
) -> None:
    edit(client_of_edith, item, "Buy rye bread")
    page = edit(client, item, "")
    assert page.status_code == 400
    assert 'value="Buy milk"' in tag(page, 'name="seen"')


@pytest.mark.parametrize("text", ["Buy\nbread", " Buy bread"])
def test_an_item_that_a_program_has_added_is_edited(
    client: Client, open_list: List, text: str
) -> None:
    item = open_list.add(text)
    # Browsers send line breaks so.
    seen = text.replace("\n", "\r\n")
    assert edit(client, item, "Buy bread", seen=seen).status_code == 200
    item.refresh_from_db()
    assert item.text == "Buy bread"


def test_the_text_for_an_item_that_has_gone_is_kept(client: Client, item: Item) -> None:
    address = address_of(item, "edit")
    item.delete()
    page = client.post(address, {"text": "Buy oat milk", "seen": "Buy milk"})
    assert page.status_code == 409
    assert refusals(page) == [f"{GONE} To keep your text, add it as a new item."]
    assert 'value="Buy oat milk"' in tag(page, 'id="id_text"')
    assert rows(page) == ["1: Water the plants"]


@pytest.mark.parametrize("what", ["edit", "remove"])
def test_an_item_is_not_changed_by_way_of_another_list(
    client: Client, item: Item, list_of_edith: List, what: str
) -> None:
    foreign = list_of_edith.items.get()
    address = f"{item.list.get_absolute_url()}items/{foreign.pk}/{what}"
    page = client.post(address, {"text": "", "seen": foreign.text})
    assert page.status_code == 404
    assert foreign.text not in source(page)
    assert "peacock" not in source(client.get(address, follow=True))
    foreign.refresh_from_db()


def test_an_item_that_has_gone_is_reported(client: Client, item: Item) -> None:
    addresses = {what: address_of(item, what) for what in ("edit", "remove")}
    item.delete()
    for page in (
        client.get(addresses["edit"]),
        client.post(addresses["edit"], {"text": "", "seen": "Buy milk"}),
        client.post(addresses["remove"]),
    ):
        assertContains(page, GONE, status_code=404)
        assert rows(page) == ["1: Water the plants"]


def test_a_removed_item_is_deleted_and_reported(client: Client, item: Item) -> None:
    page = remove(client, item)
    assert rows(page) == ["1: Water the plants"]
    assertContains(page, "Removed “Buy milk”.")
    assert not Item.objects.filter(pk=item.pk).exists()


@pytest.mark.parametrize("is_done", [True, False])
def test_a_removal_is_undone_however_often(client: Client, item: Item, *, is_done: bool) -> None:
    Item.objects.filter(pk=item.pk).update(is_done=is_done)
    address, data = undo(remove(client, item))
    for _ in range(2):
        page = client.post(address, data, follow=True)
        assert rows(page) == ["1: Buy milk", "2: Water the plants"]
        assert (" checked" in tag(page, f'id="id_item_{item.pk}"')) == is_done


def test_a_removal_is_not_undone_while_the_list_has_the_text(client: Client, item: Item) -> None:
    address, data = undo(remove(client, item))
    item.list.add("Buy milk")
    page = client.post(address, data)
    assertContains(page, "You&#x27;ve already got this in your list", status_code=409)
    assert rows(page) == ["1: Water the plants", "2: Buy milk"]


def test_an_item_returns_to_no_other_list(
    client_of_edith: Client, list_of_edith: List, item: Item
) -> None:
    _, data = undo(remove(client_of_edith, item))
    for removed in (data, {"removed": "made up"}, {}):
        page = client_of_edith.post(f"{list_of_edith.get_absolute_url()}items/restore", removed)
        assertContains(page, "This can no longer be undone.", status_code=400)
    assert list_of_edith.items.count() == 1


def test_a_report_shows_markup_as_text(client: Client, item: Item) -> None:
    page = edit(client, item, "<b>Buy</b> milk")
    assertContains(page, "to “&lt;b&gt;Buy&lt;/b&gt; milk”.")
    assert "<b>Buy" not in source(page)


def test_only_those_who_see_a_list_change_its_items(
    client: Client, client_of_francis: Client, list_of_edith: List, francis: User
) -> None:
    item = list_of_edith.items.get()
    for stranger in (client, client_of_francis):
        for response in (
            stranger.get(address_of(item, "edit")),
            edit(stranger, item, "Buy milk", seen=item.text),
            remove(stranger, item),
            stranger.post(f"{list_of_edith.get_absolute_url()}items/restore"),
        ):
            assert response.status_code == 404
            assert "peacock" not in source(response)
    item.refresh_from_db()
    assert item.text == "Buy peacock feathers"

    list_of_edith.share_with(francis.email)
    assert rows(edit(client_of_francis, item, "Buy milk", seen=item.text)) == ["1: Buy milk"]
    assert rows(remove(client_of_francis, item)) == []


def test_a_visitor_makes_only_so_many_changes(
    client: Client, item: Item, settings: Settings
) -> None:
    settings.OPEN_ITEMS_PER_CLIENT_PER_HOUR = 2
    edit(client, item, "one")
    _, data = undo(remove(client, item.list.items.last()))  # type: ignore[arg-type]
    for answer in (
        edit(client, item, "two", seen="one"),
        remove(client, item),
        client.post(f"{item.list.get_absolute_url()}items/restore", data),
    ):
        assertContains(answer, "Too many changes came from your network", status_code=429)
        assert 3590 < int(answer.headers["Retry-After"]) <= 3600
    assert [each.text for each in item.list.items.all()] == ["one"]


@pytest.mark.parametrize("what", ["remove", "restore"])
def test_the_address_of_a_button_leads_back_to_the_list(
    client: Client, item: Item, what: str
) -> None:
    path = f"{item.pk}/remove" if what == "remove" else what
    page = client.get(f"{item.list.get_absolute_url()}items/{path}")
    assertRedirects(page, item.list.get_absolute_url())
