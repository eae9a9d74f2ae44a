"""Decide whether a database may serve a site of this kind: production or staging."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from superlists import permission_to_wipe
from superlists.models import ProductionUse
from superlists.permission_to_wipe import Lease

_LOCK_SECONDS = 20


class UnfitDatabaseError(Exception):
    """The database must not be used for this; the message gives the reason and what to do."""


@dataclass(frozen=True)
class Traces:
    """The traces in a database of the sites that used it.

    Attributes:
        name: the database's name; a file, with SQLite.
        marked_for: the site that may empty it, or None.
        lease: the lease of the run that is using the site now, or None.
        was_staging: whether a staging site was ever deployed with it.
        production_sites: the names of the production sites that used it.
        users: how many users there are.

    """

    name: str
    marked_for: str | None
    lease: Lease | None
    was_staging: bool
    production_sites: Sequence[str]
    users: int


def traces_in(database: BaseDatabaseWrapper) -> Traces:
    """Look at a database, which may have no tables yet."""
    tables = permission_to_wipe.tables(database)
    uses, users = (model._meta.db_table for model in (ProductionUse, User))  # noqa: SLF001
    with database.cursor() as cursor:
        production_sites: list[str] = []
        if uses in tables:
            cursor.execute(f"SELECT site_name FROM {uses} ORDER BY site_name")  # noqa: S608
            production_sites = [str(name) for (name,) in cursor.fetchall()]
        found = 0
        if users in tables:
            cursor.execute(f"SELECT count(*) FROM {users}")  # noqa: S608
            found = int(cursor.fetchone()[0])
    return Traces(
        name=str(database.settings_dict["NAME"]),
        marked_for=permission_to_wipe.marked_for(database),
        lease=permission_to_wipe.lease(database),
        was_staging=permission_to_wipe.MARKER in tables,
        production_sites=production_sites,
        users=found,
    )


def make_production(database: BaseDatabaseWrapper, site: str) -> Iterator[str]:
    """Remove the permission to empty a database, so that a production site can use the database.

    Yields:
        sentences for the person who deploys.

    Raises:
        UnfitDatabaseError: a run is using it, or it is marked for another site.

    """
    with transaction.atomic(using=database.alias):
        _wait_for_fixtures(database)
        found = traces_in(database)
        _check_that_it_is_free(found, site)
        if found.marked_for is None:
            return
        if found.marked_for != site:
            raise UnfitDatabaseError(
                f"The database {found.name} is marked as the one of {found.marked_for}, which the"
                f" acceptance suite may empty, but {site} is a production site: correct"
                f" DATABASE_URL in the .env of {site}."
            )
        permission_to_wipe.end(database)
    yield (
        f"the database was marked as one that may be emptied, as the one of {site}; the marker has"
        " been removed, and only a person who types the name can put it back"
    )


def check_that_it_may_be_staging(
    database: BaseDatabaseWrapper, site: str, served: str | None
) -> Iterator[str]:
    """Check that a staging site may be deployed with the database, without changing it.

    Args:
        database: the database.
        site: the name of the staging site.
        served: the kind of site so far, `production` or `staging`, or None for a new site.

    Yields:
        sentences for the person who deploys.

    Raises:
        UnfitDatabaseError: a run is using it, or it looks like a production site's.

    """
    found = traces_in(database)
    _check_that_it_is_free(found, site)
    if found.marked_for == site:
        return
    if found.marked_for is not None:
        yield f"the database is marked as the one of {found.marked_for}, so it looks like a copy"
        return
    others = [name for name in found.production_sites if name != site or served is None]
    if others:
        raise UnfitDatabaseError(
            f"The database {found.name} has been used in production by {' and '.join(others)}, but"
            f" {site} is a staging site: give {site} a database of its own in DATABASE_URL in its"
            " .env."
        )
    if found.users and not found.was_staging and served != "production":
        raise UnfitDatabaseError(
            f"The database {found.name} has {found.users} users and no staging site has used it,"
            f" but {site} is one: give {site} a database of its own in DATABASE_URL in its .env."
        )
    if found.users and (found.production_sites or served == "production"):
        yield (
            f"{site} was a production site, and the database has {found.users} users: nothing can"
            " be emptied until a person types the name (mark-as-staging)"
        )


def _wait_for_fixtures(database: BaseDatabaseWrapper) -> None:
    """Wait until the fixture that is being made is complete, and keep the next one waiting."""
    if database.vendor == "postgresql" and permission_to_wipe.MARKER in permission_to_wipe.tables(
        database
    ):
        with database.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            cursor.execute(f"SELECT id FROM {permission_to_wipe.MARKER} FOR UPDATE")  # noqa: S608


def _check_that_it_is_free(found: Traces, site: str) -> None:
    if found.lease is not None:
        raise UnfitDatabaseError(
            f"{found.lease.holder} has been using {site} for a run of the acceptance suite since"
            f" {found.lease.since:%Y-%m-%d %H:%M:%S} UTC: wait for that run to end, or until"
            f" {found.lease.expires_at:%Y-%m-%d %H:%M:%S} UTC, when its lease expires unless the"
            " run is still going."
        )
