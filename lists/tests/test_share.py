from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from lists.models import List
from lists.tests.reading import refusals, rows, sharees, tag

if TYPE_CHECKING:
    from lists.tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(list_of_edith: List) -> str:
    return f"{list_of_edith.get_absolute_url()}share"


def share(client: Client, address: str, sharee: str) -> "Page":
    return client.post(address, {"sharee": sharee}, follow=True)


def test_the_field_for_a_friend_has_a_label_and_is_required(
    client_of_edith: Client, list_of_edith: List
) -> None:
    page = client_of_edith.get(list_of_edith.get_absolute_url())
    field = tag(page, 'name="sharee"')
    assert 'placeholder="your-friend@example.com"' in field
    assert 'type="email"' in field
    assert " required" in field
    assert 'id="id_sharee"' in field
    assert tag(page, 'for="id_sharee"').startswith("<label")


def test_a_friend_is_named_on_the_list_and_in_a_message(
    client_of_edith: Client, list_of_edith: List, address: str, francis: User
) -> None:
    page = share(client_of_edith, address, "francis@example.com")
    assertRedirects(page, list_of_edith.get_absolute_url())
    assert sharees(page) == ["francis@example.com"]
    assertContains(
        page,
        "Shared with francis@example.com, who will find this list under My lists after logging in.",
    )
    assert list(list_of_edith.shared_with.all()) == [francis]


def test_friends_are_named_in_the_order_of_the_alphabet(
    client_of_edith: Client, address: str
) -> None:
    for sharee in ("zoe@example.com", "anna@example.com", "oni@example.com"):
        page = share(client_of_edith, address, sharee)

    assert sharees(page) == ["anna@example.com", "oni@example.com", "zoe@example.com"]


def test_a_friend_need_not_have_logged_in_before(
    client_of_edith: Client, list_of_edith: List, address: str
) -> None:
    share(client_of_edith, address, "oni@example.com")
    oni = Client()
    oni.force_login(User.objects.get(email="oni@example.com"))
    assert rows(oni.get(list_of_edith.get_absolute_url())) == ["1: Buy peacock feathers"]


def test_an_address_is_one_friend_however_it_is_typed(
    client_of_edith: Client, address: str, francis: User
) -> None:
    for typed in ("francis@example.com", " Francis@Example.COM ", "FRANCIS@EXAMPLE.COM"):
        page = share(client_of_edith, address, typed)
    assert sharees(page) == [francis.email]
    assert User.objects.count() == 2


def test_all_who_see_the_list_see_who_it_is_shared_with(
    client_of_francis: Client, list_of_edith: List
) -> None:
    for friend in ("oni@example.com", "francis@example.com"):
        list_of_edith.share_with(friend)
    page = client_of_francis.get(list_of_edith.get_absolute_url())
    assert sharees(page) == ["francis@example.com", "oni@example.com"]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "Enter an email address."),
        ("  ", "Enter an email address."),
        ("edith@example.com", "This list is already yours."),
        ("Edith@Example.com", "This list is already yours."),
        (
            "oni",
            "Enter a valid email address, such as edith@example.com.",
        ),
        (
            "x" * 250 + "@example.com",
            "An email address can have at most 254 characters.",
        ),
    ],
)
def test_what_is_no_friends_address_is_refused_and_kept_in_the_field(
    client_of_edith: Client, list_of_edith: List, address: str, typed: str, refusal: str
) -> None:
    page = client_of_edith.post(address, {"sharee": typed})
    assert page.status_code == 400
    assert refusals(page) == [refusal]
    field = tag(page, 'name="sharee"')
    assert f'value="{typed}"' in field
    assert "is-invalid" in field
    assert 'aria-describedby="id_sharee_error"' in field
    assert tag(page, 'id="id_sharee_error"')
    assert rows(page) == ["1: Buy peacock feathers"]
    assert not list_of_edith.shared_with.exists()


@pytest.mark.parametrize("data", [{}, {"sharee": "oni\0@example.com"}])
def test_a_mangled_post_is_refused(
    client_of_edith: Client, address: str, data: dict[str, str]
) -> None:
    page = client_of_edith.post(address, data)
    assert page.status_code == 400
    assert len(refusals(page)) == 1


def test_a_friend_cannot_pass_the_list_on(
    client_of_francis: Client, list_of_edith: List, address: str
) -> None:
    list_of_edith.share_with("francis@example.com")
    response = client_of_francis.post(address, {"sharee": "oni@example.com"})
    assert response.status_code == 404
    assert list_of_edith.shared_with.count() == 1
    assert not User.objects.filter(email="oni@example.com").exists()


def test_a_list_without_an_owner_cannot_be_shared(
    client: Client, client_of_edith: Client, open_list: List
) -> None:
    for visitor in (client, client_of_edith):
        response = visitor.post(
            f"{open_list.get_absolute_url()}share", {"sharee": "oni@example.com"}
        )
        assert response.status_code == 404
    assert not open_list.shared_with.exists()


def test_the_address_of_the_form_leads_back_to_the_list(
    client_of_edith: Client, list_of_edith: List, address: str
) -> None:
    assertRedirects(client_of_edith.get(address), list_of_edith.get_absolute_url())
