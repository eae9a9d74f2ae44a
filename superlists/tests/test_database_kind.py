"""Which databases may be deployed with which kind of site."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from acceptance.server.models import Lease, Marker
from accounts.models import User
from superlists import database_kind, permission_to_wipe
from superlists.database_kind import (
    UnfitDatabaseError,
    check_that_it_may_be_staging,
    make_production,
)
from superlists.models import ProductionUse

pytestmark = pytest.mark.django_db

STAGING = "superlists-staging.example.com"
PRODUCTION = "superlists.example.com"


def traces(*, marked_for: str = "", served: tuple[str, ...] = (), users: int = 0) -> None:
    now = timezone.now()
    if marked_for:
        Marker.objects.create(site_name=marked_for)
    for name in served:
        ProductionUse.objects.create(site_name=name, first_started=now, last_started=now)
    for number in range(users):
        User.objects.create(email=f"edith{number}@example.com")


@pytest.mark.parametrize(
    ("served_as", "served", "refused"),
    [
        # STAGING was written by hand into the .env of a production site.
        ("production", (STAGING,), ""),
        ("staging", (STAGING,), ""),
        # The folder shows no earlier release, but the database records one.
        (None, (STAGING,), f"has been used in production by {STAGING}, but {STAGING} is a staging"),
        (None, (PRODUCTION,), f"has been used in production by {PRODUCTION}"),
        ("staging", (PRODUCTION,), f"has been used in production by {PRODUCTION}"),
        ("production", (PRODUCTION,), f"has been used in production by {PRODUCTION}"),
        ("production", (STAGING, PRODUCTION), f"has been used in production by {PRODUCTION}"),
        (None, (), ""),
    ],
)
def test_staging_is_not_deployed_with_the_database_of_a_production_site(
    served_as: str | None, served: tuple[str, ...], refused: str
) -> None:
    traces(served=served)

    try:
        list(check_that_it_may_be_staging(connection, STAGING, served_as))
        message = ""
    except UnfitDatabaseError as refusal:
        message = str(refusal)

    assert bool(message) == bool(refused)
    assert refused in message


def test_a_database_that_a_person_marked_may_be_staging_whatever_it_was() -> None:
    traces(marked_for=STAGING, served=(PRODUCTION,), users=2)

    assert list(check_that_it_may_be_staging(connection, STAGING, None)) == []


def test_a_note_points_out_a_copy() -> None:
    traces(marked_for="other.example.com", served=(PRODUCTION,), users=2)

    assert list(check_that_it_may_be_staging(connection, STAGING, None)) == [
        "the database is marked as the one of other.example.com, so it looks like a copy"
    ]


def test_a_refusal_names_the_database_the_sites_in_order_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "lists.sqlite3")
    traces(served=(PRODUCTION, "a.example.com"))

    with pytest.raises(UnfitDatabaseError) as refusal:
        list(check_that_it_may_be_staging(connection, STAGING, "staging"))

    assert str(refusal.value) == (
        f"The database lists.sqlite3 has been used in production by a.example.com and {PRODUCTION},"
        f" but {STAGING} is a staging site: give {STAGING} a database of its own in DATABASE_URL in"
        " its .env."
    )


def test_a_database_without_tables_may_serve_either_kind() -> None:
    with connection.cursor() as cursor:
        for table in ("staging_marker", "staging_hold", "superlists_productionuse"):
            cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
        cursor.execute("ALTER TABLE accounts_user RENAME TO elsewhere")

    assert list(check_that_it_may_be_staging(connection, STAGING, None)) == []
    assert list(make_production(connection, PRODUCTION)) == []


@pytest.mark.parametrize(
    ("served_as", "served", "notes"),
    [
        ("production", (), 1),
        ("staging", (STAGING,), 1),
        ("staging", (), 0),
    ],
)
def test_a_note_points_out_the_users_of_a_site_that_was_for_production(
    served_as: str, served: tuple[str, ...], notes: int
) -> None:
    traces(served=served, users=2)

    found = list(check_that_it_may_be_staging(connection, STAGING, served_as))

    assert (
        found
        == [
            (
                f"{STAGING} was a production site, and the database has 2 users: nothing can be"
                " emptied until a person types the name (mark-as-staging)"
            )
        ]
        * notes
    )


@pytest.mark.parametrize("served_as", [None, "staging"])
def test_a_database_with_users_that_no_staging_site_used_is_refused(
    served_as: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "lists.sqlite3")
    traces(users=2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE staging_marker RENAME TO elsewhere")

    with pytest.raises(UnfitDatabaseError) as refusal:
        list(check_that_it_may_be_staging(connection, STAGING, served_as))
    assert str(refusal.value) == (
        f"The database lists.sqlite3 has 2 users and no staging site has used it, but {STAGING} is"
        f" one: give {STAGING} a database of its own in DATABASE_URL in its .env."
    )

    (note,) = check_that_it_may_be_staging(connection, STAGING, "production")
    assert "nothing can be emptied until a person types the name" in note


def test_a_staging_site_that_is_not_marked_yet_keeps_its_users() -> None:
    traces(users=2)

    assert list(check_that_it_may_be_staging(connection, STAGING, "staging")) == []


def test_a_lease_keeps_every_deployment_away_until_it_expires() -> None:
    traces(marked_for=STAGING)
    now = timezone.now()
    lease = Lease.objects.create(
        run_id="a" * 32, holder="elspeth@laptop", since=now, expires_at=now + timedelta(seconds=60)
    )

    for deployment in (
        make_production(connection, STAGING),
        check_that_it_may_be_staging(connection, STAGING, "staging"),
    ):
        with pytest.raises(UnfitDatabaseError) as refusal:
            list(deployment)
        assert str(refusal.value) == (
            f"elspeth@laptop has been using {STAGING} for a run of the acceptance suite since"
            f" {now:%Y-%m-%d %H:%M:%S} UTC: wait for that run to end, or until"
            f" {lease.expires_at:%Y-%m-%d %H:%M:%S} UTC, when its lease expires unless the run is"
            " still going."
        )
    assert permission_to_wipe.marked_for(connection) == STAGING

    lease.expires_at = now
    lease.save()
    assert len(list(make_production(connection, STAGING))) == 1
    assert permission_to_wipe.marked_for(connection) is None


@pytest.mark.django_db(transaction=True)
def test_no_fixture_is_made_while_the_permission_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    # The lock that fixtures wait for ends with the transaction.
    waited_in_transaction: list[bool] = []
    monkeypatch.setattr(
        database_kind,
        "_wait_for_fixtures",
        lambda database: waited_in_transaction.append(database.in_atomic_block),
    )
    traces(marked_for=PRODUCTION)

    assert len(list(make_production(connection, PRODUCTION))) == 1

    assert waited_in_transaction == [True]
