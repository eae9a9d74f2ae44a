"""The identity of a staging site, as it answers over https."""

import pytest
from django.conf import settings as site_settings
from django.test import Client

from acceptance.server.models import Marker
from acceptance.server.tests.conftest import HOST, dump
from superlists.release import deployed_commit

pytestmark = pytest.mark.django_db

IDENTITY = "/staging/identity"


def test_it_is_that_of_the_marker(marked: None, client: Client) -> None:
    answer = client.get(IDENTITY)

    assert answer.status_code == 200
    assert answer.json() == {
        "site_name": HOST,
        "identity": Marker.objects.get().identity,
        "commit": deployed_commit(site_settings.BASE_DIR),
        "address": "http://testserver/",
    }


def test_an_unmarked_site_has_none(site: None, client: Client) -> None:
    assert client.get(IDENTITY).json()["identity"] is None


def test_no_one_caches_it(marked: None, client: Client) -> None:
    assert "no-store" in client.get(IDENTITY).headers["Cache-Control"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_can_only_be_read(marked: None, client: Client, method: str) -> None:
    before = dump()

    assert client.generic(method, IDENTITY).status_code == 405
    assert client.head(IDENTITY).status_code == 200
    assert dump() == before
