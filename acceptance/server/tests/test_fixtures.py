from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from acceptance.server.fixtures import (
    age_login_links,
    create_session,
    empty_site,
    send_trial_mail,
    start_list,
    use_up_login_mails,
)
from acceptance.server.session_cookie import SessionCookie
from accounts.models import CountedRequest, LoginLink, User
from lists.models import DuplicateItemError, Item, List

pytestmark = pytest.mark.django_db

EDITH = "edith@example.com"
FRANCIS = "francis@example.com"
ONI = "oni@example.com"
NO_ADDRESSES = ["", "edith", "edith@example", "edith@example.com\nBcc: oni@example.com", "a" * 300]


def browser_with(cookie: SessionCookie) -> Client:
    client = Client()
    client.cookies[cookie.name] = cookie.value
    return client


def shows(client: Client, address: str) -> bool:
    """Whether the site knows the owner of this browser as the person with the address."""
    return address in client.get("/").content.decode()


def rows() -> dict[type[Model], int]:
    """How many rows each table has, those of many-to-many relations included."""
    models = apps.get_models(include_auto_created=True)
    return {model: model._base_manager.count() for model in models}


def ask_for_login_mail(address: str, client: Client | None = None) -> int:
    """Ask as a visitor does; return the status of the answer."""
    answer = (client or Client()).post("/accounts/send_login_email", {"email": address})
    return int(answer.status_code)


@pytest.fixture
def full_site(mailoutbox: list[EmailMessage]) -> dict[type[Model], int]:
    """A site on which everything was done that can be done; the rows of its tables."""
    create_session(EDITH)
    start_list(EDITH, ["Buy milk", "Make tea"], [FRANCIS, ONI])
    start_list(None, ["Buy peacock feathers"])
    ask_for_login_mail(EDITH)
    return rows()


def test_a_session_logs_the_person_in() -> None:
    client = browser_with(create_session(EDITH))

    assert shows(client, EDITH)
    assert not shows(Client(), EDITH)


def test_a_person_may_have_two_sessions() -> None:
    first, second = create_session(EDITH), create_session(EDITH)

    assert first.value != second.value
    assert shows(browser_with(first), EDITH)
    assert shows(browser_with(second), EDITH)
    assert User.objects.count() == 1


def test_everybody_gets_their_own_session() -> None:
    create_session(EDITH)

    francis = browser_with(create_session(FRANCIS))

    assert shows(francis, FRANCIS)
    assert not shows(francis, EDITH)


def test_a_session_ends_when_the_person_logs_out() -> None:
    client = browser_with(create_session(EDITH))

    client.post("/accounts/logout")

    assert not shows(client, EDITH)
    assert not Session.objects.exists()


def test_a_person_is_known_however_the_address_is_written() -> None:
    User.objects.create(email=EDITH)

    assert shows(browser_with(create_session(" Edith@EXAMPLE.com ")), EDITH)
    assert User.objects.count() == 1


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_nobody_is_logged_in_with_what_is_no_address(text: str) -> None:
    with pytest.raises(ValidationError):
        create_session(text)

    assert not User.objects.exists()
    assert not Session.objects.exists()


def test_the_cookie_is_the_one_that_the_site_would_set() -> None:
    cookie = create_session(EDITH)
    client = Client()
    _, token = LoginLink.create_for(EDITH)

    client.post("/accounts/login", {"token": token})

    from_site = client.cookies["sessionid"]
    assert cookie == SessionCookie(
        name="sessionid",
        value=cookie.value,
        path=from_site["path"],
        secure=bool(from_site["secure"]),
        http_only=bool(from_site["httponly"]),
        same_site=from_site["samesite"],
    )
    assert len(cookie.value) == len(from_site.value)


def test_the_cookie_follows_the_settings(settings: Settings) -> None:
    settings.SESSION_COOKIE_NAME = "session_of_superlists"
    settings.SESSION_COOKIE_PATH = "/superlists/"
    settings.SESSION_COOKIE_SECURE = True
    settings.SESSION_COOKIE_HTTPONLY = False
    settings.SESSION_COOKIE_SAMESITE = "Strict"

    cookie = create_session(EDITH)

    assert cookie == SessionCookie(
        name="session_of_superlists",
        value=cookie.value,
        path="/superlists/",
        secure=True,
        http_only=False,
        same_site="Strict",
    )


def test_an_emptied_site_has_nothing_that_people_made(full_site: dict[type[Model], int]) -> None:
    ours = {
        model
        for model in full_site
        if model._meta.app_label in {"accounts", "lists", "sessions"} and model._meta.managed
    }
    assert all(full_site[model] for model in ours), "a table that is empty anyway tests nothing"

    empty_site()

    assert {model for model, count in rows().items() if count} == {ContentType, Permission}
    assert {model: count for model, count in rows().items() if model not in ours} == {
        model: count for model, count in full_site.items() if model not in ours
    }


def test_an_empty_site_can_be_emptied() -> None:
    empty_site()
    empty_site()

    assert not User.objects.exists()


