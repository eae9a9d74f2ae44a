"""A site that changes during a run, on both databases: the run no longer empties anything."""

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from acceptance.server.tests.conftest import EDITH, HOST, request
from acceptance.server.tests.test_commands import Conversation, conversation_in
from superlists.tests.processes import deploy, run_python
from testbeds.loopback.postgresql import DATABASE, USER, PostgreSql, open_postgresql

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PEOPLE = ("accounts_user", "lists_list", "lists_item", "django_session")
SERVE = ("-c", "import superlists.wsgi")


class Site:
    """A staging site with releases, as a deployment lays it out, and with a list of Edith's."""

    def __init__(self, folder: Path, database: str, connect: Callable[[], Any]) -> None:
        self.folder = folder
        self.connect = connect
        self.settings = {
            "DJANGO_DEBUG_FALSE": "y",
            "DJANGO_SECRET_KEY": "an-example-of-a-key-that-is-long-enough-0123456789-0123456789",
            "SITENAME": HOST,
            "STAGING": "y",
            "DATABASE_URL": database,
        }
        for name in ("first", "second"):
            release = folder / "releases" / name
            release.mkdir(parents=True)
            deploy(release)
            (release / "COMMIT").write_text(COMMIT, encoding="ascii")
            (release / ".env").symlink_to("../../.env")
            (release / "virtualenv").symlink_to(f"../../virtualenvs/{name}")
            (folder / "virtualenvs" / name).mkdir(parents=True)
        shutil.rmtree(folder / "releases" / "second" / "acceptance")
        self.switch("first")
        (folder / "manage.py").symlink_to("current/manage.py")
        (folder / "virtualenv").symlink_to("current/virtualenv")
        self.write_settings()
        self.manage("migrate", "--verbosity=0")

    def mark(self) -> None:
        """Mark the database as one to be emptied, as a person does."""
        self.manage("mark_as_staging", typed=f"{HOST}\n")

    def write_settings(self, **changes: str | None) -> None:
        changed = {**self.settings, **changes}
        lines = (f"{name}='{value}'\n" for name, value in changed.items() if value is not None)
        (self.folder / ".env").write_text("".join(lines), encoding="utf-8")

    def switch(self, release: str) -> None:
        link = self.folder / "current"
        link.unlink(missing_ok=True)
        link.symlink_to(f"releases/{release}")

    def manage(self, *arguments: str, typed: str = "") -> None:
        ended = run_python(self.folder, "manage.py", *arguments, typed=typed)
        assert ended.returncode == 0, ended.stderr

    def query(self, sql: str) -> list[Any]:
        with closing(self.connect()) as database:
            return list(database.execute(sql).fetchall())

    def change(self, sql: str) -> None:
        with closing(self.connect()) as database:
            database.execute(sql)
            database.commit()

    def people(self) -> dict[str, list[Any]]:
        """Everything that people wrote."""
        return {table: sorted(map(repr, self.query(f"SELECT * FROM {table}"))) for table in PEOPLE}  # noqa: S608

    def markers(self) -> list[Any]:
        return self.query("SELECT site_name FROM staging_marker")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSql]:
    with open_postgresql() as opened:
        yield opened


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("sites") / HOST
    folder.mkdir()
    if request.param == "SQLite":
        file = folder / "db.sqlite3"
        return Site(folder, f"sqlite:///{file}", lambda: sqlite3.connect(file))
    server: PostgreSql = request.getfixturevalue("postgresql")
    password = quote(server.password, safe="")
    url = f"postgres://{USER}:{password}@127.0.0.1:{server.port}/{DATABASE}"
    return Site(folder, url, lambda: psycopg.connect(url))


# Changes that do not involve the database.
on_sqlite = pytest.mark.parametrize("site", ["SQLite"], indirect=True)


@pytest.fixture
def marked(site: Site) -> Site:
    """The site in order, marked, without a run in progress."""
    site.write_settings()
    site.switch("first")
    site.change("DELETE FROM staging_marker")
    site.change("DELETE FROM staging_hold")
    site.change("DELETE FROM superlists_productionuse")
    site.change(
        "INSERT INTO staging_marker (id, site_name, marked_at, identity)"  # noqa: S608
        f" VALUES (1, '{HOST}', '2030-01-31', '{uuid.uuid4().hex}')"
    )
    return site


