"""What the database's errors mean to the person who can do something about them."""

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

_LOCKED = (
    "is locked by another program: end that program, such as a migration, a backup or a"
    " database shell that was left open, and try again."
)
_READ_ONLY = (
    "is read-only here: let the user that the site runs as write to it (to an SQLite file and to"
    " its folder), and check that its disk is neither full nor mounted read-only."
)
_READ_ONLY_SERVER = (
    "is read-only: check that DATABASE_URL points to the primary server and not to a replica, and"
    " that neither the server nor the role has default_transaction_read_only set."
)
_NOT_ALLOWED = (
    "does not let the user in DATABASE_URL do this: make that user the owner of the database."
)
_CANNOT_BE_OPENED = (
    "cannot be opened: check that DATABASE_URL names the right file, and that the user that the"
    " site runs as may read and write the file and its folder."
)
_FULL = "cannot grow, because the disk is full: free some space and try again."
_DISK_FAILED = (
    "cannot be written to its disk, which is full, over quota or damaged: check `df` and the"
    " system's log, free some space, and try again."
)
_DAMAGED = (
    "is damaged or not a database: check that DATABASE_URL names the right file, and make a copy"
    " of it before you do anything else."
)
_BUSY_SERVER = (
    "has no connection left for the site, or is starting or shutting down: check that the server"
    " is running, and try again."
)
# No advice to migrate: the database may be another site's, for which that would be a change.
_NOT_MIGRATED = (
    "lacks a table or column that this version of the site needs, so it may belong to another"
    " site: check that DATABASE_URL in .env names the site's own database, and deploy the site in"
    " the same way as before."
)

# https://www.sqlite.org/rescode.html; extended codes begin with the name of the one they extend.
_SQLITE = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _CANNOT_BE_OPENED,
    "SQLITE_PERM": _CANNOT_BE_OPENED,
    "SQLITE_AUTH": _CANNOT_BE_OPENED,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _DISK_FAILED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html; two characters name a class.
_POSTGRESQL = {
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "25006": _READ_ONLY_SERVER,
    "42501": _NOT_ALLOWED,
    "53100": _FULL,
    "53300": _BUSY_SERVER,
    "57P01": _BUSY_SERVER,
    "57P02": _BUSY_SERVER,
    "57P03": _BUSY_SERVER,
    "58030": _DISK_FAILED,
    "42P01": _NOT_MIGRATED,
    "42703": _NOT_MIGRATED,
    "3F000": _NOT_MIGRATED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}


def known_meaning(error: Error) -> str | None:
    """Return what is wrong with the database and what to do, or None for an unknown error."""
    cause = error.__cause__ or error
    name = str(getattr(cause, "sqlite_errorname", None))
    state = str(getattr(cause, "sqlstate", None))
    if str(error).startswith(("no such table", "no such column")):
        # SQLite has no code of its own for these, only the general SQLITE_ERROR.
        return _NOT_MIGRATED
    return _POSTGRESQL.get(state) or next(
        (meaning for code, meaning in _SQLITE.items() if name.startswith(code)), None
    )


def sentence_about(error: Error, database: BaseDatabaseWrapper | None = None) -> str:
    """Return one sentence about an error of Django's database layer: what it means, what to do.

    Args:
        error: the error.
        database: where it happened; the site's database unless given.

    """
    message = str(error).strip().partition("\n")[0].rstrip(".")
    meaning = known_meaning(error) or (
        f"cannot be used ({message}): check that it is running and that DATABASE_URL is right."
    )
    return f"The database {(database or connection).settings_dict['NAME']} {meaning}"
