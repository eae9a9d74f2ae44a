"""What the database itself guarantees about lists, whichever program writes to it."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from lists.models import DuplicateItemError, Item, List
from lists.tests.reading import rows

pytestmark = pytest.mark.django_db

SHARES = List.shared_with.through


def insert(table: str, **values: Any) -> None:
    """Write a row without Django's models."""
    columns, places = ", ".join(values), ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            list(values.values()),
        )
    connection.check_constraints()


def assert_refuses(table: str, **values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(table, **values)


def key(model: User | List) -> Any:  # noqa: ANN401
    return (
        List._meta.pk.get_db_prep_value(model.pk, connection)
        if isinstance(model, List)
        else model.pk
    )


def a_list(**values: Any) -> dict[str, Any]:
    return {"id": uuid.uuid4().hex, "created_at": timezone.now(), "name": "", **values}


def test_a_list_has_each_text_once(open_list: List, list_of_edith: List) -> None:
    assert_refuses("lists_item", list_id=key(open_list), text="Buy milk", is_done=True)

    insert("lists_item", list_id=key(list_of_edith), text="Buy milk", is_done=False)
    insert("lists_item", list_id=key(open_list), text="buy milk", is_done=False)


@pytest.mark.parametrize("missing", ["list_id", "text", "is_done"])
def test_an_item_has_a_list_a_text_and_a_state(open_list: List, missing: str) -> None:
    item = {"list_id": key(open_list), "text": "Make tea", "is_done": False, missing: None}
    assert_refuses("lists_item", **item)


def test_an_item_belongs_to_a_list_that_exists() -> None:
    assert_refuses("lists_item", list_id=uuid.uuid4().hex, text="Make tea", is_done=False)


@pytest.mark.parametrize("missing", ["created_at", "name"])
def test_a_list_has_a_time_and_a_name(missing: str) -> None:
    assert_refuses("lists_list", **a_list(**{missing: None}))


def test_a_list_may_have_no_owner_but_none_that_does_not_exist(edith: User) -> None:
    for owner in (None, edith.pk):
        insert("lists_list", **a_list(owner_id=owner))
    assert_refuses("lists_list", **a_list(owner_id=edith.pk + 1))


def test_a_list_is_shared_once_with_each_person(list_of_edith: List, francis: User) -> None:
    share = {"list_id": key(list_of_edith), "user_id": francis.pk}
    insert("lists_list_shared_with", **share)
    assert_refuses("lists_list_shared_with", **share)


@pytest.mark.parametrize(("model", "field"), [(Item, "text"), (List, "name")])
def test_texts_have_at_most_255_characters(model: type[Item] | type[List], field: str) -> None:
    # SQLite does not check it, PostgreSQL does.
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, model._meta.db_table)
    assert {each.name: each.display_size for each in table}[field] == 255


def test_an_item_that_is_removed_never_shares_its_key_with_a_later_one(open_list: List) -> None:
    # Otherwise "Undo" would put nothing back.
    removed = open_list.add("Make tea")
    key_of_removed = removed.pk
    removed.remove()
    assert open_list.add("Drink it").pk > key_of_removed


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite can reverse what has no order")
def test_items_have_an_order_and_not_only_by_chance(client: Client, open_list: List) -> None:
    for text in ("Make tea", "Drink it"):
        open_list.add(text)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        try:
            page = client.get(open_list.get_absolute_url())
        finally:
            cursor.execute("PRAGMA reverse_unordered_selects = OFF")
    assert rows(page) == ["1: Buy milk", "2: Make tea", "3: Drink it"]


def test_a_list_is_named_after_one_item() -> None:
    # SQLite takes the first of several rows, PostgreSQL refuses them.
    assert "LIMIT 1)" in str(List.objects.with_names().query)


def test_a_person_who_is_deleted_takes_their_own_lists_along(
    list_of_edith: List, edith: User, francis: User
) -> None:
    list_of_edith.share_with(francis.email)
    list_of_francis = List.objects.start("Clean the boat", francis)
    list_of_francis.share_with(edith.email)

    edith.delete()

    assert List.objects.get() == list_of_francis
    assert [item.text for item in Item.objects.all()] == ["Clean the boat"]
    assert not SHARES.objects.exists()


def test_lists_and_items_have_names_for_developers(open_list: List) -> None:
    assert [str(open_list), str(open_list.items.get())] == [str(open_list.pk), "Buy milk"]


def test_a_list_that_cannot_get_its_first_item_is_not_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_list: List, _text: str) -> Item:
        raise IntegrityError

    monkeypatch.setattr(List, "add", fails)

    with pytest.raises(IntegrityError):
        List.objects.start("Buy milk", AnonymousUser())

    assert not List.objects.exists()


def test_an_edit_that_is_refused_leaves_the_transaction_around_it_usable(open_list: List) -> None:
    item = open_list.add("Make tea")
    with transaction.atomic():
        with pytest.raises(DuplicateItemError):
            item.change_text("Make tea", "Buy milk")
        open_list.add("Drink it")
    assert [item.text for item in open_list.items.all()] == ["Buy milk", "Make tea", "Drink it"]