def settings_changed(**changes: str | None) -> Callable[[Site], AbstractContextManager[None]]:
    @contextmanager
    def change(site: Site) -> Iterator[None]:
        site.write_settings(**changes)
        yield
        site.write_settings()

    return change


@contextmanager
def settings_in_ruins(site: Site) -> Iterator[None]:
    (site.folder / ".env").write_bytes(b"STAGING='y\n")
    yield
    site.write_settings()


@contextmanager
def settings_of_nothing(site: Site) -> Iterator[None]:
    (site.folder / ".env").write_bytes(b"")
    yield
    site.write_settings()


@contextmanager
def another_release(site: Site) -> Iterator[None]:
    site.switch("second")
    yield
    site.switch("first")


@contextmanager
def another_commit(site: Site) -> Iterator[None]:
    file = site.folder / "releases" / "first" / "COMMIT"
    file.write_text(COMMIT[::-1], encoding="ascii")
    yield
    file.write_text(COMMIT, encoding="ascii")


def missing(name: str) -> Callable[[Site], AbstractContextManager[None]]:
    @contextmanager
    def change(site: Site) -> Iterator[None]:
        path, aside = site.folder / name, site.folder / "aside"
        path.rename(aside)
        yield
        aside.rename(path)

    return change


def leading_elsewhere(name: str, target: str) -> Callable[[Site], AbstractContextManager[None]]:
    @contextmanager
    def change(site: Site) -> Iterator[None]:
        path = site.folder / name
        before = path.readlink()
        path.unlink()
        path.symlink_to(target)
        yield
        path.unlink()
        path.symlink_to(before)

    return change


CHANGES: dict[str, tuple[Callable[[Site], AbstractContextManager[None]], str]] = {
    "STAGING is gone": (settings_changed(STAGING=None), "the site is no longer for staging"),
    "STAGING is no": (settings_changed(STAGING="n"), "the site is no longer for staging"),
    "STAGING is blank": (settings_changed(STAGING=""), "the site is no longer for staging"),
    "another SITENAME": (settings_changed(SITENAME="superlists.example.com"), "SITENAME in "),
    "another database": (settings_changed(DATABASE_URL="sqlite:////x/db"), "DATABASE_URL in "),
    "no database": (settings_changed(DATABASE_URL=None), "DATABASE_URL in "),
    "a developer's": (settings_changed(DJANGO_DEBUG_FALSE=None), "DJANGO_DEBUG_FALSE in "),
    "no .env": (missing(".env"), "cannot be read (No such file or directory)"),
    "a broken .env": (settings_in_ruins, "cannot be read in line 1"),
    "an empty .env": (settings_of_nothing, "the site is no longer for staging"),
    "another release": (another_release, "another release is serving"),
    "no release": (missing("current"), "leads nowhere"),
    "no manage.py": (missing("manage.py"), "leads nowhere"),
    "no environment": (missing("virtualenv"), "leads nowhere"),
    "manage.py of another": (leading_elsewhere("manage.py", "releases/second/manage.py"), "leads"),
    "environment of another": (leading_elsewhere("virtualenv", "virtualenvs/second"), "leads"),
    "another commit": (another_commit, "has changed since this run began"),
}


def begin_run(conversation: Conversation) -> None:
    """Reset the site, and let someone write on it meanwhile."""
    assert conversation.ask(request("reset")) == {"answer": None}
    list_of_hers = request("start_list", owner=EDITH, items=["Buy milk"], shared_with=[])
    assert "answer" in conversation.ask(list_of_hers)


