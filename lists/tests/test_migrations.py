"""What becomes of lists that are there when the site is upgraded, and rolled back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lists.models import Item, List

FIRST = [("lists", "0001_initial")]


@pytest.mark.django_db(transaction=True)
def test_lists_from_before_keep_their_items_and_their_name() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate(FIRST)
    try:
        old = executor.loader.project_state(FIRST).apps
        old_list = old.get_model("lists", "List").objects.create()
        for text in ("Buy milk", "Water the plants"):
            old.get_model("lists", "Item").objects.create(list=old_list, text=text)
    finally:
        MigrationExecutor(connection).migrate(latest)

    todo_list = List.objects.with_names().get(pk=old_list.pk)
    assert todo_list.shown_name == "Buy milk"
    assert [(item.text, item.is_done) for item in todo_list.items.all()] == [
        ("Buy milk", False),
        ("Water the plants", False),
    ]


@pytest.mark.django_db
def test_an_earlier_release_still_starts_lists(open_list: List) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lists_list (id, created_at) SELECT %s, created_at FROM lists_list",
            [open_list.pk.hex[::-1]],
        )
        cursor.execute(
            "INSERT INTO lists_item (list_id, text) SELECT id, %s FROM lists_list", ["Make tea"]
        )
    assert List.objects.filter(name="").count() == 2
    assert Item.objects.filter(text="Make tea", is_done=False).count() == 2
