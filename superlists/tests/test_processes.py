"""The site as an operator starts it: real processes with an environment of their own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from superlists.tests.conftest import Run

SENTENCE = (
    "SITENAME is missing, and a server needs it, since the site answers to that host name only: set"
    " it to that name, such as superlists.example.com."
)


def test_the_check_for_servers_finds_nothing(run: Run, production: dict[str, str]) -> None:
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **production)

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("command", ["check", "migrate", "runserver", "no_such_command"])
def test_manage_prints_one_sentence_about_a_wrong_setting_and_nothing_else(
    run: Run, production: dict[str, str], command: str
) -> None:
    del production["SITENAME"]

    answer = run("manage.py", command, **production)

    assert answer.returncode == 1
    assert answer.stderr == f"{SENTENCE}\n"
    assert answer.stdout == ""


def test_gunicorn_prints_one_sentence_about_a_wrong_setting_and_stops(
    run: Run, production: dict[str, str]
) -> None:
    del production["SITENAME"]

    answer = run("-m", "gunicorn", "--bind", "127.0.0.1:0", "superlists.wsgi", **production)

    assert answer.returncode == 3
    assert SENTENCE in answer.stderr.splitlines()
    assert "Traceback" not in answer.stderr
    assert answer.stderr.count("Booting worker") == 1


def test_a_production_site_that_starts_records_its_use(
    run: Run, production: dict[str, str], tmp_path: Path
) -> None:
    database = tmp_path / "lists.sqlite3"
    production["DATABASE_URL"] = f"sqlite:///{database}"
    run("manage.py", "migrate", **production)

    run("-c", "import superlists.wsgi", **production)

    with closing(sqlite3.connect(database)) as connection:
        uses = connection.execute("SELECT site_name FROM superlists_productionuse").fetchall()
    assert uses == [(production["SITENAME"],)]
