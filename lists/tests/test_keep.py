from uuid import UUID

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from lists.models import List
from lists.tests.reading import source, undo

pytestmark = pytest.mark.django_db

KEEP = "Keep this list</button>"


def keep(todo_list: List) -> str:
    return f"{todo_list.get_absolute_url()}keep"


def test_a_person_makes_an_open_list_their_own(
    client: Client, client_of_edith: Client, open_list: List, edith: User
) -> None:
    assertContains(client_of_edith.get(open_list.get_absolute_url()), KEEP)
    page = client_of_edith.post(keep(open_list), follow=True)
    assertRedirects(page, open_list.get_absolute_url())
    assertContains(page, "This list is yours now.")
    assert List.objects.get(pk=open_list.pk).owner == edith
    assert client.get(open_list.get_absolute_url()).status_code == 404


def test_keeping_is_undone(
    client: Client, client_of_edith: Client, open_list: List, edith: User
) -> None:
    other = List.objects.create(pk=UUID(int=0), owner=edith)
    address, data = undo(client_of_edith.post(keep(open_list), follow=True))
    page = client_of_edith.post(address, data, follow=True)
    assertContains(page, "This list is open again")
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(open_list.get_absolute_url()).status_code == 200


def test_a_list_that_has_been_shared_is_not_opened(
    client: Client, client_of_edith: Client, list_of_edith: List
) -> None:
    list_of_edith.share_with("francis@example.com")
    page = client_of_edith.post(f"{list_of_edith.get_absolute_url()}open", follow=True)
    assertContains(page, "This can no longer be undone")
    assert list_of_edith.shared_with.exists()
    assert client.get(list_of_edith.get_absolute_url()).status_code == 404


def test_pressing_undo_twice_leads_to_the_open_list(
    client_of_edith: Client, open_list: List
) -> None:
    page = client_of_edith.post(f"{open_list.get_absolute_url()}open")
    assertRedirects(page, open_list.get_absolute_url())


def test_a_visitor_is_asked_to_log_in_first(client: Client, open_list: List) -> None:
    page = client.get(open_list.get_absolute_url())
    assertNotContains(page, KEEP)
    assertContains(page, "the login link leads back to this page")
    answer = client.post(keep(open_list))
    assertRedirects(answer, f"/accounts/log-in/?next={keep(open_list)}")
    assert List.objects.get(pk=open_list.pk).owner is None


def test_a_list_with_an_owner_cannot_be_kept(
    client_of_francis: Client, list_of_edith: List, edith: User
) -> None:
    assert client_of_francis.post(keep(list_of_edith)).status_code == 404
    list_of_edith.share_with("francis@example.com")
    page = client_of_francis.post(keep(list_of_edith), follow=True)
    assertNotContains(page, "This list is yours now.")
    assert KEEP not in source(page)
    assert List.objects.get(pk=list_of_edith.pk).owner == edith


def test_only_the_owner_can_open_a_list(
    client: Client, client_of_francis: Client, list_of_edith: List, edith: User
) -> None:
    list_of_edith.share_with("francis@example.com")
    for visitor in (client, client_of_francis):
        address = f"{list_of_edith.get_absolute_url()}open"
        assert visitor.post(address).status_code == 404
    assert List.objects.get(pk=list_of_edith.pk).owner == edith


def test_a_visit_of_the_address_of_the_form_keeps_no_list(
    client_of_edith: Client, open_list: List
) -> None:
    client_of_edith.get(keep(open_list))
    assert List.objects.get().owner is None


@pytest.mark.parametrize("form", ["keep", "open"])
def test_the_address_of_the_form_leads_back_to_the_list(
    client_of_edith: Client, list_of_edith: List, form: str
) -> None:
    address = list_of_edith.get_absolute_url()
    assertRedirects(client_of_edith.get(f"{address}{form}"), address)
