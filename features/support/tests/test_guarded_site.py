"""Attempts of the suite to empty sites that it must not empty, over SSH."""

import os
import shlex
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from urllib.request import urlopen

import pytest

from acceptance.configuration import Configuration
from acceptance.hosts.ssh.host import SshHost
from acceptance.profiles.deployment import open_deployment
from acceptance.profiles.errors import FixtureFailedError, FixtureRefusedError
from acceptance.profiles.remote_fixtures import RemoteFixtures
from acceptance.server.fixtures import create_session
from features.support.fixtures import (
    age_login_links,
    count_login_emails,
    send_login_link,
    start_list,
)
from features.support.project import SUPERLISTS
from testbeds.loopback.deployed_site import SITE_NAME
from testbeds.loopback.host import LoopbackHost

FOLDER = f"~/sites/{SITE_NAME}"


class Guarded:
    """The site's database, which contains someone's list."""

    def __init__(self, host: LoopbackHost, path: str) -> None:
        self.host = host
        self.file = host.site.folder / "db.sqlite3"
        self.path = path

    def content(self) -> Sequence[str]:
        """Return the whole content of the database."""
        return content_of(self.file)

    def shows_the_list(self) -> bool:
        """Return whether visitors still find the list."""
        with urlopen(self.host.site.url + self.path, timeout=10) as page:  # noqa: S310
            return "Buy peacock feathers" in page.read().decode()

    def change(self, statement: str, *values: object) -> None:
        """Change the database directly."""
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute(statement, values)


@pytest.fixture
def run(host: LoopbackHost) -> Iterator[RemoteFixtures]:
    """A run that may use the site."""
    with running_against(FOLDER) as fixtures:
        yield fixtures


@pytest.fixture
def other_run(host: LoopbackHost) -> Iterator[RemoteFixtures]:
    with running_against(FOLDER) as fixtures:
        yield fixtures


@pytest.fixture
def guarded(host: LoopbackHost) -> Iterator[Guarded]:
    """A site with a list, which is restored at the end."""
    host.site.write_environment(host.site.environment)
    with running_against(FOLDER) as fixtures:
        fixtures.reset()
        path = fixtures.make(
            start_list,
            owner="edith@example.com",
            items=["Buy peacock feathers"],
            shared_with=["francis@example.com"],
        )
        public = fixtures.make(start_list, owner=None, items=["Buy peacock feathers"])
    assert path != public
    site = Guarded(host, public)
    with closing(sqlite3.connect(":memory:")) as before:
        copy(site.file, before)
        yield site
        with closing(sqlite3.connect(site.file)) as database:
            before.backup(database)
    host.site.write_environment(host.site.environment)


@contextmanager
def running_against(
    folder: str, alias: str = SITE_NAME, asked_for: str | None = None
) -> Iterator[RemoteFixtures]:
    server = SshHost(alias)
    fixtures = RemoteFixtures(server, folder, asked_for or alias)
    try:
        yield fixtures
    finally:
        fixtures.close()
        server.disconnect()


def refuses_everything(fixtures: RemoteFixtures, guarded: Guarded, why: str) -> None:
    """Check that each fixture is refused for this reason, and nothing was changed."""
    before = guarded.content()
    edith = "edith@example.com"
    attempts: Sequence[Callable[[], object]] = [
        fixtures.reset,
        lambda: fixtures.make(create_session, username=edith),
        lambda: fixtures.make(start_list, owner=None, items=["milk"]),
        lambda: fixtures.make(send_login_link, email=edith, site="https://localhost"),
        lambda: fixtures.make(age_login_links, email=edith, minutes=5),
        lambda: fixtures.make(count_login_emails, email=edith, number=30),
    ]
    for make in attempts:
        with pytest.raises(FixtureRefusedError, match=why) as refusal:
            make()
        assert is_one_sentence(str(refusal.value))
    assert guarded.content() == before
    assert guarded.shows_the_list()


def is_one_sentence(message: str) -> bool:
    return "\n" not in message and message.endswith(".") and "Error" not in message


def site_of_another_name(guarded: Guarded, name: str) -> Path:
    """Deploy a copy of the site, its database included, as the site of this name."""
    # Not removed at the end: its processes may still be writing, and the whole host is discarded.
    folder = Path(tempfile.mkdtemp(dir=guarded.host.site.folder.parent))
    shutil.copytree(
        guarded.host.site.folder,
        folder,
        symlinks=True,
        ignore=shutil.ignore_patterns("db.sqlite3*"),
        dirs_exist_ok=True,
    )
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        copy(guarded.file, database)
    settings = {**guarded.host.site.environment, "SITENAME": name}
    lines = (f"{key}={shlex.quote(value)}\n" for key, value in settings.items())
    (folder / ".env").write_text("".join(lines), encoding="utf-8")
    return folder


