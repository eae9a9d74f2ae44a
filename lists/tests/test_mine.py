from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from lists.models import List
from lists.tests.reading import heading, links, source, title

pytestmark = pytest.mark.django_db

MINE = "/my-lists/"
START = ("/", "Start a new list")


def link(todo_list: List, name: str) -> tuple[str, str]:
    return (todo_list.get_absolute_url(), name)


def test_a_visitor_is_asked_to_log_in(client: Client) -> None:
    assertRedirects(client.get(MINE), f"/accounts/log-in/?next={MINE}")


def test_the_page_is_headed_my_lists(client_of_edith: Client) -> None:
    page = client_of_edith.get(MINE)
    assert title(page) == "My Lists · To-Do lists"
    assert heading(page) == "My Lists"


def test_lists_are_named_by_their_first_item_newest_first(
    client_of_edith: Client, edith: User, list_of_edith: List
) -> None:
    list_of_edith.add("A second thing")
    older = List.objects.start("Click cows", edith)
    older.created_at = timezone.now() - timedelta(days=1)
    older.save()
    newest = List.objects.start("Buy <b>milk</b>", edith)
    assert links(client_of_edith.get(MINE)) == [
        link(newest, "Buy <b>milk</b>"),
        link(list_of_edith, "Buy peacock feathers"),
        link(older, "Click cows"),
        START,
    ]


def test_shared_lists_follow_with_their_owners(
    client_of_francis: Client, francis: User, list_of_edith: List
) -> None:
    own = List.objects.start("Clean the boat", francis)
    list_of_edith.share_with(francis.email)
    page = client_of_francis.get(MINE)
    assert links(page) == [
        link(own, "Clean the boat"),
        START,
        link(list_of_edith, "Buy peacock feathers"),
    ]
    assertContains(page, "from edith@example.com")


@pytest.mark.usefixtures("list_of_edith", "open_list")
def test_open_lists_and_lists_of_others_are_not_mine(client_of_francis: Client) -> None:
    page = client_of_francis.get(MINE)
    assert "peacock" not in source(page)
    assert "milk" not in source(page)


def test_a_person_without_lists_is_shown_a_way_on(client_of_edith: Client) -> None:
    page = client_of_edith.get(MINE)
    assertContains(page, "You have no lists yet.")
    assertContains(page, "No one has shared a list with you yet.")
    assert links(page) == [START]


def test_a_list_without_items_can_still_be_opened(client_of_edith: Client, edith: User) -> None:
    empty = List.objects.create(owner=edith)
    assert link(empty, "Empty list") in links(client_of_edith.get(MINE))


def test_many_lists_take_no_more_queries_than_one(
    client_of_edith: Client,
    edith: User,
    francis: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        List.objects.start(f"Own {number}", edith)
        List.objects.start(f"Shared {number}", francis).share_with(edith.email)
    # the session, its person, the own lists, the shared lists
    with django_assert_num_queries(4):
        client_of_edith.get(MINE)
