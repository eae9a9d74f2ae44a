"""What the acceptance suite's app asks the site."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.urls import resolve
from pytest_django import Settings

from accounts.models import LoginLink, User
from lists.models import List
from superlists import staging
from superlists.models import ProductionUse

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_the_commit_is_that_of_the_sites_own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    assert staging.commit() is None

    (tmp_path / "COMMIT").write_text(COMMIT)

    assert staging.commit() == COMMIT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((yes, True) for yes in ("y", "yes", "true", "t", "on", "1", " Y ", "TRUE")),
        *((no, False) for no in ("", "n", "no", "false", "0", "perhaps")),
    ],
)
def test_staging_is_written_as_in_every_other_variable(*, value: str, expected: bool) -> None:
    assert staging.is_staging({"STAGING": value}) is expected


def test_without_the_variable_it_is_no_staging_site() -> None:
    assert not staging.is_staging({"DJANGO_DEBUG_FALSE": "y"})


def test_these_variables_decide_which_database_is_emptied() -> None:
    assert set(staging.deciding_variables()) == {
        "STAGING",
        "DJANGO_DEBUG_FALSE",
        "SITENAME",
        "DATABASE_URL",
    }


def test_a_staging_site_answers_at_the_addresses_of_the_acceptance_suite() -> None:
    assert resolve("/staging/identity").view_name == "staging:identity"


@pytest.mark.django_db
def test_it_counts_what_people_made() -> None:
    User.objects.create(email="edith@example.com")
    for text in ("Buy milk", "Buy bread"):
        List.objects.start(text, AnonymousUser())

    assert staging.content() == "1 users and 2 lists"


@pytest.mark.django_db
def test_production_sites_are_sorted_by_name() -> None:
    now = datetime(2030, 1, 31, tzinfo=UTC)
    for name in ("b.example.com", "a.example.com"):
        ProductionUse.objects.create(site_name=name, first_started=now, last_started=now)

    assert list(map(str, staging.production_uses())) == [
        "a.example.com used this database",
        "b.example.com used this database",
    ]


@pytest.mark.django_db
def test_a_trial_email_logs_no_one_in(mailoutbox: list[EmailMessage]) -> None:
    LoginLink.create_for("oni@example.com")

    staging.send_trial_mail("Edith@EXAMPLE.com", "https://superlists.example.com")

    (email,) = mailoutbox
    assert email.to == ["Edith@example.com".lower()]
    assert "https://superlists.example.com/accounts/login?token=" in str(email.body)
    assert [link.email for link in LoginLink.objects.all()] == ["oni@example.com"]