def everything_refused(conversation: Conversation) -> str:
    """Request a fixture of each kind, and return the reason why all were refused."""
    asked = [
        request("reset"),
        request("create_session", username="oni@example.com"),
        request("send_login_link", email=EDITH, site=f"https://{HOST}"),
    ]
    answers = [conversation.ask(line) for line in asked]
    assert all(answer.keys() == {"refused"} for answer in answers), answers
    (sentence,) = {str(answer["refused"]) for answer in answers}
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_a_run_in_progress_changes_nothing_on_a_site_that_has_changed(marked: Site) -> None:
    wrong = {}
    with conversation_in(marked.folder) as run:
        begin_run(run)
        before = marked.people()
        for title, (change, reason) in CHANGES.items():
            with change(marked):
                sentence = everything_refused(run)
            if reason not in sentence or marked.people() != before:
                wrong[title] = sentence
        # Changed back, it is emptied as before.
        assert run.ask(request("reset")) == {"answer": None}

    assert wrong == {}
    assert before["accounts_user"]
    assert marked.people()["accounts_user"] == []


def test_a_marker_that_was_made_anew_ends_the_run_that_saw_the_old_one(marked: Site) -> None:
    with conversation_in(marked.folder) as run:
        begin_run(run)
        before = marked.people()
        marked.change("DELETE FROM staging_marker")
        assert "is not marked" in everything_refused(run)
        marked.mark()

        assert "was marked anew" in everything_refused(run)

    assert marked.people() == before


@on_sqlite
def test_a_new_process_of_the_same_run_refuses_another_database_too(marked: Site) -> None:
    with conversation_in(marked.folder) as run:
        begin_run(run)
    before = marked.people()
    line = request("reset").replace(b'"host"', f'"identity": "{"0" * 32}", "host"'.encode())

    with conversation_in(marked.folder) as run:
        assert "is not the one that this run began with" in run.ask(line)["refused"]

    assert marked.people() == before


def test_a_production_site_that_starts_removes_the_permission_for_good(marked: Site) -> None:
    with conversation_in(marked.folder) as run:
        begin_run(run)
        before = marked.people()
        # Another command line, from the release without the app `staging`, whatever .env sets.
        started = run_python(marked.folder / "releases" / "second", *SERVE)
        assert started.returncode == 0, started.stderr

        assert "is not marked" in everything_refused(run)

    assert f"was marked as one that may be emptied, as the one of {HOST}" in started.stderr
    assert marked.markers() == []
    # STAGING=y was set all the time; a new run is refused as well.
    with conversation_in(marked.folder) as run:
        assert "is not marked" in everything_refused(run)
    assert marked.people() == before
    asked = run_python(marked.folder, "manage.py", "mark_as_staging", typed="\n")
    assert (
        f"{HOST} served people from this database as a production site: it first " in asked.stdout
    )
    assert asked.returncode == 1
    assert marked.markers() == []


def test_a_production_site_removes_the_permission_that_another_site_gave(
    marked: Site,
) -> None:
    """Its `.env` and the marker name different sites, so it has the wrong database."""
    marked.write_settings(STAGING=None, SITENAME="superlists.example.com")

    started = run_python(marked.folder / "releases" / "second", *SERVE)

    assert started.returncode == 0
    assert f"as the one of {HOST}, and superlists.example.com is a production" in started.stderr
    assert marked.markers() == []


@on_sqlite
def test_a_process_that_starts_through_an_old_release_is_refused(marked: Site) -> None:
    marked.switch("second")
    before = marked.people()

    with conversation_in(marked.folder / "releases" / "first") as run:
        assert "another release is serving" in everything_refused(run)

    assert marked.people() == before


