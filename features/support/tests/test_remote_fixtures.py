"""Fixtures over SSH when the connection, the server or what runs there lets the run down."""

import json
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from features.support import readers
from features.support.profiles.staging import StagingProfile
from features.support.remote_fixtures import (
    FixtureFailedError,
    FixtureRefusedError,
    RemoteFixtures,
)
from features.support.server.connection import Server
from features.support.server.errors import ConnectionLostError, ServerError
from loopback.deployed_site import SITE_NAME, DeployedSite
from loopback.host import LoopbackHost

FOLDER = f"~/sites/{SITE_NAME}"

Answering = Callable[[object], RemoteFixtures]

# How long these tests wait for what does not come, in seconds.
PATIENCE = 1.5


@pytest.fixture(autouse=True)
def _nobody_has_the_site(host: LoopbackHost) -> None:
    with closing(sqlite3.connect(host.site.folder / "db.sqlite3")) as database, database:
        database.execute("DELETE FROM staging_hold")


@pytest.fixture
def server(host: LoopbackHost) -> Iterator[Server]:
    server = Server(SITE_NAME)
    yield server
    server.disconnect()


@pytest.fixture
def fixtures(server: Server) -> Iterator[RemoteFixtures]:
    fixtures = RemoteFixtures(server, FOLDER, SITE_NAME)
    yield fixtures
    fixtures.close()


@pytest.fixture
def other_run(host: LoopbackHost) -> Iterator[RemoteFixtures]:
    """Somebody else, who would like to use the site as well."""
    server = Server(SITE_NAME)
    fixtures = RemoteFixtures(server, FOLDER, SITE_NAME)
    yield fixtures
    fixtures.close()
    server.disconnect()


def answering(host: LoopbackHost) -> Sequence[psutil.Process]:
    """The processes that answer fixture requests."""
    found = []
    for part in host.ssh.parts():
        with suppress(psutil.NoSuchProcess):
            if part.cmdline()[1:3] == ["manage.py", "answer_fixture_requests"]:
                found.append(part)
    return found


def now() -> datetime:
    return datetime.now(UTC)


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and "Error" not in message


def people(site: DeployedSite) -> int:
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        count: int = database.execute("SELECT count(*) FROM accounts_user").fetchone()[0]
    return count


