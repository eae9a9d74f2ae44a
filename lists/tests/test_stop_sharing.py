import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from lists.models import List
from lists.tests.reading import elements, sharees, source, undo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared_list(list_of_edith: List) -> List:
    for friend in ("francis@example.com", "oni@example.com"):
        list_of_edith.share_with(friend)
    return list_of_edith


@pytest.fixture
def address(shared_list: List) -> str:
    return f"{shared_list.get_absolute_url()}stop-sharing"


def test_each_person_has_a_button_that_names_them(
    client_of_edith: Client, shared_list: List
) -> None:
    page = client_of_edith.get(shared_list.get_absolute_url())
    buttons = elements(page, "button[name=person]")
    assert [each.attr("value") for each in buttons] == ["francis@example.com", "oni@example.com"]
    assert all(f" with {each.attr('value')}" in each.text for each in buttons)


def test_a_person_can_no_longer_see_the_list(
    client_of_edith: Client, client_of_francis: Client, shared_list: List, address: str
) -> None:
    page = client_of_edith.post(address, {"person": "francis@example.com"}, follow=True)
    assertRedirects(page, shared_list.get_absolute_url())
    assert sharees(page) == ["oni@example.com"]
    assertContains(page, "francis@example.com can no longer see this list.")
    assert client_of_francis.get(shared_list.get_absolute_url()).status_code == 404


def test_undo_shares_again(client_of_edith: Client, shared_list: List, address: str) -> None:
    page = client_of_edith.post(address, {"person": "francis@example.com"}, follow=True)
    undo_address, data = undo(page)
    page = client_of_edith.post(undo_address, data, follow=True)
    assert sharees(page) == ["francis@example.com", "oni@example.com"]


@pytest.mark.parametrize("person", ["", "<b>", "edith@example.com", "no-one@example.com", "\0"])
def test_naming_a_person_who_does_not_share_the_list_changes_nothing(
    client_of_edith: Client, address: str, person: str
) -> None:
    page = client_of_edith.post(address, {"person": person}, follow=True)
    assert page.status_code == 200
    assert sharees(page) == ["francis@example.com", "oni@example.com"]
    assertNotContains(page, "can no longer see")


def test_only_the_owner_can_stop_sharing(
    client: Client, client_of_francis: Client, shared_list: List, address: str
) -> None:
    for visitor in (client, client_of_francis):
        assert visitor.post(address, {"person": "oni@example.com"}).status_code == 404
    page = client_of_francis.get(shared_list.get_absolute_url())
    assert 'name="person"' not in source(page)
    assert shared_list.shared_with.count() == 2


def test_the_address_of_the_form_leads_back_to_the_list(
    client_of_edith: Client, client_of_francis: Client, shared_list: List, address: str
) -> None:
    for visitor in (client_of_edith, client_of_francis):
        assertRedirects(visitor.get(address), shared_list.get_absolute_url())
