"""What browsers, and caches on the way to them, may keep of the site."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.cache import cache_control

from lists.models import List

pytestmark = pytest.mark.django_db

KEPT_NOWHERE = "private, no-store"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/my-lists/", 200),
        ("/accounts/log-in/", 302),
        ("/accounts/login?token=dead", 400),
        ("/accounts/logout", 405),
        ("/lists/new", 302),
        ("/nothing-here", 404),
        ("/health", 200),
    ],
)
def test_no_page_is_kept(client_of_edith: Client, address: str, status: int) -> None:
    answer = client_of_edith.get(address)

    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == KEPT_NOWHERE


def test_no_list_is_kept(client_of_edith: Client, list_of_edith: List) -> None:
    page = list_of_edith.get_absolute_url()

    answers = [
        client_of_edith.get(page),
        client_of_edith.post(page, {"text": "Buy milk"}),
        client_of_edith.post(page, {"text": ""}),
        client_of_edith.post(f"{page}share", {"sharee": "oni@example.com"}),
        Client().get(page),
        Client(enforce_csrf_checks=True).post(page, {"text": "Make tea"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 302, 400, 302, 404, 403]
    assert {answer.headers["Cache-Control"] for answer in answers} == {KEPT_NOWHERE}


def test_the_address_of_a_visitor_is_not_kept(client: Client) -> None:
    answer = client.post("/accounts/send_login_email", {"email": "edith@example.com"}, follow=True)

    assert "edith@example.com" in answer.content.decode()
    assert answer.headers["Cache-Control"] == KEPT_NOWHERE


@override_settings(ROOT_URLCONF="superlists.tests.failing_urls")
def test_a_page_that_failed_is_not_kept() -> None:
    client = Client(raise_request_exception=False)

    answer = client.get("/breaks/here")

    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == KEPT_NOWHERE


@cache_control(public=True, max_age=60)
def for_everyone(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("the same for everyone")


urlpatterns = [path("for-everyone", for_everyone)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_may_have_a_rule_of_its_own(client_of_edith: Client) -> None:
    answer = client_of_edith.get("/for-everyone")

    assert answer.headers["Cache-Control"] == "public, max-age=60"