class TestCutConnections:
    def test_a_run_needs_one_connection_and_one_process(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        before = host.ssh.logins()
        for _ in range(3):
            fixtures.reset()
            fixtures.call("create_session", email="edith@example.com")

        assert host.ssh.logins() == before + 1
        assert len(answering(host)) == 1

    def test_between_scenarios_the_next_one_connects_anew(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")
        before = host.ssh.logins()

        host.ssh.cut_connections()
        fixtures.reset()

        assert host.ssh.logins() == before + 1
        assert people(host.site) == 0
        fixtures.call("create_session", email="edith@example.com")
        assert people(host.site) == 1

    def test_within_a_scenario_that_one_fails_and_the_next_goes_on(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()
        before = host.ssh.logins()

        host.ssh.cut_connections()
        with pytest.raises(ConnectionLostError, match="cut") as lost:
            fixtures.call("create_session", email="edith@example.com")

        assert is_one_sentence(str(lost.value))
        assert str(lost.value).startswith("create_session was not done on ")
        # A fixture made on a new connection would belong to a scenario that is half done.
        with pytest.raises(ConnectionLostError, match="earlier in this scenario"):
            fixtures.call("create_session", email="edith@example.com")
        assert host.ssh.logins() == before
        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")
        assert host.ssh.logins() == before + 1

    def test_a_server_that_is_gone_is_told_soon_and_may_come_back(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()
        host.ssh.stop()
        start = monotonic()
        for _ in range(2):
            with pytest.raises(ServerError, match="Connection refused") as lost:
                fixtures.reset()
            assert is_one_sentence(str(lost.value))
        assert monotonic() - start < 5

        host.ssh.start()
        fixtures.reset()

    def test_whoever_comes_back_still_has_the_site(
        self, host: LoopbackHost, fixtures: RemoteFixtures, other_run: RemoteFixtures
    ) -> None:
        fixtures.reset()
        host.ssh.cut_connections()

        with pytest.raises(FixtureRefusedError, match="has had"):
            other_run.reset()
        fixtures.reset()
        with pytest.raises(FixtureRefusedError, match="has had"):
            other_run.reset()

    def test_whoever_has_gone_has_given_the_site_back(
        self, fixtures: RemoteFixtures, other_run: RemoteFixtures
    ) -> None:
        fixtures.reset()
        fixtures.close()

        other_run.reset()


class TestProcesses:
    @pytest.mark.parametrize("between", [True, False], ids=["between", "within"])
    def test_one_that_was_killed_is_started_anew_for_the_next_scenario(
        self, host: LoopbackHost, fixtures: RemoteFixtures, *, between: bool
    ) -> None:
        fixtures.reset()
        for process in answering(host):
            process.kill()
            process.wait(5)

        if not between:
            with pytest.raises(ConnectionLostError, match=r"it ended") as lost:
                fixtures.call("start_list", owner=None, items=["milk"], shared_with=[])
            assert is_one_sentence(str(lost.value))
        fixtures.reset()
        assert fixtures.call("start_list", owner=None, items=["milk"], shared_with=[])
        assert fixtures.slow_because is None

    def test_one_that_is_frozen_keeps_nobody_waiting_for_ever(
        self, host: LoopbackHost, server: Server
    ) -> None:
        fixtures = RemoteFixtures(server, FOLDER, SITE_NAME, answer_timeout=PATIENCE)
        fixtures.reset()
        frozen = answering(host)
        for process in frozen:
            process.send_signal(signal.SIGSTOP)
        start = monotonic()

        with pytest.raises(ConnectionLostError, match=f"did not answer within {PATIENCE} s"):
            fixtures.call("create_session", email="edith@example.com")

        assert monotonic() - start < PATIENCE + 1
        for process in frozen:
            process.kill()
        fixtures.reset()
        fixtures.call("create_session", email="edith@example.com")
        fixtures.close()


@contextmanager
def forcing(host: LoopbackHost, script: str) -> Iterator[None]:
    """Let the server run this instead of what it is asked to run."""
    file = host.tester.home / "forced"
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o700)
    host.ssh.stop()
    host.ssh.start(f"ForceCommand {file}")
    try:
        yield
    finally:
        host.ssh.stop()
        host.ssh.start()


HAND_OVER = 'exec sh -c "$SSH_ORIGINAL_COMMAND"'
ALL_AT_ONCE = 'all=$(cat; echo .); printf %s "${all%.}" | sh -c "$SSH_ORIGINAL_COMMAND"'


class TestServersOfTheirOwnMind:
    @pytest.mark.parametrize(
        "greeting",
        [
            "echo Welcome",
            "printf '%s' Welcome",
            "echo '{ Welcome }'; echo '{\"ready\": false}'",
            "echo Welcome >&2",
            "seq 99",
        ],
    )
    def test_a_greeting_is_not_taken_for_an_answer(
        self, host: LoopbackHost, fixtures: RemoteFixtures, greeting: str
    ) -> None:
        with forcing(host, f"{greeting}; {HAND_OVER}"):
            assert fixtures.describe().site_name == SITE_NAME
            fixtures.reset()

            assert fixtures.slow_because is None
            fixtures.close()

    def test_where_no_process_can_be_kept_each_fixture_starts_one(
        self, host: LoopbackHost, server: Server, other_run: RemoteFixtures
    ) -> None:
        fixtures = RemoteFixtures(server, FOLDER, SITE_NAME, start_timeout=4)
        with forcing(host, ALL_AT_ONCE):
            assert fixtures.describe().site_name == SITE_NAME
            assert "takes about half a second" in str(fixtures.slow_because)
            assert is_one_sentence(str(fixtures.slow_because))

            fixtures.reset()
            fixtures.call("create_session", email="edith@example.com")
            assert fixtures.call("start_list", owner=None, items=["milk"], shared_with=[])
            assert people(host.site) == 1
            assert psutil.wait_procs(answering(host), timeout=5)[1] == []
            hold = fixtures.describe().hold
            assert hold is not None
            # As long as that of a run that keeps its process, which may think before it asks again.
            assert datetime.fromisoformat(hold["expires_at"]) > now() + timedelta(minutes=1)
        # Another connection, because the server was started anew.
        with pytest.raises(FixtureRefusedError, match="has had"):
            other_run.reset()
        with pytest.raises(ConnectionLostError):
            fixtures.call("create_session", email="francis@example.com")
        fixtures.reset()
        assert people(host.site) == 0
        fixtures.close()
        other_run.reset()

    @pytest.mark.parametrize(
        "script", ["exit 1", "echo 'This account is not available.'", "exec cat >/dev/null"]
    )
    def test_a_server_that_runs_nothing_is_told(
        self, host: LoopbackHost, server: Server, script: str
    ) -> None:
        fixtures = RemoteFixtures(
            server, FOLDER, SITE_NAME, start_timeout=PATIENCE, answer_timeout=PATIENCE
        )
        with forcing(host, script):
            with pytest.raises(ServerError, match="because the login shell") as refusal:
                fixtures.describe()
            fixtures.close()

        assert is_one_sentence(str(refusal.value))


@contextmanager
def settings(site: DeployedSite, **changes: str | None) -> Iterator[None]:
    """Change the server's .env; what runs has read it already."""
    changed: Mapping[str, str | None] = {**site.environment, **changes}
    site.write_environment({k: value for k, value in changed.items() if value is not None})
    try:
        yield
    finally:
        site.write_environment(site.environment)


class TestSitesThatAreNotThere:
    @pytest.mark.parametrize("missing", ["folder", "virtualenv", "manage.py"])
    def test_a_site_that_is_not_deployed_is_told(
        self, host: LoopbackHost, server: Server, missing: str
    ) -> None:
        folder = host.site.folder.with_name("half of it")
        if missing != "folder":
            shutil.copytree(host.site.folder, folder, symlinks=True)
            (folder / missing).unlink()
        fixtures = RemoteFixtures(server, "~/sites/half of it", SITE_NAME)

        with pytest.raises(
            ServerError, match="There is no deployed site in ~/sites/half"
        ) as refusal:
            fixtures.describe()

        assert is_one_sentence(str(refusal.value))
        shutil.rmtree(folder, ignore_errors=True)

    def test_what_is_wrong_with_its_settings_is_told_in_its_own_words(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        with (
            settings(host.site, EMAIL_PORT="not found"),
            pytest.raises(ServerError, match=r"EMAIL_PORT") as refusal,
        ):
            fixtures.describe()

        assert is_one_sentence(str(refusal.value).replace("ImproperlyConfiguredError", ""))
        assert "There is no deployed site" not in str(refusal.value)

    def test_a_site_that_is_not_for_tests_is_told(
        self, host: LoopbackHost, fixtures: RemoteFixtures
    ) -> None:
        with (
            settings(host.site, STAGING=None),
            pytest.raises(FixtureRefusedError, match="`staging` is not installed") as refusal,
        ):
            fixtures.reset()

        assert is_one_sentence(str(refusal.value))
        fixtures.reset()

    def test_a_fixture_that_breaks_brings_the_traceback_of_the_server(
        self, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()
        twice = {"owner": None, "items": ["Buy milk", "Buy milk"], "shared_with": []}

        with pytest.raises(FixtureFailedError, match="IntegrityError") as failure:
            fixtures.call("start_list", **twice)

        assert "Traceback" in str(failure.value)

    def test_a_fixture_that_the_site_does_not_know_is_refused(
        self, fixtures: RemoteFixtures
    ) -> None:
        fixtures.reset()

        with pytest.raises(FixtureRefusedError, match="deploy the version") as refusal:
            fixtures.call("paint", colour="blue")

        assert is_one_sentence(str(refusal.value))


class TestAnswersThatAreNone:
    """What a server answers gets into a browser and into messages here."""

    @pytest.fixture
    def answering(self, fixtures: RemoteFixtures, monkeypatch: pytest.MonkeyPatch) -> Answering:
        def answering(answer: object) -> RemoteFixtures:
            monkeypatch.setattr(fixtures, "_ask", lambda _: json.dumps({"answer": answer}))
            monkeypatch.setattr(fixtures, "_start", lambda: None)
            return fixtures

        return answering

    @pytest.mark.parametrize(
        "changes",
        [
            {"commit": "--upload-pack=touch hacked"},
            {"commit": "\x1b]0;owned\x07"},
            {"commit": 7},
            {"time": "soon"},
            {"hold": {"holder": "x", "since": "\x1b[2J", "expires_at": "never"}},
            {"marker": "mine"},
        ],
    )
    def test_a_description_that_is_none_is_refused(
        self, answering: Answering, changes: Mapping[str, object]
    ) -> None:
        good = {
            "site_name": SITE_NAME,
            "commit": "0" * 40,
            "time": 1.0,
            "marker": None,
            "identity": None,
            "hold": None,
        }
        assert answering(good).describe().commit == "0" * 40

        with pytest.raises(ServerError, match="cannot be understood") as refusal:
            answering({**good, **changes}).describe()

        assert is_one_sentence(str(refusal.value))
        assert str(refusal.value).isprintable()

    @pytest.mark.parametrize(
        "path",
        ["@elsewhere.example/", "//elsewhere.example/", ".example/", "/a b", "/\\x", None, 7],
    )
    def test_a_path_that_leads_elsewhere_is_refused(
        self, host: LoopbackHost, answering: Answering, path: object
    ) -> None:
        profile = staging_profile(host, answering(path))

        with pytest.raises(ServerError, match="no path of a page"):
            profile.start_list(None, ["milk"])

    @pytest.mark.parametrize(
        "changes", [{"domain": "example.com"}, {"value": "x; Domain=example.com"}, {"path": 7}]
    )
    def test_a_cookie_that_is_none_is_refused(
        self, host: LoopbackHost, answering: Answering, changes: Mapping[str, object]
    ) -> None:
        good = {
            "name": "sessionid",
            "value": "abc",
            "path": "/",
            "secure": True,
            "http_only": True,
            "same_site": "Lax",
        }
        cookie = staging_profile(host, answering(good)).session_cookie("edith@example.com")
        assert cookie.value == "abc"

        with pytest.raises(ServerError, match="no session cookie"):
            staging_profile(host, answering({**good, **changes})).session_cookie("e@example.com")


def staging_profile(host: LoopbackHost, fixtures: RemoteFixtures) -> StagingProfile:
    site = readers.deployed_site(host.site.url)
    deployment: Any = SimpleNamespace(site=site, fixtures=fixtures)
    return StagingProfile(deployment)
