"""Whether a database may become, or stay, the one of a site of this kind: production or staging."""

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
    """The database must not be used for this; the text says why and what to do."""


@dataclass(frozen=True)
class Traces:
    """What a database shows of the sites that used it.

    Attributes:
        name: the database's name; a file, with SQLite.
        marked_for: the site as whose it may be wiped, or None.
        lease: of the run that has the site now, or None.
        was_staging: whether a staging site was ever deployed with it.
        production_sites: the names of the production sites that served from it.
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
    """Take the permission to wipe away, so that the database can be that of a production site.

    Yields:
        what a person should know, in sentences.

    Raises:
        UnfitDatabaseError: a run uses it, or it is marked as that of another site.

    """
    with transaction.atomic(using=database.alias):
        _wait_for_fixtures(database)
        found = traces_in(database)
        _see_that_it_is_free(found, site)
        if found.marked_for is None:
            return
        if found.marked_for != site:
            raise UnfitDatabaseError(
                f"The database {found.name} is marked as the one of {found.marked_for}, which the"
                f" acceptance suite wipes, and {site} is to be a production site: correct"
                f" DATABASE_URL in the .env of {site}."
            )
        permission_to_wipe.end(database)
    yield (
        f"the database was marked as one that may be wiped, as that of {site}; the marker has been"
        " removed, and only a person who types the name can put it back"
    )


def see_that_it_may_be_staging(
    database: BaseDatabaseWrapper, site: str, served: str | None
) -> Iterator[str]:
    """See that a staging site may be deployed with the database; changes nothing.

    Args:
        database: the database.
        site: the name of the staging site.
        served: as what the site has served so far, `production` or `staging`, or None.

    Yields:
        what a person should know, in sentences.

    Raises:
        UnfitDatabaseError: a run uses it, or it looks like a production site's.

    """
    found = traces_in(database)
    _see_that_it_is_free(found, site)
    if found.marked_for == site:
        return
    if found.marked_for is not None:
        yield f"the database is marked as that of {found.marked_for}, so it looks like a copy"
        return
    others = [name for name in found.production_sites if name != site or served is None]
    if others:
        raise UnfitDatabaseError(
            f"The database {found.name} is that of {' and '.join(others)}, which has served from it"
            f" as a production site, and {site} is to be a staging site: give {site} a database of"
            " its own in DATABASE_URL in its .env."
        )
    if found.users and not found.was_staging and served != "production":
        raise UnfitDatabaseError(
            f"The database {found.name} has {found.users} users and was never a staging site's, and"
            f" {site} is to be one: give {site} a database of its own in DATABASE_URL in its .env."
        )
    if found.users and (found.production_sites or served == "production"):
        yield (
            f"{site} has served as production, and the database has {found.users} users: nothing"
            " of theirs can be wiped before a person types the name (mark-as-staging)"
        )


def _wait_for_fixtures(database: BaseDatabaseWrapper) -> None:
    """Let a fixture that is being made be whole; the next one waits for us."""
    if database.vendor == "postgresql" and permission_to_wipe.MARKER in permission_to_wipe.tables(
        database
    ):
        with database.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            cursor.execute(f"SELECT id FROM {permission_to_wipe.MARKER} FOR UPDATE")  # noqa: S608


def _see_that_it_is_free(found: Traces, site: str) -> None:
    if found.lease is not None:
        raise UnfitDatabaseError(
            f"{found.lease.holder} has had {site} for a run of the acceptance suite since"
            f" {found.lease.since:%Y-%m-%d %H:%M:%S} UTC: wait for that run to end, or until"
            f" {found.lease.expires_at:%Y-%m-%d %H:%M:%S} UTC, when its lease expires unless the"
            " run is still at work."
        )
