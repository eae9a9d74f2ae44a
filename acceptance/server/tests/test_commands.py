"""The commands of a staging server, as real processes on a database in a file."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from socket import create_server
from threading import Timer
from typing import Any

import pytest

from acceptance.server.tests.conftest import EDITH, HARRY, HOST, Server, request
from superlists.tests.processes import bare

COMMANDS = {
    "mark_as_staging": [],
    "create_session": [EDITH],
    "reset_site": [HOST],
    "answer_fixture_requests": [],
}
RESET = request("reset")


class Conversation:
    """A run's connection to a server that answers its requests."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        assert self.next_answer() == {"ready": True}

    def send(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def next_answer(self) -> dict[str, Any]:
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def ask(self, line: bytes) -> dict[str, Any]:
        self.send(line)
        return self.next_answer()

    def cut(self) -> int:
        """End the connection, and return the exit status of the process."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait()


@contextmanager
def conversation(server: Server, *options: str) -> Iterator[Conversation]:
    """Start answering requests; the process ends with the block, or after a minute."""
    server.write_environment()
    with conversation_in(server.folder, *options) as begun:
        yield begun


@contextmanager
def conversation_in(folder: Path, *options: str) -> Iterator[Conversation]:
    """The same, in a folder with manage.py and .env."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "answer_fixture_requests", *options],
        cwd=folder,
        env=bare({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        watchdog = Timer(60, process.kill)
        watchdog.start()
        try:
            yield Conversation(process)
        finally:
            watchdog.cancel()
            process.kill()


def rows(server: Server, sql: str) -> list[Any]:
    with closing(sqlite3.connect(server.database)) as database:
        return database.execute(sql).fetchall()


def change(server: Server, sql: str) -> None:
    with closing(sqlite3.connect(server.database)) as database, database:
        database.execute(sql)


def complaint(ended: subprocess.CompletedProcess[str]) -> str:
    """The sentence with which a command ended."""
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("CommandError: ")
    assert line.endswith(".")
    return line.removeprefix("CommandError: ")


def seconds_leased(server: Server) -> float:
    ((seconds,),) = rows(
        server, "select 86400 * (julianday(expires_at) - julianday('now')) from staging_hold"
    )
    return float(seconds)


# A server that is not a staging server


@pytest.mark.parametrize("command", COMMANDS)
def test_without_the_app_a_marked_database_is_safe(server: Server, command: str) -> None:
    del server.environment["STAGING"]
    before = server.dump()

    ended = server.run(command, *COMMANDS[command], typed=RESET)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Unknown command: '{command}'")
    assert ended.stdout == ""
    assert server.dump() == before


# Marking


def test_a_database_is_marked_when_a_person_types_its_name(server: Server) -> None:
    server.run("create_session", EDITH)
    change(server, "delete from staging_marker")

    ended = server.run("mark_as_staging", typed=f"{HOST}\n")

    assert ended.returncode == 0, ended.stderr
    assert f"will delete all data of {HOST}:" in ended.stdout
    assert f"{server.database} has 1 users and 0 lists now." in ended.stdout
    assert ended.stdout.endswith(f"The database of {HOST} is marked: it may be emptied.\n")
    ((name, identity),) = rows(server, "select site_name, identity from staging_marker")
    assert name == HOST
    assert re.fullmatch("[0-9a-f]{32}", identity)


@pytest.mark.parametrize("typed", [b"", b"\n", b"yes\n", HOST.upper().encode(), b"\xff" * 10**6])
def test_a_database_is_not_marked_when_anything_else_is_typed(server: Server, typed: bytes) -> None:
    change(server, "delete from staging_marker")
    before = server.dump()

    ended = server.run("mark_as_staging", typed=typed)

    assert complaint(ended).startswith(f"That was not {HOST}, so nothing has changed: ")
    assert server.dump() == before


def test_a_database_that_is_already_marked_stays_marked(server: Server) -> None:
    before = server.dump()

    ended = server.run("mark_as_staging")

    assert ended.returncode == 0
    assert ended.stdout == f"The database of {HOST} is already marked: it may be emptied.\n"
    assert server.dump() == before


def test_a_copy_gets_its_own_marker_and_identity(server: Server) -> None:
    before = rows(server, "select identity from staging_marker")
    server.environment["SITENAME"] = "copy.example.com"

    ended = server.run("mark_as_staging", typed="copy.example.com\n")

    assert ended.returncode == 0
    assert f"It is marked as the one of {HOST}, so it looks like a copy." in ended.stdout
    assert rows(server, "select site_name from staging_marker") == [("copy.example.com",)]
    assert rows(server, "select identity from staging_marker") != before


# By hand


def test_only_the_session_is_printed(server: Server) -> None:
    first, second = (server.run("create_session", EDITH) for _ in range(2))

    keys = {first.stdout, second.stdout}
    assert {(key + "\n",) for (key,) in rows(server, "select session_key from django_session")} == {
        (key,) for key in keys
    }
    assert len(keys) == 2
    assert first.stderr == second.stderr == ""
    assert rows(server, "select email from accounts_user") == [(EDITH,)]


def test_an_invalid_address_gets_no_session(server: Server) -> None:
    before = server.dump()

    assert complaint(server.run("create_session", "edith")) == (
        "Enter a valid email address, such as edith@example.com."
    )
    assert server.dump() == before


@pytest.mark.parametrize("command", ["create_session", "reset_site"])
def test_a_copy_is_not_changed(server: Server, command: str) -> None:
    change(server, "update staging_marker set site_name = 'superlists.example.com'")
    before = server.dump()

    assert "looks like a copy" in complaint(server.run(command, *COMMANDS[command]))
    assert server.dump() == before


def test_a_site_can_be_emptied_by_hand(server: Server) -> None:
    server.run("create_session", EDITH)

    ended = server.run("reset_site", HOST)

    assert ended.stdout == f"{HOST} is empty.\n"
    assert rows(server, "select * from accounts_user") == []
    assert rows(server, "select * from staging_hold") == []


def test_another_name_empties_nothing(server: Server) -> None:
    before = server.dump()

    assert complaint(server.run("reset_site", "superlists.example.com")).startswith(
        f"'superlists.example.com' was asked for, but the site is {HOST}, "
    )
    assert server.dump() == before


def test_a_site_that_a_run_uses_is_not_emptied_by_hand(server: Server) -> None:
    with conversation(server) as elspeth:
        elspeth.ask(RESET)
        before = server.dump()

        assert complaint(server.run("reset_site", HOST)).startswith(
            "elspeth@laptop has been using "
        )
        assert server.dump() == before


# Answering requests


def test_two_runs_at_the_same_time_never_both_get_the_site(server: Server) -> None:
    with conversation(server) as elspeth, conversation(server) as harry:
        for _ in range(20):
            elspeth.send(RESET)
            harry.send(request("reset", run=HARRY))
            answers = [elspeth.next_answer(), harry.next_answer()]

            (refusal,) = [answer for answer in answers if "answer" not in answer]
            holder = "elspeth@laptop" if "answer" in answers[0] else "harry@desktop"
            assert str(refusal["refused"]).startswith(f"{holder} has been using {HOST} since ")
            elspeth.ask(request("release"))
            harry.ask(request("release", run=HARRY))


def test_a_crashed_run_gives_the_site_back_soon(server: Server) -> None:
    with conversation(server) as elspeth:
        elspeth.ask(RESET)
        assert 110 < seconds_leased(server) <= 120

        assert elspeth.cut() == 0

    assert 5 < seconds_leased(server) <= 15


def test_a_run_with_a_process_for_each_request_keeps_the_site(server: Server) -> None:
    ended = server.run("answer_fixture_requests", "--keep-lease", typed=RESET)

    assert ended.stdout == '{"ready": true}\n{"answer": null}\n'
    assert 100 < seconds_leased(server) <= 120


def test_a_run_that_ends_normally_leaves_no_lease(server: Server) -> None:
    with conversation(server) as elspeth:
        elspeth.ask(RESET)
        elspeth.ask(request("release"))

        assert elspeth.cut() == 0

    assert rows(server, "select * from staging_hold") == []


def test_a_run_that_ends_before_its_answer_causes_no_error(server: Server) -> None:
    with conversation(server) as elspeth:
        elspeth.ask(RESET)
        assert elspeth.process.stdout
        elspeth.process.stdout.close()
        elspeth.send(RESET)

        assert elspeth.cut() == 0

    assert 5 < seconds_leased(server) <= 15


def test_only_answers_are_written_to_standard_output(server: Server) -> None:
    site = request("send_login_link", email=EDITH, site=f"https://{HOST}")
    del server.environment["DJANGO_DEBUG_FALSE"]  # emails are then printed

    ended = server.run("answer_fixture_requests", typed=site)

    assert ended.stdout == '{"ready": true}\n{"answer": null}\n'
    assert "Your login link for Superlists" in ended.stderr


def test_no_one_waits_for_the_database_while_an_email_is_sent(server: Server) -> None:
    with create_server(("127.0.0.1", 0)) as mail_server:
        mail_server.settimeout(30)
        server.environment["EMAIL_HOST"], port = mail_server.getsockname()
        server.environment["EMAIL_PORT"] = str(port)
        with conversation(server) as elspeth:
            elspeth.send(request("send_login_link", email=EDITH, site=f"https://{HOST}"))
            accepted, _ = mail_server.accept()

            with accepted:
                assert rows(server, "select email from accounts_loginlink") == [(EDITH,)]
                change(server, "insert into accounts_user (email) values ('oni@example.com')")

            assert "Connection unexpectedly closed" in elspeth.next_answer()["failed"]
    assert rows(server, "select email from accounts_loginlink") == []


# A database that cannot be used


@contextmanager
def locked(server: Server) -> Iterator[None]:
    with closing(sqlite3.connect(server.database, isolation_level=None)) as database:
        database.execute("begin immediate")
        yield


@contextmanager
def read_only(server: Server) -> Iterator[None]:
    server.database.chmod(0o444)
    yield


@contextmanager
def read_only_folder(server: Server) -> Iterator[None]:
    server.database.parent.chmod(0o555)
    try:
        yield
    finally:
        server.database.parent.chmod(0o755)


@contextmanager
def not_migrated(server: Server) -> Iterator[None]:
    change(server, "drop table staging_marker")
    yield


@contextmanager
def missing(server: Server) -> Iterator[None]:
    server.environment["DATABASE_URL"] = f"sqlite:///{server.database.parent}/none/db.sqlite3"
    yield


TROUBLE: dict[Callable[[Server], AbstractContextManager[None]], str] = {
    locked: "is locked by another program: ",
    read_only: "is read-only here: ",
    read_only_folder: "is read-only here: ",
    not_migrated: "lacks a table or column that this version of the site needs, so it may ",
    missing: "cannot be opened: ",
}


@pytest.mark.parametrize(("trouble", "cause"), TROUBLE.items())
def test_a_problem_with_the_database_is_reported_in_one_sentence(
    server: Server, trouble: Callable[[Server], AbstractContextManager[None]], cause: str
) -> None:
    with trouble(server):
        by_hand = server.run("reset_site", HOST, as_ordinary_user=True)
        asked = server.run("answer_fixture_requests", typed=RESET, as_ordinary_user=True)

    name = re.escape("none/db.sqlite3" if trouble is missing else "db.sqlite3")
    assert re.match(rf"The database /\S*/{name} {cause}", complaint(by_hand))
    _, answer = map(json.loads, asked.stdout.splitlines())
    assert answer["failed"] == complaint(by_hand)
    assert answer["traceback"] == ""
    assert asked.returncode == 0
    assert asked.stderr == ""


def test_a_run_continues_when_the_database_can_be_used_again(server: Server) -> None:
    with conversation(server) as elspeth:
        with locked(server):
            assert "is locked" in elspeth.ask(RESET)["failed"]

        assert elspeth.ask(RESET) == {"answer": None}


def test_a_full_disk_is_reported_in_one_sentence(server: Server) -> None:
    server.write_environment()
    # A file that must not grow, the log of its changes; SQLite reports "disk I/O error".
    command = ["prlimit", "--fsize=0", sys.executable, "manage.py", "reset_site", HOST]

    ended = subprocess.run(  # noqa: S603
        command, cwd=server.folder, env=bare({}), capture_output=True, text=True, check=False
    )

    assert re.match(r"The database /\S*/db.sqlite3 cannot be written to its disk", complaint(ended))
