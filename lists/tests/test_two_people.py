"""What two people do to each other who change the same list at the same time.

Each test lets the second person act at a known point of what the first one does, so that it always
takes the same course.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from lists.models import Item, List
from lists.tests.reading import refusals, rows, sharees, tag, undo

# A transaction around each test would hide those of the site.
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def before_next_transaction(act: Callable[[], object]) -> Iterator[None]:
    """Act once, immediately before the site begins a transaction."""
    begin, acts = connection.set_autocommit, [act]

    def interrupt(autocommit: bool, *further: bool, **named: bool) -> None:  # noqa: FBT001
        if acts and not autocommit:
            acts.pop()()
        begin(autocommit, *further, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "set_autocommit", interrupt)
        yield
    assert not acts, "there was no transaction"


@contextmanager
def before(beginning: str, act: Callable[[], object]) -> Iterator[None]:
    """Act once, immediately before the database gets the first statement that begins so."""
    acts = [act]

    def interrupt(execute: Callable[..., Any], sql: str, *statement: object) -> object:
        if acts and sql.startswith(beginning):
            acts.pop()()
        return execute(sql, *statement)

    with connection.execute_wrapper(interrupt):
        yield
    assert not acts, f"there was no {beginning}"


def edit(client: Client, item: Item, text: str, seen: str) -> Any:  # noqa: ANN401
    address = f"{item.list.get_absolute_url()}items/{item.pk}/edit"
    return client.post(address, {"text": text, "seen": seen}, follow=True)


@pytest.fixture
def item(open_list: List) -> Item:
    return open_list.items.get()


def test_an_edit_shows_the_text_that_someone_else_has_just_saved(
    client: Client, item: Item
) -> None:
    with before_next_transaction(lambda: Item.objects.update(text="Buy rye bread")):
        page = edit(client, item, "Buy oat milk", "Buy milk")

    assert page.status_code == 409
    (refusal,) = refusals(page)
    assert refusal.startswith("Someone else has changed this item to “Buy rye bread”.")
    assert 'value="Buy rye bread"' in tag(page, 'name="seen"')
    assert Item.objects.get().text == "Buy rye bread"


def test_an_edit_reports_that_someone_else_has_just_removed_the_item(
    client: Client, item: Item
) -> None:
    with before_next_transaction(lambda: Item.objects.all().delete()):
        page = edit(client, item, "Buy oat milk", "Buy milk")

    assert page.status_code == 409
    assert refusals(page) == [
        "This item is no longer on the list. To keep your text, add it as a new item."
    ]
    assert 'value="Buy oat milk"' in tag(page, 'id="id_text"')


def test_an_edit_that_someone_else_has_made_as_well_is_no_conflict(
    client: Client, client_of_edith: Client, item: Item
) -> None:
    for one in (client, client_of_edith):
        page = edit(one, item, "Buy oat milk", "Buy milk")
        assert rows(page) == ["1: Buy oat milk"]
        assertContains(page, "Changed “Buy milk” to “Buy oat milk”.")


def test_an_edit_without_the_text_that_was_seen_replaces_nothing(
    client: Client, item: Item
) -> None:
    address = f"{item.list.get_absolute_url()}items/{item.pk}/edit"

    assert client.post(address, {"text": "Buy oat milk"}).status_code == 409

    item.refresh_from_db()
    assert item.text == "Buy milk"


def test_undoing_an_edit_replaces_no_later_text(
    client: Client, client_of_edith: Client, item: Item
) -> None:
    address, data = undo(edit(client, item, "Buy oat milk", "Buy milk"))
    edit(client_of_edith, item, "Buy rye bread", "Buy oat milk")

    page = client.post(address, data)

    assert page.status_code == 409
    assert 'value="Buy milk"' in tag(page, 'id="id_text"')
    item.refresh_from_db()
    assert item.text == "Buy rye bread"


def test_an_edit_is_undone_however_often_the_button_is_pressed(client: Client, item: Item) -> None:
    address, data = undo(edit(client, item, "Buy oat milk", "Buy milk"))
    for _ in range(2):
        assert rows(client.post(address, data, follow=True)) == ["1: Buy milk"]


def test_an_item_that_someone_else_has_just_added_is_refused(
    client: Client, open_list: List
) -> None:
    with before_next_transaction(lambda: open_list.add("Make tea")):
        page = client.post(open_list.get_absolute_url(), {"text": "Make tea"})

    assert refusals(page) == ["You've already got this in your list"]
    assert rows(page) == ["1: Buy milk", "2: Make tea"]


def test_a_removal_that_someone_else_has_just_undone_is_undone(
    client_of_edith: Client, open_list: List, item: Item
) -> None:
    record = item.remove()
    address = f"{open_list.get_absolute_url()}items/restore"

    with before_next_transaction(lambda: open_list.restore(record)):
        page = client_of_edith.post(address, {"removed": record}, follow=True)

    assert page.status_code == 200
    assert rows(page) == ["1: Buy milk"]


def test_a_list_that_someone_else_has_just_kept_stays_theirs(
    client_of_francis: Client, open_list: List, edith: User
) -> None:
    with before('UPDATE "lists_list"', lambda: open_list.keep_for(edith)):
        page = client_of_francis.post(f"{open_list.get_absolute_url()}keep", follow=True)

    assert page.status_code == 404
    assertNotContains(page, "This list is yours now.", status_code=404)
    assert List.objects.get().owner == edith


def test_a_list_that_someone_else_has_kept_since_is_not_opened_again(
    open_list: List, edith: User, francis: User
) -> None:
    open_list.keep_for(edith)
    kept = List.objects.get()
    List.objects.update(owner=francis)

    assert not kept.open()

    assert List.objects.get().owner == francis


def test_a_list_that_has_just_been_shared_is_not_opened_again(
    client_of_edith: Client, list_of_edith: List, edith: User
) -> None:
    address = f"{list_of_edith.get_absolute_url()}open"

    with before_next_transaction(lambda: list_of_edith.share_with("oni@example.com")):
        page = client_of_edith.post(address, follow=True)

    assertContains(page, "This can no longer be undone, because you have shared the list since.")
    assert sharees(page) == ["oni@example.com"]
    assert List.objects.get().owner == edith


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The queries that lock rows on PostgreSQL; outside of a transaction, Django refuses them."""
    for feature in ("has_select_for_update", "has_select_for_update_of"):
        monkeypatch.setattr(connection.features, feature, True)
    locking: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *statement: object) -> object:
        query, lock, rows = sql.partition(" FOR UPDATE")
        if lock:
            locking.append(rows)
        # SQLite, which has no such locks, lets one transaction write at a time.
        return execute(query, *statement)

    with connection.execute_wrapper(note):
        yield locking


def test_no_one_gives_a_list_up_while_it_is_being_shared(
    client_of_edith: Client, list_of_edith: List, locks: list[str]
) -> None:
    address = list_of_edith.get_absolute_url()
    client_of_edith.get(address)
    assert locks == []
    client_of_edith.post(f"{address}share", {"sharee": "oni@example.com"})
    # The list, without its owner.
    assert locks == [' OF "lists_list"']


def test_no_one_shares_a_list_while_it_is_being_given_up(
    client_of_edith: Client, list_of_edith: List, locks: list[str]
) -> None:
    client_of_edith.post(f"{list_of_edith.get_absolute_url()}open")
    assert len(locks) == 1
    assert List.objects.get().owner is None


def test_a_person_who_has_just_logged_in_for_the_first_time_can_be_shared_with(
    list_of_edith: List,
) -> None:
    with before_next_transaction(lambda: User.objects.create(email="oni@x.example")):
        list_of_edith.share_with("oni@x.example")

    assert list_of_edith.is_shared_with("oni@x.example")
    assert User.objects.filter(email="oni@x.example").count() == 1