def copy(file: Path, to: sqlite3.Connection) -> None:
    # Not by copying the file, since the latest changes may be in another one beside it.
    with closing(sqlite3.connect(file)) as database:
        database.backup(to)


def content_of(file: Path) -> Sequence[str]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return list(database.iterdump())


class TestOtherSites:
    def test_an_alias_of_the_host_is_refused(self, guarded: Guarded) -> None:
        tester = guarded.host.tester
        known = tester.ssh_configuration.read_text(encoding="utf-8")
        tester.use_key(guarded.host.ssh, guarded.host.ssh.client_key, host="alias.example.com")

        with running_against(FOLDER, "alias.example.com") as fixtures:
            refuses_everything(fixtures, guarded, "'alias.example.com' was asked for")

        tester.ssh_configuration.write_text(known, encoding="utf-8")

    def test_a_tunnel_to_another_site_is_refused(self, guarded: Guarded) -> None:
        """The host is the expected one, but contains another site."""
        folder = site_of_another_name(guarded, "superlists.example.com")
        with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
            database.execute("UPDATE staging_marker SET site_name = 'superlists.example.com'")
        before = content_of(folder / "db.sqlite3")

        with running_against(str(folder)) as fixtures:
            refuses_everything(fixtures, guarded, f"'{SITE_NAME}' was asked for")

        assert content_of(folder / "db.sqlite3") == before

    @pytest.mark.parametrize("asked_for", [SITE_NAME, "superlists.example.com"])
    def test_a_copy_of_the_database_on_another_site_is_refused(
        self, guarded: Guarded, asked_for: str
    ) -> None:
        folder = site_of_another_name(guarded, "superlists.example.com")
        before = content_of(folder / "db.sqlite3")

        with running_against(str(folder), asked_for=asked_for) as fixtures:
            refuses_everything(fixtures, guarded, "looks like a copy")

        assert content_of(folder / "db.sqlite3") == before

    def test_a_database_that_is_not_marked_is_refused(
        self, guarded: Guarded, run: RemoteFixtures
    ) -> None:
        guarded.change("DELETE FROM staging_marker")

        refuses_everything(run, guarded, "is not marked as one that may be emptied")

    def test_a_database_that_loses_its_marker_during_a_run_is_refused(
        self, guarded: Guarded, run: RemoteFixtures
    ) -> None:
        run.describe()
        guarded.change("DELETE FROM staging_marker")

        refuses_everything(run, guarded, "is not marked")

    def test_a_database_that_is_marked_again_during_a_run_is_refused_on_a_new_connection_too(
        self, guarded: Guarded, run: RemoteFixtures
    ) -> None:
        run.describe()
        run.make(age_login_links, email="edith@example.com", minutes=0)
        guarded.change("UPDATE staging_marker SET identity = ?", "0" * 32)
        refuses_everything(run, guarded, "was marked anew")

        guarded.host.ssh.cut_connections()

        with pytest.raises(FixtureRefusedError, match="was marked anew"):
            run.reset()
        assert guarded.shows_the_list()

    def test_a_site_that_stops_being_a_staging_site_is_refused_in_the_middle_of_a_run(
        self, guarded: Guarded, run: RemoteFixtures
    ) -> None:
        run.describe()
        without = {k: v for k, v in guarded.host.site.environment.items() if k != "STAGING"}
        guarded.host.site.write_environment(without)

        refuses_everything(run, guarded, "the site is no longer for staging")

    def test_a_site_without_the_app_is_refused(self, guarded: Guarded, run: RemoteFixtures) -> None:
        without = {k: v for k, v in guarded.host.site.environment.items() if k != "STAGING"}
        guarded.host.site.write_environment(without)
        before = guarded.content()

        with pytest.raises(FixtureRefusedError, match="which is right for a production site"):
            run.reset()

        assert guarded.content() == before
        assert guarded.shows_the_list()


