import pytest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.site_address import address_on_site


@pytest.mark.parametrize(
    ("known", "address"),
    [
        ("", "http://testserver:8000/my-lists/"),
        ("https://superlists.example.com:8443", "https://superlists.example.com:8443/my-lists/"),
    ],
)
def test_the_port_is_that_of_the_request_unless_the_site_knows_its_own_address(
    settings: Settings, rf: RequestFactory, known: str, address: str
) -> None:
    settings.SITE_ADDRESS = known
    request = rf.get("/", headers={"host": "testserver:8000"})
    assert address_on_site(request, "/my-lists/") == address
