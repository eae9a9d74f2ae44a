"""Fixtures through a tunnel to the server's database, and what can be wrong with that."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from features.support import tunnel
from features.support.remote_fixtures import (
    FixtureFailedError,
    FixtureRefusedError,
    RemoteFixtures,
)
from features.support.server.connection import Server
from features.support.server.errors import ConnectionLostError, ServerError
from features.support.tunnel import ProgramsThroughTunnel
from loopback.deployed_site import SITE_NAME
from loopback.host import LoopbackHost
from loopback.postgresql import DATABASE, USER, PostgreSql, open_postgresql
from superlists.environment_names import NAMES
from superlists.release import deployed_commit

FOLDER = f"~/sites/{SITE_NAME}"


@pytest.fixture(scope="module")
def postgresql(host: LoopbackHost) -> Iterator[PostgreSql]:
    """The database of the site, which is ready for tests."""
    with open_postgresql() as opened:
        host.site.environment["DATABASE_URL"] = url_of(opened)
        host.site.write_environment(host.site.environment)
        host.site.manage("migrate", "--verbosity=0")
        host.site.manage("mark_as_staging", typed=f"{SITE_NAME}\n")
        yield opened


def url_of(postgresql: PostgreSql, **changes: str) -> str:
    parts = {
        "user": USER,
        "password": quote(postgresql.password, safe=""),
        "host": "localhost",
        "port": str(postgresql.port),
        "name": DATABASE,
        **changes,
    }
    return "postgres://{user}:{password}@{host}:{port}/{name}".format(**parts)


@pytest.fixture
def server(host: LoopbackHost, postgresql: PostgreSql) -> Iterator[Server]:
    with psycopg.connect(direct(postgresql)) as connection:
        connection.execute("DELETE FROM staging_hold")
    server = Server(SITE_NAME)
    yield server
    server.disconnect()


def direct(postgresql: PostgreSql) -> str:
    return psycopg.conninfo.make_conninfo(
        host="127.0.0.1",
        port=postgresql.port,
        user=USER,
        dbname=DATABASE,
        password=postgresql.password,
    )


def people(postgresql: PostgreSql) -> int:
    with psycopg.connect(direct(postgresql)) as connection:
        row = connection.execute("SELECT count(*) FROM accounts_user").fetchone()
    assert row
    return int(row[0])


@contextmanager
def through_tunnel(server: Server, host: str = SITE_NAME) -> Iterator[RemoteFixtures]:
    fixtures = RemoteFixtures(server, FOLDER, host, programs=ProgramsThroughTunnel(server, FOLDER))
    try:
        yield fixtures
    finally:
        fixtures.close()


@pytest.fixture
def fixtures(server: Server) -> Iterator[RemoteFixtures]:
    with through_tunnel(server) as opened:
        yield opened


@contextmanager
def settings(host: LoopbackHost, **changes: str | None) -> Iterator[None]:
    """Change the server's .env."""
    changed = {**host.site.environment, **changes}
    host.site.write_environment({k: value for k, value in changed.items() if value is not None})
    try:
        yield
    finally:
        host.site.write_environment(host.site.environment)


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".")


def refusal(fixtures: RemoteFixtures) -> str:
    with pytest.raises(ServerError) as refused:
        fixtures.describe()
    return str(refused.value)


