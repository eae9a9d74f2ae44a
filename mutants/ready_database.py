"""A test database that is ready, so that no migrations have to be checked."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.db import connection

from acceptance.profiles import local

FILE = "ready.sqlite3"


def keep_database(project: Path) -> Path:
    """Return the database that the last run in a copy of the project has migrated."""
    (migrated,) = (project / "artifacts").glob("migrated-*")
    return shutil.copyfile(migrated, project / "artifacts" / FILE)


@contextmanager
def database_from(file: Path) -> Iterator[None]:
    """Let runs in this process begin with a copy of a database for the duration of the block."""

    def set_up(_runner: object, **_options: object) -> Sequence[object]:
        name = connection.settings_dict["TEST"]["NAME"]
        shutil.copyfile(file, name)
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        return []

    with (
        patch.object(local, "_kept_database", return_value=None),
        patch.object(local.LocalTestRunner, "setup_databases", set_up),
    ):
        yield
