from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import LoginLink, User
from accounts.tests.conftest import browser_with, person_logged_in, session_key
from lists.tests.reading import elements, heading, texts

pytestmark = pytest.mark.django_db

PAGE = "/accounts/login"
DOES_NOT_WORK = "This login link no longer works."


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_leaves_the_link_alone(client: Client, token: str, method: str) -> None:
    for _ in range(3):
        getattr(client, method)(f"{PAGE}?token={token}")

    assert person_logged_in(client) is None
    assert client.post(PAGE, {"token": token}).status_code == 302
    assert person_logged_in(client) == "edith@example.com"


def test_the_page_posts_the_token_by_itself_or_by_its_button(client: Client, token: str) -> None:
    answer = client.get(f"{PAGE}?token={token}")

    form = "form[method=post][action='/accounts/login'][data-submit-by-itself]"
    assert elements(answer, f"{form} input[type=hidden][name=token][value='{token}']")
    assert texts(answer, f"{form} button[type=submit]") == ["Log in"]
    assert elements(answer, "script[src='/static/submit_by_itself.js'][defer]")
    assert "To-Do" in heading(answer)


def test_what_the_page_posts_passes_every_check_of_a_secure_site(token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"{PAGE}?token={token}", secure=True)
    hidden = elements(page, "form[data-submit-by-itself] input[type=hidden]")
    fields = {str(field.attr("name")): str(field.attr("value")) for field in hidden}

    answer = client.post(PAGE, fields, secure=True, headers={"origin": "https://testserver"})

    assert fields["token"] == token
    assert answer.status_code == 302
    assert person_logged_in(client) == "edith@example.com"


def test_no_other_site_can_log_a_person_in(token: str) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(PAGE, {"token": token}).status_code == 403
    assert person_logged_in(client) is None


def test_the_token_stays_out_of_caches_and_other_sites(client: Client, token: str) -> None:
    headers = client.get(f"{PAGE}?token={token}").headers

    assert "no-store" in headers["Cache-Control"]
    # "no-referrer" would make browsers post the form with "Origin: null", which is refused.
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_person_is_logged_in_and_home(client: Client, token: str) -> None:
    assertRedirects(client.post(PAGE, {"token": token}), "/")

    assertContains(client.get("/"), "edith@example.com")


def test_a_person_stays_logged_in_for_two_weeks(client: Client, token: str) -> None:
    cookie = client.post(PAGE, {"token": token}).cookies["sessionid"]

    assert cookie["max-age"] == timedelta(weeks=2).total_seconds()
    (kept,) = Session.objects.values_list("expire_date", flat=True)
    assert timedelta(days=13, hours=23) < kept - timezone.now() <= timedelta(weeks=2)


def test_visits_do_not_prolong_the_time(client: Client, token: str) -> None:
    client.post(PAGE, {"token": token})
    before = Session.objects.get().expire_date

    answers = [client.get("/my-lists/"), client.post("/lists/new", {"text": "Buy milk"})]

    assert not any("sessionid" in answer.cookies for answer in answers)
    assert Session.objects.get().expire_date == before


def test_a_person_is_logged_in_on_several_computers(client: Client, edith: User) -> None:
    other = Client()
    other.force_login(edith)
    for browser in (client, Client()):
        _, token = LoginLink.create_for(edith.email)
        browser.post(PAGE, {"token": token})

    client.post("/accounts/logout")

    assert person_logged_in(client) is None
    assert person_logged_in(other) == edith.email
    assert Session.objects.count() == 2


@pytest.fixture
def planted_key(client: Client) -> str:
    """The key of a session that someone else has put into the browser."""
    session = client.session
    session["planted"] = "by someone who knows the key"
    session.save()
    return session_key(client)


def test_the_session_key_changes(client: Client, token: str, planted_key: str) -> None:
    client.post(PAGE, {"token": token})

    assert session_key(client) != planted_key
    assert person_logged_in(client) == "edith@example.com"
    assert person_logged_in(browser_with(planted_key)) is None


@pytest.mark.usefixtures("planted_key")
def test_nothing_from_before_is_in_the_new_session(client: Client, token: str) -> None:
    client.post(PAGE, {"token": token})

    assert "planted" not in client.session
    assert person_logged_in(client) == "edith@example.com"


def test_the_session_key_changes_when_the_same_person_logs_in_again(
    client: Client, edith: User, token: str
) -> None:
    client.force_login(edith)
    before = session_key(client)

    client.post(PAGE, {"token": token})

    assert session_key(client) != before
    assert person_logged_in(client) == "edith@example.com"
    assert person_logged_in(browser_with(before)) is None


