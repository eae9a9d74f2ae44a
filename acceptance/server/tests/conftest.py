import json
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from acceptance.server.beginning import BeginningElsewhere
from acceptance.server.fixture_requests import FixtureRequests
from acceptance.server.guard import Run
from acceptance.server.marking import mark
from superlists.tests.processes import deploy, run_python

HOST = "superlists-staging.example.com"
EDITH = "edith@example.com"
ELSPETH = Run(id=uuid.uuid4().hex, holder="elspeth@laptop", longest_pause=120)
HARRY = Run(id=uuid.uuid4().hex, holder="harry@desktop", longest_pause=120)

Ask = Callable[..., dict[str, Any]]


def request(call: str, run: Run = ELSPETH, host: str = HOST, **arguments: object) -> bytes:
    """A request as it arrives over the connection."""
    members = {
        "call": call,
        "arguments": arguments,
        "host": host,
        "run": {"id": run.id, "holder": run.holder, "longest_pause": run.longest_pause},
    }
    return json.dumps(members).encode() + b"\n"


def dump() -> list[str]:
    """The content of the database, as SQL."""
    connection.ensure_connection()
    assert isinstance(connection.connection, sqlite3.Connection)
    return list(connection.connection.iterdump())


@pytest.fixture
def site(settings: Settings) -> None:
    """A staging site whose database no one has marked yet."""
    settings.SITE_NAME = HOST


@pytest.fixture
def marked(site: None, db: None) -> None:
    """A staging site that may be emptied."""
    mark()


@pytest.fixture
def ask(marked: None) -> Ask:
    """Requests a fixture as a run does, and returns the answer."""
    requests = FixtureRequests(BeginningElsewhere())

    def ask(call: str, run: Run = ELSPETH, host: str = HOST, **arguments: object) -> dict[str, Any]:
        return requests.answer(request(call, run, host, **arguments))

    return ask


class Server:
    """A staging server: the project as it is deployed, with a database in a file."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self.database = database
        self.environment = {
            "DJANGO_DEBUG_FALSE": "y",
            "DJANGO_SECRET_KEY": "an-example-of-a-key-that-is-long-enough-0123456789-0123456789",
            "SITENAME": HOST,
            "STAGING": "y",
            "DATABASE_URL": f"sqlite:///{database}?timeout=1",
        }

    def run(
        self, *arguments: str, typed: str | bytes = b"", as_ordinary_user: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py with the settings in `environment`."""
        self.write_environment()
        return run_python(
            self.folder,
            "manage.py",
            *arguments,
            typed=typed,
            as_ordinary_user=as_ordinary_user,
        )

    def write_environment(self) -> None:
        """Write the server's .env."""
        lines = (f"{name}='{value}'\n" for name, value in self.environment.items())
        (self.folder / ".env").write_text("".join(lines), encoding="utf-8")

    def dump(self) -> list[str]:
        """The content of the database, as SQL."""
        database = sqlite3.connect(self.database)
        try:
            return list(database.iterdump())
        finally:
            database.close()


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return deploy(tmp_path_factory.mktemp("deployed"))


@pytest.fixture(scope="session")
def marked_database(deployed: Path) -> Path:
    """The database of a server on which everything is ready, as a template."""
    server = Server(deployed, deployed / "marked.sqlite3")
    for command, typed in (("migrate", ""), ("mark_as_staging", f"{HOST}\n")):
        ended = server.run(command, typed=typed)
        assert ended.returncode == 0, ended.stderr
    return server.database


@pytest.fixture
def server(deployed: Path, marked_database: Path, tmp_path: Path) -> Server:
    """A staging server that may be emptied."""
    return Server(deployed, Path(shutil.copy(marked_database, tmp_path / "db.sqlite3")))
