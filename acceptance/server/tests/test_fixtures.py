from collections.abc import Callable
from pathlib import Path
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

from acceptance.fixtures.values import SessionCookie
from acceptance.server.fixtures import (
    create_session,
    find_declaration,
    find_view,
    forget_clients,
    reset,
    send_trial_mail,
)
from accounts.models import CountedRequest, LoginLink, User
from features.support.fixtures import start_list

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
    """The number of rows in each table, including those of many-to-many relations."""
    models = apps.get_models(include_auto_created=True)
    return {model: model._base_manager.count() for model in models}


def ask_for_login_mail(address: str, client: Client | None = None) -> int:
    """Ask for a login link as a visitor does, and return the status of the answer."""
    answer = (client or Client()).post("/accounts/send_login_email", {"email": address})
    return int(answer.status_code)


@pytest.fixture
def full_site(mailoutbox: list[EmailMessage]) -> dict[type[Model], int]:
    """A site on which everything was done that people can do; the rows of its tables."""
    create_session(EDITH)
    start_list(EDITH, ["Buy milk", "Make tea"], [FRANCIS, ONI])
    start_list(None, ["Buy peacock feathers"])
    ask_for_login_mail(EDITH)
    return rows()


def test_a_session_ends_when_the_person_logs_out() -> None:
    client = browser_with(create_session(EDITH))

    client.post("/accounts/logout")

    assert not shows(client, EDITH)
    assert not Session.objects.exists()


def test_a_person_is_known_in_each_spelling_of_the_address() -> None:
    User.objects.create(email=EDITH)

    assert shows(browser_with(create_session(" Edith@EXAMPLE.com ")), EDITH)
    assert User.objects.count() == 1


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_no_one_is_logged_in_with_an_invalid_address(text: str) -> None:
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

    reset()

    assert {model for model, count in rows().items() if count} == {ContentType, Permission}
    assert {model: count for model, count in rows().items() if model not in ours} == {
        model: count for model, count in full_site.items() if model not in ours
    }


def test_an_empty_site_can_be_emptied() -> None:
    reset()
    reset()

    assert not User.objects.exists()


def test_an_emptied_site_can_be_used_again(full_site: dict[type[Model], int]) -> None:
    reset()

    path = start_list(EDITH, ["Buy milk"])

    assert browser_with(create_session(EDITH)).get(path).status_code == 200


def test_resetting_the_rate_limits_keeps_what_people_made(
    full_site: dict[type[Model], int],
) -> None:
    ours = {model: count for model, count in full_site.items() if model is not CountedRequest}

    forget_clients()

    assert {model: count for model, count in rows().items() if model is not CountedRequest} == ours
    assert CountedRequest.objects.count() < full_site[CountedRequest]


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
        reset()

    assert rows() == full_site


def test_a_trial_email_logs_no_one_in_and_leaves_nothing(mailoutbox: list[EmailMessage]) -> None:
    _, token_of_another = LoginLink.create_for(FRANCIS)

    send_trial_mail("Edith@EXAMPLE.com", "https://localhost:4430")

    (mail,) = mailoutbox
    assert mail.to == [EDITH]
    page, _, token = str(mail.body).split()[-1].partition("?token=")
    assert page == "https://localhost:4430/accounts/login"
    assert LoginLink.redeem(token) is None
    assert [link.email for link in LoginLink.objects.all()] == [FRANCIS]
    assert LoginLink.redeem(token_of_another) is not None


@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("/my-lists/", "mine in lists/views.py"),
        ("/accounts/logout", "log_out in accounts/views.py"),
        ("/nothing/", ""),
    ],
)
def test_the_view_of_a_path_is_found_in_the_code(path: str, view: str) -> None:
    assert find_view(path) == view


@pytest.mark.parametrize(
    ("message", "name", "code"),
    [
        ("NOT NULL constraint failed: lists_list.owner_id", "List.owner", "    owner = models."),
        (
            'null value in column "owner_id" of relation "lists_list" violates not-null constraint',
            "List.owner",
            "    owner = models.",
        ),
        ("UNIQUE constraint failed: accounts_user.email", "User.email", "    email = models."),
        (
            "UNIQUE constraint failed: lists_item.list_id, lists_item.text",
            "Item.item_unique_in_its_list",
            "            models.UniqueConstraint(",
        ),
        (
            'duplicate key value violates unique constraint "item_unique_in_its_list"',
            "Item.item_unique_in_its_list",
            "            models.UniqueConstraint(",
        ),
        (
            "NOT NULL constraint failed: lists_list_shared_with.user_id",
            "List.shared_with",
            "    shared_with = models.",
        ),
    ],
)
def test_what_the_database_refuses_is_found_in_the_models(
    message: str, name: str, code: str
) -> None:
    found, _, place = find_declaration(f"IntegrityError: {message}").partition(" is declared at ")

    file, _, line = place.partition(":")
    assert found == name
    assert Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith(code)


@pytest.mark.parametrize(
    "message",
    [
        "FOREIGN KEY constraint failed",
        "NOT NULL constraint failed: elsewhere.id",
        "NOT NULL constraint failed: lists_list.colour",
        "NOT NULL constraint failed: django_session.colour",
    ],
)
def test_what_no_model_declares_is_not_found(message: str) -> None:
    assert not find_declaration(message)
