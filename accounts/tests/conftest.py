from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import LoginLink, User


@pytest.fixture
def edith() -> User:
    return User.objects.create(email="edith@example.com")


@pytest.fixture
def francis() -> User:
    return User.objects.create(email="francis@example.com")


@pytest.fixture
def token() -> str:
    """The token of a link that was mailed to Edith."""
    return LoginLink.create_for("edith@example.com")[1]


@pytest.fixture
def ask_for_link(client: Client, mailoutbox: list[EmailMessage]) -> Callable[[str], str]:
    """Asks for a login link as a visitor does and returns the link from the mail."""

    def ask(address: str) -> str:
        client.post("/accounts/send_login_email", {"email": address})
        return str(mailoutbox[-1].body).rsplit("\n", 1)[-1]

    return ask


def person_logged_in(client: Client) -> str | None:
    """The address that this browser is logged in with."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


def session_key(client: Client) -> str:
    """The secret that keeps this browser logged in."""
    return str(client.session.session_key)


def browser_with(session_key: str) -> Client:
    """A browser whose owner knows, or has planted, a session key."""
    client = Client()
    client.cookies["sessionid"] = session_key
    return client