class TestOtherRuns:
    def test_a_run_that_has_the_site_keeps_it(
        self, guarded: Guarded, run: RemoteFixtures, other_run: RemoteFixtures
    ) -> None:
        run.describe()
        run.make(age_login_links, email="edith@example.com", minutes=0)
        lease = run.describe().lease
        assert lease is not None

        refuses_everything(other_run, guarded, "has been using")

        with pytest.raises(FixtureRefusedError) as refusal:
            other_run.reset()
        for part in (
            lease["holder"],
            f"since {in_utc(lease['since'])}",
            f"until {in_utc(lease['expires_at'])}",
        ):
            assert part in str(refusal.value)

    @pytest.mark.parametrize("setting", ["timeout", "mail_timeout"])
    @pytest.mark.usefixtures("guarded")
    def test_a_run_keeps_the_site_while_someone_waits(
        self, host: LoopbackHost, setting: str
    ) -> None:
        environment = {**os.environ, **host.environment}
        configuration = Configuration.resolve(SUPERLISTS, {setting: "600"}, environment)

        with open_deployment(configuration) as deployment:
            deployment.fixtures.reset()
            site = deployment.fixtures.describe()

        assert site.lease is not None
        left = datetime.fromisoformat(site.lease["expires_at"]).timestamp() - site.time
        assert left > configuration.mail_timeout
        assert left > configuration.timeout

    def test_an_expired_lease_keeps_no_one_out(
        self, guarded: Guarded, run: RemoteFixtures, other_run: RemoteFixtures
    ) -> None:
        run.reset()
        past = datetime.now(UTC) - timedelta(seconds=1)
        guarded.change("UPDATE staging_hold SET expires_at = ?", f"{past:%Y-%m-%d %H:%M:%S.%f}")

        other_run.reset()

        with pytest.raises(FixtureRefusedError, match="has been using"):
            run.make(create_session, username="edith@example.com")

    @pytest.mark.usefixtures("guarded")
    def test_only_one_of_two_runs_that_start_at_the_same_time_gets_the_site(
        self, run: RemoteFixtures, other_run: RemoteFixtures
    ) -> None:
        refused = []
        start = Barrier(2)
        for fixtures in (run, other_run):
            fixtures.describe()

        def reset(fixtures: RemoteFixtures) -> None:
            start.wait(10)
            try:
                fixtures.reset()
            except FixtureRefusedError as refusal:
                refused.append(refusal)

        threads = [Thread(target=reset, args=[fixtures]) for fixtures in (run, other_run)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert len(refused) == 1


def in_utc(time_in_iso: str) -> str:
    return f"{datetime.fromisoformat(time_in_iso).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


class TestDatabasesThatCannotBeWritten:
    def test_a_locked_database_only_fails_the_reset(self, guarded: Guarded) -> None:
        guarded.host.site.write_environment(
            {
                **guarded.host.site.environment,
                "DATABASE_URL": f"sqlite:///{guarded.file}?timeout=1",
            }
        )
        before = guarded.content()
        with running_against(FOLDER) as fixtures:
            fixtures.describe()
            with closing(sqlite3.connect(guarded.file, isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                with pytest.raises(FixtureFailedError, match="is locked by another program"):
                    fixtures.reset()
                assert guarded.content() == before
                assert guarded.shows_the_list()
                database.execute("ROLLBACK")

            fixtures.reset()
            assert fixtures.make(start_list, owner=None, items=["milk"])

    def test_a_read_only_database_only_fails_the_reset(
        self, guarded: Guarded, tmp_path: Path
    ) -> None:
        file = tmp_path / "database"
        with closing(sqlite3.connect(file)) as database:
            copy(guarded.file, database)
        guarded.host.site.write_environment(
            {**guarded.host.site.environment, "DATABASE_URL": f"sqlite:///{file}"}
        )
        before = content_of(file)
        writable = file.read_bytes()
        # Permissions do not restrict root, who may run the tests. A file with an unknown write
        # version is read-only for everyone (https://www.sqlite.org/fileformat.html, 1.3.3).
        file.write_bytes(writable[:18] + b"\x09" + writable[19:])
        with running_against(FOLDER) as fixtures:
            for _ in range(2):
                with pytest.raises(FixtureFailedError, match="is read-only here"):
                    fixtures.reset()
            assert content_of(file) == before

            file.write_bytes(writable)
            fixtures.reset()
            assert fixtures.make(start_list, owner=None, items=["milk"])

    def test_a_missing_database_is_reported(self, guarded: Guarded) -> None:
        guarded.host.site.write_environment(
            {**guarded.host.site.environment, "DATABASE_URL": "sqlite:////no/such/folder/db"}
        )
        with (
            running_against(FOLDER) as fixtures,
            pytest.raises(FixtureFailedError, match="cannot be opened"),
        ):
            fixtures.reset()
