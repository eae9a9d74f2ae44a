import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from accounts.tests.conftest import browser_with, person_logged_in, session_key
from lists.tests.reading import attributes, elements, heading, refusals, texts

pytestmark = pytest.mark.django_db


def test_it_asks_for_an_address(client: Client) -> None:
    answer = client.get("/accounts/log-in/")

    assert heading(answer) == "Log in to your To-Do lists"
    assertContains(answer, 'action="/accounts/send_login_email"')
    assert texts(answer, "label[for=id_email]") == ["Your email address"]
    assert texts(answer, "main button[type=submit]") == ["Send me a login link"]
    assert not refusals(answer)
    assert not elements(answer, "[role=alert], [name=next]")


def test_browsers_help_to_enter_the_address(client: Client) -> None:
    field = attributes(client.get("/accounts/log-in/"), "id_email")

    assert {"type": "email", "autocomplete": "email", "required": "", "value": ""}.items() <= (
        field.items()
    )
    assert "@" in field["placeholder"]
    assert not {"autofocus", "aria-invalid", "aria-describedby"} & field.keys()


def test_it_is_where_visitors_are_sent_to_log_in(client: Client) -> None:
    assertRedirects(client.get("/my-lists/"), "/accounts/log-in/?next=/my-lists/")


def test_it_sends_people_home_who_are_logged_in(client: Client, edith: User) -> None:
    client.force_login(edith)

    assertRedirects(client.get("/accounts/log-in/"), "/")


def test_logging_out_ends_the_session(client: Client, edith: User) -> None:
    client.force_login(edith)
    stolen = session_key(client)

    assertRedirects(client.post("/accounts/logout"), "/")

    assert person_logged_in(client) is None
    assert person_logged_in(browser_with(stolen)) is None


def test_logging_out_needs_a_button(client: Client, edith: User) -> None:
    client.force_login(edith)

    assert client.get("/accounts/logout").status_code == 405
    assert person_logged_in(client) == "edith@example.com"


def test_logging_out_twice_does_no_harm(client: Client) -> None:
    assertRedirects(client.post("/accounts/logout"), "/")


def test_another_site_cannot_log_anyone_out(edith: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(edith)

    assert client.post("/accounts/logout").status_code == 403
    assert person_logged_in(client) == "edith@example.com"


def test_a_session_of_a_deleted_person_belongs_to_no_one(client: Client, edith: User) -> None:
    client.force_login(edith)
    edith.delete()

    assert client.get("/accounts/log-in/").status_code == 200