def test_the_link_of_someone_else_ends_the_own_session(
    client: Client, francis: User, token: str
) -> None:
    client.force_login(francis)
    session = client.session
    session["kept"] = "for Francis"
    session.save()
    before = session_key(client)

    client.post(PAGE, {"token": token, "instead_of": francis.email})

    assert person_logged_in(client) == "edith@example.com"
    assert "kept" not in client.session
    assert person_logged_in(browser_with(before)) is None


def test_a_person_is_asked_before_becoming_another(
    client: Client, francis: User, token: str
) -> None:
    client.force_login(francis)

    page = client.get(f"{PAGE}?token={token}")

    assertContains(page, "You are logged in as francis@example.com")
    assertContains(page, "Log in as edith@example.com")
    assert "into the lists of edith@example.com" in texts(page, "main p")[1]
    assert b"submit_by_itself" not in page.content
    assert b"data-submit-by-itself" not in page.content
    assert person_logged_in(client) == francis.email


@pytest.mark.parametrize("answer", [{}, {"instead_of": ""}, {"instead_of": "oni@example.com"}])
def test_no_one_becomes_another_without_having_answered(
    client: Client, francis: User, token: str, answer: dict[str, str]
) -> None:
    client.force_login(francis)

    page = client.post(PAGE, {"token": token, **answer})

    assertContains(page, "Log in as edith@example.com", status_code=409)
    assert person_logged_in(client) == francis.email
    assert LoginLink.address_of(token) == "edith@example.com"


def test_an_answer_in_the_address_does_not_count(client: Client, francis: User, token: str) -> None:
    client.force_login(francis)

    page = client.get(f"{PAGE}?token={token}&instead_of={francis.email}")

    assertContains(page, "Log in as edith@example.com")


def test_ones_own_link_asks_nothing(client: Client, edith: User, token: str) -> None:
    client.force_login(edith)

    assertContains(client.get(f"{PAGE}?token={token}"), "data-submit-by-itself")
    assertRedirects(client.post(PAGE, {"token": token}), "/")


def test_a_used_link_logs_no_one_in(client: Client, token: str) -> None:
    Client().post(PAGE, {"token": token})

    answer = client.post(PAGE, {"token": token})

    assertContains(answer, DOES_NOT_WORK, status_code=400)
    assert person_logged_in(client) is None


def test_a_link_that_does_not_work_leads_on_to_a_new_one(client: Client) -> None:
    answer = client.post(PAGE, {"token": "A" * 43})

    assertContains(answer, 'role="alert"', status_code=400)
    assertContains(answer, 'action="/accounts/send_login_email"', status_code=400)
    assertContains(answer, "Send me a login link", status_code=400)
    assert "To-Do" in heading(answer)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_link_that_does_not_work_leaves_people_logged_in(client: Client, francis: User) -> None:
    client.force_login(francis)

    answer = client.post(PAGE, {"token": "A" * 43})

    assertContains(
        answer,
        "You do not need another one: you are logged in as francis@example.com.",
        status_code=400,
    )
    assert person_logged_in(client) == "francis@example.com"


MANGLED = ["", "x", "%00", "%FF%FE", "A" * 42, "A" * 44, "A" * 10_000, "<script>", "A" * 42 + "="]


@pytest.mark.parametrize("mangled", MANGLED)
def test_a_mangled_token_is_refused_immediately(client: Client, mangled: str) -> None:
    assertContains(client.get(f"{PAGE}?token={mangled}"), DOES_NOT_WORK, status_code=400)


@pytest.mark.parametrize("mangled", [*MANGLED, "A" * 43])
def test_a_mangled_token_logs_no_one_in(client: Client, mangled: str) -> None:
    answer = client.post(PAGE, f"token={mangled}", "application/x-www-form-urlencoded")

    assertContains(answer, DOES_NOT_WORK, status_code=400)
    assert not LoginLink.objects.exists()
    assert not User.objects.exists()


def test_a_missing_token_is_one_that_does_not_work(client: Client) -> None:
    assertContains(client.get(PAGE), DOES_NOT_WORK, status_code=400)
    assertContains(client.post(PAGE), DOES_NOT_WORK, status_code=400)


def test_a_token_in_the_address_of_a_post_does_not_count(client: Client, token: str) -> None:
    assert client.post(f"{PAGE}?token={token}").status_code == 400
    assert LoginLink.objects.count() == 1