@on_sqlite
def test_exported_variables_do_not_lead_to_another_database(marked: Site) -> None:
    ended = run_python(
        marked.folder, "manage.py", "reset_site", HOST, DATABASE_URL="sqlite:////production.sqlite3"
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("CommandError: DATABASE_URL in the environment of the user ")
    assert "overrides" in ended.stderr
    assert "migrate" not in ended.stderr
    assert ended.stderr.count("\n") == 1


@on_sqlite
def test_exported_variables_do_not_lead_to_another_marker(marked: Site) -> None:
    marked.change("DELETE FROM staging_marker")

    ended = run_python(
        marked.folder, "manage.py", "mark_as_staging", typed=f"{HOST}\n", SITENAME="b.example.com"
    )

    assert "SITENAME in the environment of the user " in ended.stderr
    assert marked.markers() == []


# A deployment checks the database


def prepare(site: Site, *options: str, **settings: str | None) -> tuple[int, str]:
    site.write_settings(**settings)
    ended = run_python(site.folder, "manage.py", "prepare_database", *options)
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def test_a_site_that_becomes_production_reports_the_lost_permission(marked: Site) -> None:
    status, output = prepare(marked, STAGING=None)

    assert status == 0
    assert output.startswith("the database was marked as one that may be emptied")
    assert marked.markers() == []
    assert prepare(marked, STAGING=None) == (0, "")


def test_a_production_site_is_not_deployed_with_the_database_of_a_staging_site(
    marked: Site,
) -> None:
    status, output = prepare(marked, STAGING=None, SITENAME="superlists.example.com")

    assert status == 1
    assert f"is marked as the one of {HOST}, which the acceptance suite may empty" in output
    assert output.count("\n") == 0
    assert marked.markers() == [(HOST,)]


def test_nothing_is_deployed_while_a_run_has_the_site(marked: Site) -> None:
    with conversation_in(marked.folder) as run:
        begin_run(run)
        deployments = [prepare(marked, STAGING=staging) for staging in (None, "y")]

    for status, output in deployments:
        assert status == 1
        assert output.startswith(
            f"CommandError: elspeth@laptop has been using {HOST} for a run of the "
        )
    assert marked.markers() == [(HOST,)]


# A production site starts even if its database cannot be checked


@on_sqlite
def test_a_production_site_starts_without_a_database_that_it_can_use(
    site: Site, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.sqlite3"
    read_only = tmp_path / "read_only.sqlite3"
    read_only.write_bytes(b"")
    read_only.chmod(0o444)
    for url in (
        f"sqlite:///{empty}",
        f"sqlite:///{read_only}",
        f"sqlite:///{tmp_path}/none/db.sqlite3",
        "postgres://nobody@127.0.0.1:1/none",
    ):
        site.write_settings(STAGING=None, DATABASE_URL=url)
        started = run_python(site.folder / "releases" / "second", *SERVE, as_ordinary_user=True)
        assert started.returncode == 0, (url, started.stderr)
        assert "Traceback" not in started.stderr, url


def test_a_production_site_does_not_start_with_a_permission_that_it_cannot_remove(
    marked: Site, tmp_path: Path
) -> None:
    if not marked.settings["DATABASE_URL"].startswith("sqlite"):
        url = f"{marked.settings['DATABASE_URL']}?options=-c%20default_transaction_read_only%3Don"
    else:
        file = Path(shutil.copy(marked.folder / "db.sqlite3", tmp_path))
        # With an unknown write version (https://www.sqlite.org/fileformat.html, 1.3.3).
        content = file.read_bytes()
        file.write_bytes(content[:18] + b"\x09" + content[19:])
        url = f"sqlite:///{file}"
    marked.write_settings(STAGING=None, DATABASE_URL=url)

    started = run_python(marked.folder / "releases" / "second", *SERVE)

    # gunicorn's WORKER_BOOT_ERROR.
    assert started.returncode == 3, started.stderr
    assert "cannot remove the marker" in started.stderr
    assert marked.markers() == [(HOST,)]


# `test_commands.py` tests the messages about SQLite.
@pytest.mark.parametrize("site", ["PostgreSQL"], indirect=True)
def test_a_read_only_database_is_reported_in_one_sentence(marked: Site) -> None:
    url = f"{marked.settings['DATABASE_URL']}?options=-c%20default_transaction_read_only%3Don"
    marked.write_settings(DATABASE_URL=url)
    before = marked.people()

    with conversation_in(marked.folder) as run:
        answers = [run.ask(request(call)) for call in ("describe", "reset")]

    for answer in answers:
        assert answer["failed"].startswith(f"The database {DATABASE} is read-only: ")
        assert answer["traceback"] == ""
    assert marked.people() == before
