"""The permission to empty a database, as a production site ends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone
from pytest_django import Settings

from acceptance.server.models import Lease, Marker
from superlists import database_kind, permission_to_wipe
from superlists.models import ProductionUse

SITE = "superlists.example.com"
STAGING = "superlists-staging.example.com"
NAME = "lists.sqlite3"


@pytest.fixture(autouse=True)
def _named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database has a name for people."""
    monkeypatch.setitem(connection.settings_dict, "NAME", NAME)


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """A production site whose second connection is the one of the test; the way to close it."""
    close = Mock()
    settings.PRODUCTION_SITE = True
    settings.SITE_NAME = SITE
    monkeypatch.setattr(permission_to_wipe, "_impatient_copy", lambda: connection)
    monkeypatch.setattr(connection, "close", close)
    return close


@contextmanager
def without_table(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO elsewhere")
        yield
        cursor.execute(f"ALTER TABLE elsewhere RENAME TO {name}")


def failing(*_arguments: Any) -> None:
    raise OperationalError("attempt to write a readonly database")


def test_the_marker_and_the_lease_are_read() -> None:
    since = datetime(2030, 1, 31, 12, 0, 0, tzinfo=UTC)
    until = timezone.now() + timedelta(minutes=1)
    assert permission_to_wipe.marked_for(connection) is None
    assert permission_to_wipe.lease(connection) is None

    Marker.objects.create(site_name=STAGING)
    Lease.objects.create(run_id="a" * 32, holder="elspeth@laptop", since=since, expires_at=until)

    assert permission_to_wipe.marked_for(connection) == STAGING
    assert permission_to_wipe.lease(connection) == permission_to_wipe.Lease(
        "elspeth@laptop", since, until
    )


def test_a_lease_that_has_expired_counts_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2030, 1, 31, 12, 0, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    Lease.objects.create(run_id="a" * 32, holder="elspeth@laptop", since=now, expires_at=now)

    assert permission_to_wipe.lease(connection) is None


def test_a_time_with_a_time_zone_stays_the_same_moment() -> None:
    in_berlin = datetime(2030, 1, 31, 13, tzinfo=timezone.get_fixed_timezone(60))

    assert permission_to_wipe._in_utc(in_berlin) == datetime(2030, 1, 31, 12, tzinfo=UTC)
    assert permission_to_wipe._in_utc(datetime(2030, 1, 31, 12)) == in_berlin  # noqa: DTZ001


def test_a_database_of_a_production_site_needs_neither_table() -> None:
    with without_table(permission_to_wipe.MARKER):
        assert permission_to_wipe.marked_for(connection) is None
    with without_table(permission_to_wipe.LEASE):
        assert permission_to_wipe.lease(connection) is None


def test_a_connection_of_a_production_site_ends_the_permission(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SITE_NAME = SITE
    Marker.objects.create(site_name=STAGING)

    permission_to_wipe.end_on_connection(connection)
    permission_to_wipe.end_on_connection(connection)

    assert not Marker.objects.exists()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            "ERROR",
            (
                f"The database {NAME} was marked as one that may be emptied, as the one of"
                f" {STAGING}, and {SITE} is a production site: the marker has been removed, and a"
                " person has to type the name again before anything here can be emptied."
            ),
        )
    ]


def test_a_marker_that_cannot_be_removed_is_logged_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Marker.objects.create(site_name=STAGING)
    monkeypatch.setattr(permission_to_wipe, "end", failing)

    permission_to_wipe.end_on_connection(connection)

    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.getMessage() == (
        "The permission to empty the database could not be checked or removed"
    )
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], OperationalError)


@pytest.mark.parametrize("production_site", [True, False])
def test_only_a_production_site_ends_it_at_each_connection(
    settings: Settings, *, production_site: bool
) -> None:
    settings.PRODUCTION_SITE = production_site
    database = Mock()
    database.introspection.table_names.return_value = []
    database.cursor.return_value.__enter__ = Mock()
    database.cursor.return_value.__exit__ = Mock()

    apps.get_app_config("superlists").ready()
    try:
        connection_created.send(Mock, connection=database)
    finally:
        permission_to_wipe.leave_alone()

    assert database.cursor.called is production_site
    database.reset_mock()
    connection_created.send(Mock, connection=database)
    assert not database.cursor.called