class TestThroughTheTunnel:
    def test_this_machines_code_changes_the_servers_database(
        self, host: LoopbackHost, postgresql: PostgreSql, fixtures: RemoteFixtures
    ) -> None:
        before = host.ssh.logins()

        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")

        assert people(postgresql) == 1
        assert host.ssh.logins() == before + 1
        assert all("answer_fixture_requests" not in part.cmdline() for part in host.ssh.parts())

    @pytest.mark.parametrize(
        "changes", [{"STAGING": None}, {"DATABASE_URL": None}, {"SITENAME": "other.example.com"}]
    )
    def test_a_site_that_becomes_another_one_is_left_alone(
        self,
        host: LoopbackHost,
        postgresql: PostgreSql,
        fixtures: RemoteFixtures,
        changes: dict[str, str | None],
    ) -> None:
        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")

        with settings(host, **changes), pytest.raises(ServerError, match="changed after") as no:
            fixtures.reset()

        assert is_one_sentence(str(no.value))
        assert people(postgresql) == 1
        fixtures.reset()

    def test_it_describes_the_site_on_the_server(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        (host.site.folder / "COMMIT").write_text("0123456789" * 4, encoding="ascii")

        found = fixtures.describe()

        assert found.site_name == found.marked_for == SITE_NAME
        assert found.commit == "0123456789" * 4 != deployed_commit(tunnel.ROOT)

    def test_the_guard_is_the_same(self, postgresql: PostgreSql, server: Server) -> None:
        with (
            through_tunnel(server, "another.example.com") as misled,
            pytest.raises(FixtureRefusedError, match=r"another\.example\.com") as refused,
        ):
            misled.reset()
        assert is_one_sentence(str(refused.value))

        with psycopg.connect(direct(postgresql)) as connection:
            connection.execute("UPDATE staging_marker SET site_name = 'production.example.com'")
        try:
            with (
                through_tunnel(server) as fixtures,
                pytest.raises(FixtureRefusedError, match=r"production\.example\.com"),
            ):
                fixtures.reset()
        finally:
            with psycopg.connect(direct(postgresql)) as connection:
                connection.execute("UPDATE staging_marker SET site_name = %s", [SITE_NAME])

    def test_two_runs_keep_out_of_each_others_way(
        self, server: Server, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()

        over_ssh = RemoteFixtures(server, FOLDER, SITE_NAME)
        with pytest.raises(FixtureRefusedError, match="has had"):
            over_ssh.reset()
        fixtures.close()
        over_ssh.reset()
        over_ssh.close()

    def test_nothing_of_this_machine_gets_in(
        self,
        fixtures: RemoteFixtures,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name in ("superlists", "accounts", "lists", "staging", "manage.py"):
            (tmp_path / name).symlink_to(tunnel.ROOT / name)
        (tmp_path / ".env").write_text("EMAIL_PORT=banana\n", encoding="utf-8")
        monkeypatch.setattr(tunnel, "ROOT", tmp_path)
        monkeypatch.setenv("TRUSTED_PROXIES", "banana")
        monkeypatch.setenv("PGUSER", "banana")
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "banana")

        fixtures.reset()

    def test_nothing_of_the_server_but_its_settings_gets_into_a_program_here(
        self, host: LoopbackHost, fixtures: RemoteFixtures, tmp_path: Path
    ) -> None:
        ran = tmp_path / "ran"
        (tmp_path / "sitecustomize.py").write_text(f"open({str(ran)!r}, 'w').close()\n")
        (tmp_path / "browser").write_text(f"#!/bin/sh\ntouch {ran}\n")
        (tmp_path / "browser").chmod(0o700)
        foreign = {
            "PYTHONPATH": str(tmp_path),
            "PYTHONWARNINGS": "all:0:antigravity.x:0:0",
            "BROWSER": str(tmp_path / "browser"),
            "PYTHONSTARTUP": str(tmp_path / "sitecustomize.py"),
            "DJANGO_SETTINGS_MODULE": "sitecustomize",
            "LD_PRELOAD": "/nowhere.so",
            "PATH": str(tmp_path),
            "PGSERVICEFILE": str(tmp_path / "service"),
            "GIT_SSH_COMMAND": f"touch {ran}",
            "EMAIL_BACKEND": "sitecustomize.Backend",
            "SSL_CERT_FILE": "/nowhere.pem",
        }
        with settings(host, **foreign):
            fixtures.reset()
            (program,) = answering()
            passed = program.environ()

        assert not ran.exists()
        # The interpreter adds LC_CTYPE (PEP 538).
        ours = {"PATH", "LANG", "LC_CTYPE", "DJANGO_SETTINGS_MODULE", *tunnel.TRUST}
        assert set(passed) <= {*NAMES, *ours}
        assert [name for name in foreign if passed.get(name) == foreign[name]] == []

    def test_options_of_the_database_that_are_needed_pass(
        self, host: LoopbackHost, postgresql: PostgreSql, fixtures: RemoteFixtures
    ) -> None:
        plain = "sslmode=prefer&connect_timeout=5&application_name=superlists&currentSchema=public"
        with settings(host, DATABASE_URL=f"{url_of(postgresql)}?{plain}"):
            fixtures.reset()

    def test_nothing_is_left_behind(self, server: Server) -> None:
        def listening() -> int:
            ours = psutil.Process(os.getpid()).net_connections("tcp")
            return sum(each.status == psutil.CONN_LISTEN for each in ours)

        before = listening()
        with through_tunnel(server) as fixtures:
            fixtures.reset()
            assert listening() == before + 1
            assert len(answering()) == 1

        assert listening() == before
        assert answering() == []


def answering() -> list[psutil.Process]:
    """The processes of this one that answer fixture requests."""
    return [
        child
        for child in psutil.Process().children()
        if "answer_fixture_requests" in child.cmdline()
    ]


class TestCutTunnels:
    def test_between_scenarios_the_next_one_connects_anew(
        self, host: LoopbackHost, postgresql: PostgreSql, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")
        before = host.ssh.logins()

        host.ssh.cut_connections()
        fixtures.reset()

        assert host.ssh.logins() == before + 1
        assert people(postgresql) == 0
        fixtures.call("create_session", email="edith@example.com")
        assert people(postgresql) == 1

    def test_within_a_scenario_that_one_fails_and_the_next_goes_on(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()

        host.ssh.cut_connections()
        with pytest.raises(ConnectionLostError, match="was cut") as lost:
            fixtures.call("create_session", email="edith@example.com")

        assert is_one_sentence(str(lost.value))
        assert str(lost.value).startswith("create_session was not done on ")
        with pytest.raises(ConnectionLostError, match="earlier in this scenario"):
            fixtures.call("create_session", email="edith@example.com")
        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")

    def test_a_process_that_was_killed_is_started_anew(self, fixtures: RemoteFixtures) -> None:
        fixtures.reset()
        for process in answering():
            process.kill()

        with pytest.raises(ConnectionLostError, match="ended by a signal") as lost:
            fixtures.call("create_session", email="edith@example.com")

        assert is_one_sentence(str(lost.value))
        fixtures.reset()

    def test_a_database_that_hangs_up_is_found_again(
        self, postgresql: PostgreSql, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()

        postgresql.end_connections()

        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")


class TestNonsense:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (None, "names no PostgreSQL database"),
            ("sqlite:///db.sqlite3", "names no PostgreSQL database"),
            ("banana", "names no PostgreSQL database"),
            ("mysql://secret@localhost/name", "names no PostgreSQL database"),
            ("postgres://", "names no host and port"),
            ("postgres:///name", "names no host and port"),
            ("postgres://u:secret@%2Fvar%2Frun/name", "names no host and port"),
            ("postgres://u:secret@localhost:banana/name", "names no host and port"),
            ("postgres://u:secret@localhost:0/name", "names no host and port"),
            ("postgres://u:secret@[localhost/name", "names no host and port"),
            ("postgres://u:secret@localhost,other/name", "names no host and port"),
            ("postgres://u:secret@localhost/name%0A", "cannot be printed"),
            ("postgres://u:secret@localhost/name?host=other", "the option 'host'"),
            ("postgres://u:secret@localhost/name?sslrootcert=/etc/passwd", "'sslrootcert'"),
            ("postgres://u:secret@localhost/name?passfile=/etc/passwd", "'passfile'"),
            ("postgres://u:secret@localhost/name?service=other", "the option 'service'"),
            ("postgres://u:secret@localhost/name?assume_role=postgres", "'assume_role'"),
            ("postgres://u:secret@localhost/name?options=-c%20role%3Dx", "the option 'options'"),
            ("postgres://u:secret@localhost/name?sslmode=secret", "the option 'sslmode'"),
            ("postgres://u:secret@localhost:1/name", "localhost, port 1, cannot be reached"),
        ],
    )
    def test_an_address_that_no_tunnel_can_lead_to_is_told(
        self, host: LoopbackHost, fixtures: RemoteFixtures, said: str | None, expected: str
    ) -> None:
        with settings(host, DATABASE_URL=said):
            message = refusal(fixtures)

        assert expected in message
        assert is_one_sentence(message)
        assert "secret" not in message

    @pytest.mark.parametrize("change", ["password", "name"])
    def test_a_database_that_lets_nobody_in_is_told(
        self, host: LoopbackHost, postgresql: PostgreSql, fixtures: RemoteFixtures, change: str
    ) -> None:
        with (
            settings(host, DATABASE_URL=url_of(postgresql, **{change: "banana"})),
            pytest.raises(FixtureFailedError, match="cannot be used") as failure,
        ):
            fixtures.describe()

        assert postgresql.password not in str(failure.value)
        assert quote(postgresql.password, safe="") not in str(failure.value)

    def test_a_site_without_settings_is_told(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        with ExitStack() as undo:
            file = host.site.folder / ".env"
            undo.callback(file.with_name("kept").rename, file)
            file.rename(file.with_name("kept"))
            message = refusal(fixtures)

        assert message.startswith("There is no .env in ")
        assert is_one_sentence(message)

    @pytest.mark.parametrize("line", ["secret", "NAME='secret", "=secret", "NAME='secret\nA=B'"])
    def test_settings_that_cannot_be_read_are_told(
        self, host: LoopbackHost, fixtures: RemoteFixtures, line: str
    ) -> None:
        with settings(host):
            with (host.site.folder / ".env").open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
            message = refusal(fixtures)

        assert "cannot be read near line" in message
        assert is_one_sentence(message)
        assert "secret" not in message

    def test_a_site_that_is_not_for_tests_is_told(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        with settings(host, STAGING=None):
            message = refusal(fixtures)

        assert "`staging` is not installed" in message
        assert is_one_sentence(message)

    def test_an_sshd_that_forwards_nothing_is_told(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        host.ssh.stop()
        host.ssh.start("AllowTcpForwarding no")
        try:
            message = refusal(fixtures)
        finally:
            host.ssh.stop()
            host.ssh.start()

        assert "AllowTcpForwarding" in message
        assert is_one_sentence(message)
