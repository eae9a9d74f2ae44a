"""An item is ticked off, and unticked."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from lists.models import Item, List
from lists.tests.reading import rows, tag, texts

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db

DONE = {"done": "on"}


@pytest.fixture
def item(open_list: List) -> Item:
    return open_list.items.get()


def tick_address(item: Item) -> str:
    return f"{item.list.get_absolute_url()}items/{item.pk}/tick"


def is_done(item: Item) -> bool:
    item.refresh_from_db()
    return item.is_done


def check_box(page: "Page", item: Item) -> str:
    return tag(page, f'id="id_item_{item.pk}"')


def test_an_item_has_a_check_box_named_by_its_text(client: Client, item: Item) -> None:
    page = client.get(item.list.get_absolute_url())
    assert 'type="checkbox"' in check_box(page, item)
    assert " checked" not in check_box(page, item)
    assert texts(page, f"label[for=id_item_{item.pk}]") == ["Buy milk"]


def test_an_item_is_ticked_off_and_unticked(client: Client, item: Item) -> None:
    for data, done in ((DONE, True), (DONE, True), ({}, False), ({}, False)):
        page = client.post(tick_address(item), data, follow=True)
        assert is_done(item) == done
        assert (" checked" in check_box(page, item)) == done
        assert rows(page) == ["1: Buy milk"]


def test_the_others_stay_as_they_are(client: Client, item: Item) -> None:
    other = item.list.add("Make tea")
    client.post(tick_address(item), DONE)
    assert not is_done(other)


def test_the_browser_returns_to_the_check_box(client: Client, item: Item) -> None:
    assertRedirects(
        client.post(tick_address(item), DONE),
        f"{item.list.get_absolute_url()}#id_item_{item.pk}",
    )


def test_an_item_that_has_gone_is_reported(client: Client, item: Item) -> None:
    address = tick_address(item)
    item.delete()
    page = client.post(address, DONE)
    assertContains(page, "This item is no longer on the list.", status_code=404)


def test_an_item_of_another_list_is_not_ticked_off(
    client_of_francis: Client, list_of_edith: List, item: Item
) -> None:
    foreign = list_of_edith.items.get()
    address = f"{item.list.get_absolute_url()}items/{foreign.pk}/tick"
    assert client_of_francis.post(address, DONE).status_code == 404
    assert not is_done(foreign)


def test_only_those_who_see_a_list_tick_off_its_items(
    client: Client,
    client_of_edith: Client,
    client_of_francis: Client,
    list_of_edith: List,
    francis: User,
) -> None:
    item = list_of_edith.items.get()
    for stranger in (client, client_of_francis):
        response = stranger.post(tick_address(item), DONE)
        assert response.status_code == 404
        assert "peacock" not in response.content.decode()
    assert not is_done(item)

    list_of_edith.share_with(francis.email)
    for person, data in ((client_of_francis, DONE), (client_of_edith, {})):
        person.post(tick_address(item), data)
        assert is_done(item) == bool(data)


def test_a_visitor_ticks_off_only_so_many_items(
    client: Client, client_of_edith: Client, item: Item, settings: Settings
) -> None:
    settings.OPEN_ITEMS_PER_CLIENT_PER_HOUR = 2
    answers = [client.post(tick_address(item), data) for data in (DONE, {}, DONE)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assertContains(answers[-1], "Too many changes came from your network", status_code=429)
    assert 3590 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert not is_done(item)

    assert client_of_edith.post(tick_address(item), DONE).status_code == 302


def test_the_address_of_the_form_leads_back_to_the_list(client: Client, item: Item) -> None:
    assertRedirects(client.get(tick_address(item)), item.list.get_absolute_url())
