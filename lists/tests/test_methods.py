"""Which methods of HTTP the addresses of lists take."""

import pytest
from django.test import Client

from lists.models import List

pytestmark = pytest.mark.django_db

BELOW_A_LIST = [
    "",
    "rename",
    "delete",
    "share",
    "stop-sharing",
    "keep",
    "open",
    "items/restore",
    "items/{item}/tick",
    "items/{item}/edit",
    "items/{item}/remove",
]


@pytest.fixture(params=["/", "/my-lists/", "/lists/new", *BELOW_A_LIST])
def address(request: pytest.FixtureRequest, list_of_edith: List) -> str:
    if request.param.startswith("/"):
        return str(request.param)
    path = request.param.format(item=list_of_edith.items.get().pk)
    return f"{list_of_edith.get_absolute_url()}{path}"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_address_takes_other_methods(
    client_of_edith: Client, list_of_edith: List, address: str, method: str
) -> None:
    assert client_of_edith.generic(method, address).status_code == 405
    list_of_edith.refresh_from_db()
    assert list_of_edith.items.count() == 1


def test_the_head_of_a_page_is_that_of_the_page_itself(
    client_of_edith: Client, address: str
) -> None:
    head, page = client_of_edith.head(address), client_of_edith.get(address)
    assert head.status_code == page.status_code < 400
    assert head.headers.get("Location") == page.headers.get("Location")
    assert not head.content


def test_a_visit_changes_nothing(
    client_of_edith: Client, list_of_edith: List, address: str
) -> None:
    client_of_edith.get(address)
    list_of_edith.refresh_from_db()
    assert list_of_edith.owner is not None
    assert [(item.text, item.is_done) for item in list_of_edith.items.all()] == [
        ("Buy peacock feathers", False)
    ]
