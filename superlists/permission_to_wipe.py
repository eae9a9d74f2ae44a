"""The permission to empty a database, read and removed without the app `acceptance.server`.

A staging site may be emptied while its table `staging_marker` has a row. A production site has
neither that app nor its code, but its database may still have the row: a staging site used it
before, or `DATABASE_URL` points to the wrong one. Every database that a production site connects
to loses the permission, and a person has to type the name again (`manage.py mark_as_staging`).
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone

from superlists.database_errors import sentence_about
from superlists.models import ProductionUse

MARKER = "staging_marker"
LEASE = "staging_hold"

_logger = logging.getLogger(__name__)

_USES = ProductionUse._meta.db_table  # noqa: SLF001 (public by Django's documentation)

# At the start of a site, in seconds: gunicorn gives up on a worker that takes longer than 30.
_LONGEST_WAIT = 5


@dataclass(frozen=True)
class Lease:
    """The lease of a run of the acceptance suite, which has the site to itself.

    Attributes:
        holder: who started the run.
        since: when the run started.
        expires_at: when the lease ends, unless the run renews it by a request.

    """

    holder: str
    since: datetime
    expires_at: datetime


def tables(database: BaseDatabaseWrapper) -> frozenset[str]:
    """Return the names of the tables in the database."""
    with database.cursor() as cursor:
        return frozenset(database.introspection.table_names(cursor))


def marked_for(database: BaseDatabaseWrapper) -> str | None:
    """Return the name of the site that the database is marked for, or None."""
    return _marked_for(database) if MARKER in tables(database) else None


def lease(database: BaseDatabaseWrapper) -> Lease | None:
    """Return the lease of the run that is using the site now, or None."""
    if LEASE not in tables(database):
        return None
    with database.cursor() as cursor:
        cursor.execute(f"SELECT holder, since, expires_at FROM {LEASE}")  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        return None
    found = Lease(str(row[0]), _in_utc(row[1]), _in_utc(row[2]))
    return found if found.expires_at > timezone.now() else None


def end(database: BaseDatabaseWrapper) -> None:
    """Remove the permission; on PostgreSQL, wait for a fixture that is being made."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(f"SET lock_timeout = '{_LONGEST_WAIT}s'")
        cursor.execute(f"DELETE FROM {MARKER}")  # noqa: S608
        if database.vendor == "postgresql":
            cursor.execute("RESET lock_timeout")


def end_on_connection(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Remove the permission from a database that a production site has just connected to."""
    try:
        marked = marked_for(connection)
        if marked is None:
            return
        end(connection)
    except Error:
        _logger.exception("The permission to empty the database could not be checked or removed")
    else:
        _logger.error(
            "The database %s was marked as one that may be emptied, as the one of %s, and %s is a"
            " production site: the marker has been removed, and a person has to type the name"
            " again before anything here can be emptied.",
            connection.settings_dict["NAME"],
            marked,
            settings.SITE_NAME,
        )


def begin_to_serve() -> None:
    """Check that the database of a production site that is starting cannot be emptied.

    If the database is unreachable, read-only or without tables, the site starts all the same, and
    each connection is checked when it is made.

    Raises:
        ImproperlyConfigured: the marker that lets the database be emptied cannot be removed.

    """
    if not settings.PRODUCTION_SITE:
        return
    database = _impatient_copy()
    try:
        still_marked_for = marked_for(database)
        if still_marked_for is None:
            _record_use(database)
    except Error as error:
        _logger.warning("%s", sentence_about(error, database))
        return
    finally:
        database.close()
    if still_marked_for is not None:
        raise ImproperlyConfigured(
            f"The database {database.settings_dict['NAME']} is marked as one that may be emptied,"
            f" as the one of {still_marked_for}, and the production site {settings.SITE_NAME}"
            " cannot remove the marker: let it write to the database, or correct DATABASE_URL."
        )


def leave_alone() -> None:
    """Let this process connect without removing the permission, since it decides by itself."""
    connection_created.disconnect(end_on_connection)


def _marked_for(database: BaseDatabaseWrapper) -> str | None:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT site_name FROM {MARKER}")  # noqa: S608
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def _impatient_copy() -> BaseDatabaseWrapper:
    """Return another connection to the site's database that gives up soon."""
    database: BaseDatabaseWrapper = connections[DEFAULT_DB_ALIAS].copy()
    options = database.settings_dict["OPTIONS"]
    if database.vendor == "sqlite":
        options["timeout"] = min(_LONGEST_WAIT, options.get("timeout", _LONGEST_WAIT))
    else:
        options.setdefault("connect_timeout", _LONGEST_WAIT)
    return database


def _record_use(database: BaseDatabaseWrapper) -> None:
    if _USES not in tables(database):
        return
    now = database.ops.adapt_datetimefield_value(timezone.now())
    name = settings.SITE_NAME
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_USES} SET last_started = %s WHERE site_name = %s",  # noqa: S608
            [now, name],
        )
        if not cursor.rowcount:
            # Two workers may start at the same time.
            cursor.execute(
                f"INSERT INTO {_USES} (site_name, first_started, last_started)"  # noqa: S608
                " VALUES (%s, %s, %s) ON CONFLICT (site_name) DO NOTHING",
                [name, now, now],
            )


def _in_utc(time: datetime) -> datetime:
    # SQLite does not store time zones.
    return time if time.tzinfo else time.replace(tzinfo=UTC)
