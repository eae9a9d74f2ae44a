"""What the database's errors mean to the person who can do something about them."""

from django.db import Error, connection

_LOCKED = (
    "is locked by another program: end what keeps it, such as a migration, a backup or a"
    " database shell that was left open, and try again."
)
_READ_ONLY = (
    "is read-only here: let the user that the site runs as write to it (to an SQLite file and to"
    " the folder that it is in), and see that its disk is neither full nor mounted read-only."
)
_CANNOT_BE_OPENED = (
    "cannot be opened: see that DATABASE_URL names the right file, and that the user that the site"
    " runs as may read and write it and its folder."
)
_FULL = "cannot grow, because the disk is full: make room and try again."
_NOT_MIGRATED = (
    "lacks a table or column that this version of the site needs: run manage.py migrate."
)

# https://www.sqlite.org/rescode.html; extended codes begin with the name of the one they extend.
_SQLITE = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _CANNOT_BE_OPENED,
    "SQLITE_FULL": _FULL,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "55P03": _LOCKED,
    "25006": _READ_ONLY,
    "53100": _FULL,
    "42P01": _NOT_MIGRATED,
    "42703": _NOT_MIGRATED,
}


def sentence_about(error: Error) -> str:
    """Return one sentence about an error of Django's database layer: what it means, what to do."""
    cause = error.__cause__ or error
    name = str(getattr(cause, "sqlite_errorname", None))
    state = str(getattr(cause, "sqlstate", None))
    message = str(error).partition("\n")[0]
    if message.startswith(("no such table", "no such column")):
        # For SQLite they are an SQLITE_ERROR like many others.
        meaning = _NOT_MIGRATED
    else:
        meaning = _POSTGRESQL.get(state) or next(
            (meaning for code, meaning in _SQLITE.items() if name.startswith(code)),
            f"cannot be used ({message}): see that it runs and that DATABASE_URL is right.",
        )
    return f"The database {connection.settings_dict['NAME']} {meaning}"
