"""What may be put on a list, when it is started and later: the same rules for both."""

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from lists.models import DuplicateItemError, Item, List
from lists.tests.reading import elements, refusals, rows, source, tag, texts

if TYPE_CHECKING:
    from lists.tests.reading import Page

EMPTY = "You can't have an empty list item"
DUPLICATE = "You've already got this in your list"

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["a new list", "a list that is there"])
def address(request: pytest.FixtureRequest, open_list: List) -> str:
    return "/lists/new" if request.param == "a new list" else open_list.get_absolute_url()


def refused(client: Client, address: str, text: str) -> "Page":
    before = (List.objects.count(), Item.objects.count())
    response = client.post(address, {"text": text})
    assert response.status_code == 400
    assert (List.objects.count(), Item.objects.count()) == before
    return response


def test_items_are_numbered_in_the_order_they_came(client: Client, open_list: List) -> None:
    for text in ("Make tea", "Apologise", "42"):
        assert client.post(open_list.get_absolute_url(), {"text": text}).status_code == 302
    assert rows(client.get(open_list.get_absolute_url())) == [
        "1: Buy milk",
        "2: Make tea",
        "3: Apologise",
        "4: 42",
    ]


def test_white_space_around_an_item_is_dropped(client: Client, address: str) -> None:
    page = client.post(address, {"text": " \t Make  tea \n"}, follow=True)
    assert rows(page)[-1].endswith(": Make  tea")
    assert Item.objects.filter(text="Make  tea").exists()


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u00a0", "\u200b", "\u200b \u2060"])
def test_an_invisible_item_is_refused(client: Client, address: str, text: str) -> None:
    assert refusals(refused(client, address, text)) == [EMPTY]


def test_a_post_without_the_field_is_refused(client: Client, address: str) -> None:
    page = client.post(address, {"item": "Make tea"})
    assert page.status_code == 400
    assert refusals(page) == [EMPTY]


def test_the_longest_item_is_kept_whole(client: Client, address: str) -> None:
    page = client.post(address, {"text": "ü" * 255}, follow=True)
    assert rows(page)[-1].endswith(": " + "ü" * 255)


def test_a_longer_item_is_refused_with_the_limit_and_kept_in_the_field(
    client: Client, address: str
) -> None:
    page = refused(client, address, "x" * 256)
    assert refusals(page) == ["An item can have at most 255 characters, and this one has 256"]
    assert f'value="{"x" * 256}"' in tag(page, 'id="id_text"')


def test_a_null_character_is_refused(client: Client, address: str) -> None:
    assert refusals(refused(client, address, "Make\0tea")) == [
        "This item contains a character that cannot be saved. Please type it again"
    ]


def test_bytes_that_are_no_text_do_no_harm(client: Client, address: str) -> None:
    page = client.post(
        address,
        b"text=Make%ff%fetea%ed%a0%80",
        content_type="application/x-www-form-urlencoded",
        follow=True,
    )
    assert page.status_code == 200
    assert rows(page)[-1].startswith(("1: Make\ufffd", "2: Make\ufffd"))


def test_text_that_looks_like_markup_is_shown_as_text(client: Client, address: str) -> None:
    text = "<script>alert('x')</script><!-- \" & &amp; {{ 1 }}"
    page = client.post(address, {"text": text}, follow=True)
    assert rows(page)[-1].endswith(": " + text)
    assert "<script>alert" not in source(page)


def test_refused_text_that_looks_like_markup_stays_in_the_field(
    client: Client, address: str
) -> None:
    page = refused(client, address, '"><b>' + "x" * 255)
    assert 'value="&quot;&gt;&lt;b&gt;x' in source(page)


def test_a_refusal_is_tied_to_its_field(client: Client, address: str) -> None:
    page = refused(client, address, "")
    field = tag(page, 'id="id_text"')
    assert "is-invalid" in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_text_error"' in field
    assert texts(page, "#id_text_error") == [EMPTY]
    assert "clear_refusal_on_typing.js" in source(page)


def test_a_refusal_leaves_the_list_in_sight(client: Client, open_list: List) -> None:
    assert rows(refused(client, open_list.get_absolute_url(), "")) == ["1: Buy milk"]


def test_a_duplicate_is_refused_and_kept_in_the_field(client: Client, open_list: List) -> None:
    page = refused(client, open_list.get_absolute_url(), " Buy milk ")
    assert refusals(page) == [DUPLICATE]
    assert 'value=" Buy milk "' in tag(page, 'id="id_text"')
    assert rows(page) == ["1: Buy milk"]


@pytest.mark.usefixtures("open_list")
def test_two_lists_may_have_the_same_item(client: Client) -> None:
    page = client.post("/lists/new", {"text": "Buy milk"}, follow=True)
    assert rows(page) == ["1: Buy milk"]
    assert List.objects.count() == 2


def test_a_duplicate_leaves_the_transaction_around_it_usable(open_list: List) -> None:
    with transaction.atomic():
        with pytest.raises(DuplicateItemError):
            open_list.add("Buy milk")
        open_list.add("Make tea")
    assert [item.text for item in open_list.items.all()] == ["Buy milk", "Make tea"]


def test_items_of_other_lists_are_not_shown(client: Client, open_list: List) -> None:
    List.objects.start("Something else", AnonymousUser())
    assert rows(client.get(open_list.get_absolute_url())) == ["1: Buy milk"]


def test_adding_leads_back_to_the_list(client: Client, open_list: List) -> None:
    response = client.post(open_list.get_absolute_url(), {"text": "Make tea"})
    assert response.status_code == 302
    assert response["Location"] == open_list.get_absolute_url()


def test_what_was_added_is_announced_as_text(client: Client, open_list: List) -> None:
    address = open_list.get_absolute_url()
    page = client.post(address, {"text": " <b>Make</b> tea "}, follow=True)
    assert texts(page, ".added[role=status]") == ["Added “<b>Make</b> tea”."]
    assert not elements(client.get(address), "[role=status]")


def test_what_was_refused_is_to_be_typed_over(client: Client, address: str) -> None:
    assertNotContains(client.get("/"), "select_text.js")
    assertContains(refused(client, address, ""), "select_text.js", status_code=400)


def test_an_empty_list_is_said_to_be_empty(client: Client, open_list: List) -> None:
    empty = "This list is empty."
    assertNotContains(client.get(open_list.get_absolute_url()), empty)
    open_list.items.all().delete()
    assertContains(client.get(open_list.get_absolute_url()), empty)