def test_an_emptied_site_can_be_used_again(full_site: dict[type[Model], int]) -> None:
    empty_site()

    path = start_list(EDITH, ["Buy milk"])

    assert browser_with(create_session(EDITH)).get(path).status_code == 200


@pytest.mark.parametrize("deleted", range(1, 8))
def test_a_site_is_emptied_as_a_whole_or_not_at_all(
    full_site: dict[type[Model], int], deleted: int
) -> None:
    deletions = 0

    def break_down(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:  # noqa: ANN401
        nonlocal deletions
        if sql.startswith("DELETE"):
            deletions += 1
            if deletions == deleted:
                raise DatabaseError("the disk is full")
        return execute(sql, *arguments)

    with (
        connection.execute_wrapper(break_down),
        pytest.raises(DatabaseError, match="the disk is full"),
    ):
        empty_site()

    assert rows() == full_site


def test_a_list_is_where_its_path_leads() -> None:
    path = start_list(None, ["Buy milk", "Make tea"])

    answer = Client().get(path)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.index("Buy milk") < page.index("Make tea")


def test_a_list_belongs_to_its_owner_and_is_shared_with_others() -> None:
    path = start_list(" Edith@EXAMPLE.com", ["Buy milk"], ["Oni@EXAMPLE.com"])

    def status(address: str) -> int:
        return int(browser_with(create_session(address)).get(path).status_code)

    assert [status(address) for address in (EDITH, ONI, FRANCIS)] == [200, 200, 404]
    assert Client().get(path).status_code == 404


def test_a_list_of_somebody_who_is_known_is_theirs() -> None:
    edith = User.objects.create(email=EDITH)

    start_list(EDITH, ["Buy milk"])
    start_list(EDITH, ["Buy milk"])

    assert edith.lists.count() == 2
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("owner", "items", "shared_with", "error"),
    [
        ("edith", ["Buy milk"], [], ValidationError),
        (EDITH, ["Buy milk"], ["oni"], ValidationError),
        (EDITH, ["Buy milk", "Buy milk"], [], DuplicateItemError),
    ],
)
def test_a_list_that_cannot_be_leaves_nothing_behind(
    owner: str, items: list[str], shared_with: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        start_list(owner, items, shared_with)

    assert not User.objects.exists()
    assert not List.objects.exists()
    assert not Item.objects.exists()


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (15, False), (16, False)])
def test_a_login_link_is_as_old_as_it_was_made(minutes: int, works: bool) -> None:  # noqa: FBT001
    _, token = LoginLink.create_for(EDITH)

    age_login_links("Edith@EXAMPLE.com", minutes)

    assert (LoginLink.redeem(token) is not None) == works


def test_ageing_adds_up() -> None:
    _, token = LoginLink.create_for(EDITH)

    age_login_links(EDITH, 8)
    age_login_links(EDITH, 8)

    assert LoginLink.redeem(token) is None


def test_the_links_of_others_stay_young() -> None:
    _, token = LoginLink.create_for(FRANCIS)

    age_login_links(EDITH, 16)

    assert LoginLink.redeem(token) is not None


def test_a_trial_mail_logs_nobody_in_and_leaves_nothing(mailoutbox: list[EmailMessage]) -> None:
    _, token_of_another = LoginLink.create_for(FRANCIS)

    send_trial_mail("Edith@EXAMPLE.com", "https://localhost:4430")

    (mail,) = mailoutbox
    assert mail.to == [EDITH]
    page, _, token = str(mail.body).split()[-1].partition("?token=")
    assert page == "https://localhost:4430/accounts/login"
    assert LoginLink.redeem(token) is None
    assert [link.email for link in LoginLink.objects.all()] == [FRANCIS]
    assert LoginLink.redeem(token_of_another) is not None


def test_whoever_has_used_up_their_mails_gets_no_further_one(
    mailoutbox: list[EmailMessage],
) -> None:
    use_up_login_mails("Edith@EXAMPLE.com")

    assert ask_for_login_mail(EDITH) == 429
    assert mailoutbox == []


def test_others_still_get_their_mails(mailoutbox: list[EmailMessage]) -> None:
    use_up_login_mails(EDITH)

    assert ask_for_login_mail(FRANCIS) == 302
    assert mailoutbox[0].to == [FRANCIS]


def test_mails_are_used_up_whatever_one_client_may_ask_for(settings: Settings) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 5
    settings.LOGIN_MAILS_PER_CLIENT_PER_HOUR = 3

    use_up_login_mails(EDITH)

    assert ask_for_login_mail(EDITH) == 429


def test_mails_can_be_used_up_twice() -> None:
    use_up_login_mails(EDITH)
    counted = CountedRequest.objects.count()

    use_up_login_mails(EDITH)

    assert CountedRequest.objects.count() == counted


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_has_neither_links_nor_mails(text: str) -> None:
    with pytest.raises(ValidationError):
        age_login_links(text, 16)
    with pytest.raises(ValidationError):
        use_up_login_mails(text)
