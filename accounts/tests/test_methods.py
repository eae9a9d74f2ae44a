"""Which methods of HTTP the addresses of logging in and out take."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = {"/accounts/log-in/": 200, "/accounts/send_login_email": 302, "/accounts/login": 400}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", [*PAGES, "/accounts/logout"])
def test_no_address_takes_other_methods(client: Client, address: str, method: str) -> None:
    assert client.generic(method, address).status_code == 405


def test_the_login_page_takes_no_posts(client: Client) -> None:
    assert client.post("/accounts/log-in/").status_code == 405


@pytest.mark.parametrize(("address", "status"), PAGES.items())
def test_the_head_of_a_page_is_that_of_the_page_itself(
    client: Client, address: str, status: int
) -> None:
    head, page = client.head(address), client.get(address)
    assert head.status_code == page.status_code == status
    assert head.headers.get("Location") == page.headers.get("Location")
    assert not head.content