def test_a_production_site_that_starts_records_its_use_once(
    production: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = datetime(2030, 1, 31, 12, 0, 0, tzinfo=UTC)
    later = first + timedelta(hours=1)
    ProductionUse.objects.create(site_name="other", first_started=first, last_started=first)
    for now in (first, later):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        permission_to_wipe.begin_to_serve()
    assert production.call_count == 2

    uses = ProductionUse.objects.order_by("site_name")
    assert list(uses.values_list("site_name", "first_started", "last_started")) == [
        ("other", first, first),
        (SITE, first, later),
    ]


def test_a_site_that_is_not_for_production_records_nothing(
    production: Mock, settings: Settings
) -> None:
    settings.PRODUCTION_SITE = False
    Marker.objects.create(site_name=STAGING)

    permission_to_wipe.begin_to_serve()

    assert not ProductionUse.objects.exists()
    assert permission_to_wipe.marked_for(connection) == STAGING


def test_a_production_site_does_not_start_while_its_database_may_be_emptied(
    production: Mock,
) -> None:
    Marker.objects.create(site_name=STAGING)

    with pytest.raises(ImproperlyConfigured) as refusal:
        permission_to_wipe.begin_to_serve()

    assert str(refusal.value) == (
        f"The database {NAME} is marked as one that may be emptied, as the one of {STAGING}, and"
        f" the production site {SITE} cannot remove the marker: let it write to the database, or"
        " correct DATABASE_URL."
    )
    assert not ProductionUse.objects.exists()


def test_a_production_site_starts_without_the_table_of_uses(
    production: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    with without_table("superlists_productionuse"):
        permission_to_wipe.begin_to_serve()

    assert caplog.text == ""


@pytest.mark.parametrize("use", ["marked_for", "_record_use"])
def test_a_production_site_starts_without_a_database_that_it_can_use(
    production: Mock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, use: str
) -> None:
    monkeypatch.setattr(permission_to_wipe, use, failing)

    permission_to_wipe.begin_to_serve()

    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith(f"The database {NAME} cannot be used (attempt to write ")


@pytest.mark.parametrize(("usual", "at_start"), [(20, 5), (2, 2), (None, 5)])
def test_a_start_waits_for_sqlite_no_longer_than_gunicorn_does(
    usual: int | None, at_start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {} if usual is None else {"timeout": usual}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)

    copy = permission_to_wipe._impatient_copy()

    assert copy is not connection
    assert copy.settings_dict["OPTIONS"]["timeout"] == at_start
    assert connection.settings_dict["OPTIONS"] == options


class Statements:
    """A PostgreSQL database that notes what it is asked."""

    vendor = "postgresql"

    def __init__(self) -> None:
        self.cursor = Mock()
        self.cursor.return_value.__enter__ = Mock(return_value=self)
        self.cursor.return_value.__exit__ = Mock(return_value=None)
        self.executed: list[str] = []

    def execute(self, statement: str) -> None:
        self.executed.append(statement)


def test_the_end_of_the_permission_waits_for_a_fixture_on_postgresql() -> None:
    database = Statements()

    permission_to_wipe.end(database)  # type: ignore[arg-type]

    assert database.executed == [
        "SET lock_timeout = '5s'",
        "DELETE FROM staging_marker",
        "RESET lock_timeout",
    ]


def test_a_deployment_waits_for_a_fixture_on_postgresql_where_there_are_fixtures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for tables, statements in (
        (
            {"staging_marker"},
            ["SET LOCAL lock_timeout = '20s'", "SELECT id FROM staging_marker FOR UPDATE"],
        ),
        ({"accounts_user"}, []),
    ):
        database = Statements()
        monkeypatch.setattr(permission_to_wipe, "tables", lambda _database, found=tables: found)

        database_kind._wait_for_fixtures(database)  # type: ignore[arg-type]

        assert database.executed == statements


def test_a_start_waits_for_postgresql_no_longer_than_gunicorn_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for options in ({}, {"connect_timeout": 2}):
        database = Mock(vendor="postgresql", settings_dict={"OPTIONS": dict(options)})
        original = Mock(copy=lambda database=database: database)
        monkeypatch.setattr(permission_to_wipe, "connections", {"default": original})

        copy = permission_to_wipe._impatient_copy()

        assert copy.settings_dict["OPTIONS"] == {"connect_timeout": 5, **options}
