"""What an operator reads about an error of the database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import Error, OperationalError, connection

from superlists.database_errors import known_meaning, sentence_about

LOCKED = (
    "is locked by another program: end that program, such as a migration, a backup or a database"
    " shell that was left open, and try again."
)
CANNOT_BE_OPENED = (
    "cannot be opened: check that DATABASE_URL names the right file, and that the user that the"
    " site runs as may read and write the file and its folder."
)
FULL = "cannot grow, because the disk is full: free some space and try again."
DISK_FAILED = (
    "cannot be written to its disk, which is full, over quota or damaged: check `df` and the"
    " system's log, free some space, and try again."
)
DAMAGED = (
    "is damaged or not a database: check that DATABASE_URL names the right file, and make a copy of"
    " it before you do anything else."
)
BUSY_SERVER = (
    "has no connection left for the site, or is starting or shutting down: check that the server is"
    " running, and try again."
)
NOT_MIGRATED = (
    "lacks a table or column that this version of the site needs, so it may belong to another site:"
    " check that DATABASE_URL in .env names the site's own database, and deploy the site in the"
    " same way as before."
)

SQLITE = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_BUSY_SNAPSHOT": LOCKED,
    "SQLITE_LOCKED_SHAREDCACHE": LOCKED,
    "SQLITE_READONLY_DBMOVED": (
        "is read-only here: let the user that the site runs as write to it (to an SQLite file and"
        " to its folder), and check that its disk is neither full nor mounted read-only."
    ),
    "SQLITE_CANTOPEN_ISDIR": CANNOT_BE_OPENED,
    "SQLITE_PERM": CANNOT_BE_OPENED,
    "SQLITE_AUTH_USER": CANNOT_BE_OPENED,
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR_WRITE": DISK_FAILED,
    "SQLITE_CORRUPT_INDEX": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
}
POSTGRESQL = {
    "55P03": LOCKED,
    "40P01": LOCKED,
    "25006": (
        "is read-only: check that DATABASE_URL points to the primary server and not to a replica,"
        " and that neither the server nor the role has default_transaction_read_only set."
    ),
    "42501": (
        "does not let the user in DATABASE_URL do this: make that user the owner of the database."
    ),
    "53100": FULL,
    "53300": BUSY_SERVER,
    "57P01": BUSY_SERVER,
    "57P02": BUSY_SERVER,
    "57P03": BUSY_SERVER,
    "58030": DISK_FAILED,
    "42P01": NOT_MIGRATED,
    "42703": NOT_MIGRATED,
    "3F000": NOT_MIGRATED,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}


class CauseError(Exception):
    """What a database driver raises."""

    def __init__(self, attribute: str, code: str) -> None:
        super().__init__(code)
        setattr(self, attribute, code)


def caused_by(cause: Exception, message: str = "the driver's own words") -> Error:
    error = OperationalError(message)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("attribute", "code", "meaning"),
    [
        *(("sqlite_errorname", *known) for known in SQLITE.items()),
        *(("sqlstate", *known) for known in POSTGRESQL.items()),
    ],
)
def test_a_known_error_states_what_to_do(attribute: str, code: str, meaning: str) -> None:
    assert known_meaning(caused_by(CauseError(attribute, code))) == meaning


@pytest.mark.parametrize("what", ["table: lists_list", "column: lists_list.name"])
def test_sqlite_has_no_code_for_what_is_missing(what: str) -> None:
    cause = CauseError("sqlite_errorname", "SQLITE_ERROR")

    assert known_meaning(caused_by(cause, f"no such {what}")) == NOT_MIGRATED


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the driver's own words"),
        caused_by(CauseError("sqlite_errorname", "SQLITE_ERROR")),
        caused_by(CauseError("sqlstate", "08006")),
        # Only what SQLite calls so.
        OperationalError("there is no such table"),
    ],
)
def test_the_meaning_of_another_error_is_unknown(error: Error) -> None:
    assert known_meaning(error) is None


def test_an_error_of_the_driver_itself_is_known_too(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite3"
    file.write_text("This is a letter, and it is long enough to be no database.")
    with (
        closing(sqlite3.connect(file)) as opened,
        pytest.raises(sqlite3.DatabaseError) as raised,
    ):
        opened.execute("SELECT 1 FROM sqlite_master")

    assert known_meaning(raised.value) == DAMAGED  # type: ignore[arg-type]


def test_an_unknown_error_is_quoted_in_one_line_after_the_name_of_the_database() -> None:
    error = OperationalError("\nthe server went away.\nIs it running?\n")

    assert sentence_about(error) == (
        f"The database {connection.settings_dict['NAME']} cannot be used (the server went away):"
        " check that it is running and that DATABASE_URL is right."
    )


def test_the_database_can_be_another_one() -> None:
    copy = connection.copy()
    copy.settings_dict["NAME"] = "/var/lib/lists.sqlite3"
    full = caused_by(CauseError("sqlite_errorname", "SQLITE_FULL"))

    assert sentence_about(full, copy) == f"The database /var/lib/lists.sqlite3 {FULL}"
