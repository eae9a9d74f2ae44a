"""The page that a login link leads back to."""

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import LoginLink
from lists.tests.reading import elements

pytestmark = pytest.mark.django_db(transaction=True)

ASK = "/accounts/send_login_email"


def log_in_from(client: Client, page: str, mailoutbox: list[EmailMessage]) -> str:
    client.post(ASK, {"email": "edith@example.com", "next": page})
    token = str(mailoutbox[-1].body).rsplit("token=", 1)[-1]
    return client.post("/accounts/login", {"token": token}).headers["Location"]


@pytest.mark.parametrize("page", ["/lists/x/", "/LISTS/X/", "/" + "x" * 199])
def test_the_link_leads_back_to_the_page_on_which_it_was_asked_for(
    client: Client, mailoutbox: list[EmailMessage], page: str
) -> None:
    assert log_in_from(client, page, mailoutbox) == page


@pytest.mark.parametrize(
    "page",
    [
        "",
        "lists/x",
        "https://elsewhere.example.com/",
        "//elsewhere.example.com/",
        "/\\elsewhere.example.com",
        "javascript:alert(1)",
        "/" + "x" * 200,
        "/lists/x/\0",
        "/accounts/login?token=of-someone-else",
        "/lists/x/#content",
    ],
)
def test_it_leads_nowhere_else(client: Client, mailoutbox: list[EmailMessage], page: str) -> None:
    assert log_in_from(client, page, mailoutbox) == "/"


def test_the_person_stays_on_the_page_while_the_email_is_on_its_way(client: Client) -> None:
    data = {"email": "edith@example.com", "next": "/nothing-here"}
    page = client.post(ASK, data, follow=True)
    assertRedirects(page, "/nothing-here", target_status_code=404)
    assertContains(page, "Check your email", status_code=404)


def test_every_page_sends_its_own_address_along(client: Client) -> None:
    page = client.get("/nothing-here")
    assert page.status_code == 404
    assert elements(page, "[name=next][value='/nothing-here']")


def test_the_login_page_remembers_the_page_that_led_to_it(client: Client) -> None:
    page = client.get("/my-lists/", follow=True)
    assert elements(page, "[name=next][value='/my-lists/']")
    refused = client.post(ASK, {"email": "edith", "next": "/my-lists/"})
    assert refused.status_code == 400
    assert elements(refused, "[name=next][value='/my-lists/']")


def test_a_link_that_no_longer_works_leads_nowhere() -> None:
    link, token = LoginLink.create_for("edith@example.com", "/lists/x/")
    assert LoginLink.return_path_of(token) == "/lists/x/"
    link.created_at -= settings.LOGIN_LINK_LIFETIME
    link.save()
    assert LoginLink.return_path_of(token) == ""
