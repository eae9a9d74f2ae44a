"""The command with which a deployment checks the database."""

import io
import re
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from acceptance.server.models import Marker
from accounts.models import User
from superlists import permission_to_wipe
from superlists.management.commands import prepare_database

SITE = "superlists.example.com"
OTHER = "superlists-staging.example.com"


@pytest.fixture(autouse=True)
def _site(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE_NAME = SITE
    monkeypatch.setitem(connection.settings_dict, "NAME", "lists.sqlite3")


def prepare(*arguments: str) -> list[str]:
    output = io.StringIO()
    call_command("prepare_database", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_a_production_site_gets_a_database_that_cannot_be_emptied(settings: Settings) -> None:
    settings.PRODUCTION_SITE = True
    Marker.objects.create(site_name=SITE)

    assert prepare() == [
        (
            f"the database was marked as one that may be emptied, as the one of {SITE}; the marker"
            " has been removed, and only a person who types the name can put it back"
        )
    ]
    assert not Marker.objects.exists()
    assert prepare() == []


def test_a_production_site_does_not_get_the_database_of_another_site(settings: Settings) -> None:
    settings.PRODUCTION_SITE = True
    Marker.objects.create(site_name=OTHER)

    with pytest.raises(CommandError) as refusal:
        prepare()

    assert str(refusal.value) == (
        f"The database lists.sqlite3 is marked as the one of {OTHER}, which the acceptance suite"
        f" may empty, but {SITE} is a production site: correct DATABASE_URL in the .env of {SITE}."
    )
    assert Marker.objects.get().site_name == OTHER


def test_a_staging_site_keeps_the_permission(settings: Settings) -> None:
    settings.PRODUCTION_SITE = False
    Marker.objects.create(site_name=SITE)

    assert prepare() == []
    assert Marker.objects.exists()


def test_the_kind_of_site_so_far_decides_about_a_staging_site(settings: Settings) -> None:
    settings.PRODUCTION_SITE = False
    User.objects.create(email="edith@example.com")

    assert prepare("--served-as", "staging") == []
    assert prepare("--served-as", "production") == [
        (
            f"{SITE} was a production site, and the database has 1 users: nothing can be emptied"
            " until a person types the name (mark-as-staging)"
        )
    ]
    with pytest.raises(CommandError, match="invalid choice: 'both'"):
        prepare("--served-as", "both")


def test_an_error_of_the_database_is_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_arguments: object) -> Iterator[str]:
        raise OperationalError("no such table: staging_marker")

    settings.PRODUCTION_SITE = True
    monkeypatch.setattr(prepare_database, "make_production", failing)

    with pytest.raises(CommandError, match=r"^The database lists\.sqlite3 lacks a table or column"):
        prepare()


def test_it_decides_by_itself_whether_the_permission_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    left_alone: list[bool] = []
    monkeypatch.setattr(prepare_database, "leave_alone", lambda: left_alone.append(True))

    prepare()

    assert left_alone == [True]
    assert permission_to_wipe.marked_for(connection) is None


def test_its_help_says_what_it_refuses_what_it_removes_and_what_it_asks() -> None:
    parser = prepare_database.Command().create_parser("manage.py", "prepare_database")

    shown = " ".join(parser.format_help().split())

    for part in ("refuse a database", "another kind of site; remove the permission"):
        assert part in shown
    assert re.search(r"--served-as \{production,staging\} \w+", shown.rpartition("options:")[2])
