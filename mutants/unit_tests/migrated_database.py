"""A test database that is copied instead of being made by the migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection

_FIXTURE = "django_db_setup"
_MIGRATE = "django.core.management.commands.migrate.Command.handle"


class KeptDatabase:
    """A plugin of pytest that keeps a copy of the test database when it has been made."""

    def __init__(self, file: Path) -> None:
        """Know where to keep it.

        Args:
            file: the file of the copy.

        """
        self._file = file

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        """Copy the database after the fixture that makes it."""
        made = yield
        if fixturedef.argname == _FIXTURE:
            with closing(sqlite3.connect(self._file)) as copy:
                connection.connection.backup(copy)
        return made


class CopiedDatabase:
    """A plugin of pytest that copies a test database in place of migrating a new one."""

    def __init__(self, file: Path) -> None:
        """Know what to copy.

        Args:
            file: the file that `KeptDatabase` has made.

        """
        self._file = file

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        """Copy the database within the fixture that makes it; tests may migrate others."""
        if fixturedef.argname != _FIXTURE:
            return (yield)
        with patch(_MIGRATE, self._copy):
            return (yield)

    def _copy(self, *_arguments: object, **_options: object) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(self._file)) as made:
            made.backup(connection.connection)
