"""A migrated SQLite database, kept from one run to the next.

Migrations would take a fifth of a second at the beginning of each run, and their result changes
only with the code. Django still checks for unapplied migrations, as with `test --keepdb`.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

_PREFIX = "migrated-"


class MigratedDatabase:
    """The kept database that the present code would make."""

    def __init__(self, folder: Path, root: Path) -> None:
        """Compute its file name from the code.

        Args:
            folder: the folder in which it is kept.
            root: the folder of the project's own code; in other packages, only migrations count.

        """
        self._folder = folder
        self._file = folder / f"{_PREFIX}{_digest_of_code(root)}.sqlite3"

    def copy_to(self, file: Path) -> bool:
        """Copy it to a file, and return whether there was one."""
        try:
            shutil.copyfile(self._file, file)
            with closing(sqlite3.connect(file)) as copy:
                copy.execute("SELECT name FROM django_migrations").fetchone()
        except (OSError, sqlite3.Error):
            file.unlink(missing_ok=True)
            return False
        return True

    def keep(self, connection: BaseDatabaseWrapper) -> None:
        """Keep the database of a connection, and remove those of earlier code.

        A run never fails because of this.
        """
        with suppress(OSError, sqlite3.Error):
            self._folder.mkdir(parents=True, exist_ok=True)
            # In one step, because several runs may begin at the same time.
            with TemporaryDirectory(dir=self._folder, prefix=f".{_PREFIX}") as aside:
                copied = Path(aside, "database")
                connection.ensure_connection()
                with closing(sqlite3.connect(copied)) as copy:
                    connection.connection.backup(copy)
                os.replace(copied, self._file)  # noqa: PTH105
            for old in self._folder.glob(f"{_PREFIX}*"):
                if old != self._file:
                    old.unlink(missing_ok=True)


def _digest_of_code(root: Path) -> str:
    digest = hashlib.sha256()
    digest.update(f"{django.VERSION} {sqlite3.sqlite_version} {settings.INSTALLED_APPS}".encode())
    for app in apps.get_app_configs():
        for file in _files_of(app, root):
            digest.update(f"\0{file}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _files_of(app: AppConfig, root: Path) -> Iterator[Path]:
    """Find the files that determine the content of a new database."""
    folder = Path(app.path)
    if folder.is_relative_to(root):
        # A migration may import any module of the project.
        yield from sorted(folder.rglob("*.py"))
    else:
        module, _ = MigrationLoader.migrations_module(app.label)
        name = str(module).removeprefix(f"{app.name}.").replace(".", "/") if module else ""
        yield from sorted((folder / name).glob("*.py")) if name else ()
