"""What the database itself guarantees about people and their links, whichever program writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.addresses import MAX_LENGTH
from accounts.models import CountedRequest, LoginLink, User

pytestmark = pytest.mark.django_db


def test_no_two_people_have_the_same_address(edith: User, francis: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=edith.email)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=francis.pk).update(email=edith.email)


@pytest.mark.usefixtures("token")
def test_no_two_links_have_the_same_token() -> None:
    link = LoginLink.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        LoginLink.objects.create(email="francis@example.com", token_hash=link.token_hash)


@pytest.mark.parametrize(
    ("model", "field", "longest"),
    [
        (User, "email", MAX_LENGTH),
        (LoginLink, "email", MAX_LENGTH),
        (LoginLink, "token_hash", 64),
        (LoginLink, "return_to", LoginLink.LONGEST_PATH),
        # With an IPv6 network and what is counted.
        (CountedRequest, "source", MAX_LENGTH + 80),
    ],
)
def test_texts_have_a_greatest_length(model: type[models.Model], field: str, longest: int) -> None:
    # SQLite does not check it, PostgreSQL does.
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, model._meta.db_table)
    assert {each.name: each.display_size for each in table}[field] == longest


def test_an_earlier_release_still_makes_links() -> None:
    """It does not know where a link leads back to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_loginlink (email, token_hash, created_at) VALUES (%s, %s, %s)",
            ["edith@example.com", "a" * 64, timezone.now()],
        )

    assert LoginLink.objects.get().return_to == ""


def test_a_new_link_leads_home_and_works_from_now_on() -> None:
    link = LoginLink(email="edith@example.com", token_hash="a" * 64)

    assert link.return_to == ""
    assert abs(timezone.now() - link.created_at) < timedelta(minutes=1)


def test_a_request_is_counted_from_now_on() -> None:
    assert abs(timezone.now() - CountedRequest().requested_at) < timedelta(minutes=1)
