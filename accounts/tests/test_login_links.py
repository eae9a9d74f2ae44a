import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import OperationalError, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import LoginLink, User

pytestmark = pytest.mark.django_db


def let_pass(time: timedelta) -> None:
    LoginLink.objects.update(created_at=F("created_at") - time)


def test_a_link_recognises_a_person_for_the_first_time(token: str) -> None:
    person = authenticate(token=token)

    assert person is not None
    assert person == User.objects.get()
    assert person.email == "edith@example.com"


def test_a_link_recognises_a_person_who_was_here_before(edith: User, token: str) -> None:
    assert authenticate(token=token) == edith
    assert User.objects.count() == 1


def test_a_link_works_once(token: str) -> None:
    authenticate(token=token)

    assert authenticate(token=token) is None


def test_a_link_is_not_used_up_if_its_person_cannot_be_created(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_fields: str) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(User.objects, "get_or_create", fail)
        with pytest.raises(OperationalError):
            LoginLink.redeem(token)

    assert LoginLink.redeem(token) is not None


def test_a_link_works_until_a_quarter_of_an_hour_has_passed(token: str) -> None:
    let_pass(timedelta(minutes=14, seconds=50))

    assert authenticate(token=token) is not None


def test_a_link_expires_after_a_quarter_of_an_hour(token: str) -> None:
    let_pass(timedelta(minutes=15))

    assert authenticate(token=token) is None
    assert not User.objects.exists()


def test_a_link_that_expires_while_it_is_used_is_not_used(token: str) -> None:
    """The one statement that takes the link checks all of it, the time included."""
    with CaptureQueriesContext(connection) as queries:
        authenticate(token=token)

    (delete,) = [query["sql"] for query in queries if query["sql"].startswith("DELETE")]
    assert '"token_hash" = ' in delete
    assert '"created_at" > ' in delete


@pytest.mark.parametrize(
    "mangled", ["", "x", "\x00", "é" * 43, "A" * 42, "A" * 44, "A" * 43, "A" * 1_000_000]
)
@pytest.mark.usefixtures("token")
def test_an_invalid_token_recognises_no_one(mangled: str) -> None:
    assert authenticate(token=mangled) is None
    assert LoginLink.objects.count() == 1


def test_a_token_in_other_case_is_another_token(token: str) -> None:
    assert authenticate(token=token.swapcase()) is None


def test_no_one_can_log_in_with_the_content_of_the_database(token: str) -> None:
    link = LoginLink.objects.get()

    assert token not in str(vars(link))
    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert authenticate(token=link.token_hash) is None


def test_tokens_cannot_be_guessed() -> None:
    tokens = {LoginLink.create_for("edith@example.com")[1] for _ in range(100)}

    assert len(tokens) == 100
    assert all(LoginLink.looks_like_token(token) for token in tokens)


def test_the_newest_link_supersedes_older_ones_of_its_address_only() -> None:
    first = LoginLink.create_for("edith@example.com")[1]
    others = LoginLink.create_for("francis@example.com")[1]
    newest_link, newest = LoginLink.create_for("edith@example.com")

    newest_link.supersede_older()

    assert authenticate(token=first) is None
    assert authenticate(token=others) is not None
    assert authenticate(token=newest) is not None


@pytest.mark.usefixtures("token")
def test_expired_links_are_not_kept() -> None:
    let_pass(settings.LOGIN_LINK_LIFETIME)

    LoginLink.create_for("francis@example.com")

    assert [link.email for link in LoginLink.objects.all()] == ["francis@example.com"]
