from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import CountedRequest, LoginLink, User


def test_a_person_has_what_djangos_authentication_requires() -> None:
    person = User(email="edith@example.com")

    assert person.is_authenticated is True
    assert person.is_anonymous is False
    assert person.is_active is True
    assert getattr(person, User.USERNAME_FIELD) == "edith@example.com"


def test_a_person_is_shown_by_their_address() -> None:
    assert str(User(email="edith@example.com")) == "edith@example.com"


def test_the_address_of_a_person_is_canonical() -> None:
    person = User(email=" Edith@Example.com ")
    person.clean()
    assert person.email == "edith@example.com"

    with pytest.raises(ValidationError):
        User(email="edith").clean()


def test_a_link_is_shown_without_its_secret() -> None:
    link = LoginLink(email="edith@example.com", token_hash="a" * 64)
    assert str(link) == "login link for edith@example.com"


def test_a_counted_request_is_shown_with_its_time() -> None:
    request = CountedRequest(
        source="client 192.0.2.1", requested_at=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    )
    assert str(request) == "client 192.0.2.1 at 2026-02-03 04:05:06"
