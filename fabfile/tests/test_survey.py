"""The survey of real folders: what deploying would bury, replace or delete."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pytest

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.survey import Survey, take_survey

HOST = "superlists.test"
RELEASE = "20260101T120000Z-0123456"
LATER = "20260102T120000Z-0123456"
COMMITTED = ("manage.py", "lists/models.py")


class SiteFolder:
    """The folder of a site, as deploying leaves it."""

    def __init__(self, home: Path) -> None:
        self.site = Site(HOST, "elspeth", str(home))
        self.path = home / "sites" / HOST
        for name in ("releases", "virtualenvs", "wheelhouse", "database"):
            (self.path / name).mkdir(parents=True)
        self.variables: dict[str, str] = {"SITENAME": HOST}
        (self.path / ".env").touch()

    def deploy(self, name: str = RELEASE) -> Path:
        """Let a release serve, with its database in a permanent place."""
        release = self.path / "releases" / name
        (release / "lists").mkdir(parents=True)
        for age, path in ((3600, COMMITTED[0]), (3600, COMMITTED[1]), (1800, "COMMIT")):
            (release / path).write_text("0" * 40, encoding="utf-8")
            moment = time.time() - age
            os.utime(release / path, (moment, moment))
        self.link("current", f"releases/{name}")
        self.link("manage.py", "current/manage.py")
        self.link("virtualenv", "current/virtualenv")
        self.variables.setdefault("DATABASE_URL", self.site.database_url)
        self.fill("database/db.sqlite3")
        return release

    def link(self, name: str, goal: str) -> None:
        (self.path / name).unlink(missing_ok=True)
        (self.path / name).symlink_to(goal)

    def fill(self, path: str) -> Path:
        """Make an SQLite file that is not empty."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(file) as database:
            database.execute("CREATE TABLE IF NOT EXISTS users (email)")
        database.close()
        return file

    def write(self, path: str) -> None:
        """Write a file, now that the releases are complete."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("written by people", encoding="utf-8")

    def survey(self) -> Survey:
        return take_survey(run, self.site, self.variables)

    def refusal(self, committed: Collection[str] = COMMITTED) -> str:
        """Return the sentence with which deploying is refused without any change."""
        before = snapshot(self.path)
        with pytest.raises(DeploymentError) as refused:
            self.survey().refuse(committed)
        assert snapshot(self.path) == before
        sentence = str(refused.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence


def run(command: Sequence[str]) -> str:
    assert command[0] == "python3"
    words = [sys.executable, *command[1:]]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603


def snapshot(folder: Path) -> Mapping[str, tuple[int, int]]:
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")
    }


@pytest.fixture
def folder(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "home")


@pytest.fixture
def deployed(folder: SiteFolder) -> SiteFolder:
    folder.deploy()
    return folder


def test_a_new_site_and_a_deployed_one_are_accepted(folder: SiteFolder) -> None:
    assert folder.survey().refuse(COMMITTED) == []

    folder.deploy()

    assert folder.survey().refuse(COMMITTED) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///db.sqlite3",
        "sqlite:///./data/../db.sqlite3",
        "sqlite:///data%2Fdb.sqlite3",
        "sqlite:////{folder}/current/db.sqlite3",
        "sqlite:////{folder}/releases/20260101T120000Z-0123456/db.sqlite3",
        "sqlite:////{folder}/releases/db.sqlite3?timeout=5",
        "sqlite:////{folder}/releases%2Fdb.sqlite3",
        "sqlite:////{folder}/database/../releases/db.sqlite3",
        "sqlite:////{folder}/virtualenvs/db.sqlite3",
        "sqlite:////{folder}/wheelhouse/db.sqlite3",
        "sqlite:////{folder}/elsewhere/db.sqlite3",
        "sqlite:////{folder}/database/linked.sqlite3",
        "sqlite:////{folder}/virtualenv/db.sqlite3",
    ],
)
def test_a_database_in_what_deploying_replaces_is_refused(deployed: SiteFolder, url: str) -> None:
    deployed.link("elsewhere", "releases")
    deployed.link("database/linked.sqlite3", f"../releases/{RELEASE}/db.sqlite3")
    deployed.link(f"releases/{RELEASE}/virtualenv", "../../virtualenvs/3.11-0123456789ab")
    deployed.variables["DATABASE_URL"] = url.format(folder=str(deployed.path).lstrip("/"))

    sentence = deployed.refusal()

    assert sentence.startswith("DATABASE_URL in ")
    assert "which deploying replaces, so that what people wrote would be lost: " in sentence
    assert f"DATABASE_URL=sqlite:///{deployed.path}/database/" in sentence


def test_the_refusal_of_a_database_in_a_release_explains_how_to_move_it(
    deployed: SiteFolder,
) -> None:
    file = deployed.fill(f"releases/{RELEASE}/people.sqlite3")
    deployed.variables["DATABASE_URL"] = "sqlite:///people.sqlite3"

    sentence = deployed.refusal()

    assert f"`mv {file}* {deployed.path}/database/`" in sentence
    assert f"write DATABASE_URL=sqlite:///{deployed.path}/database/people.sqlite3 " in sentence


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:", "sqlite:///:memory:", "sqlite://:memory:"]
)
def test_a_database_in_memory_is_refused(deployed: SiteFolder, url: str) -> None:
    deployed.variables["DATABASE_URL"] = url

    with pytest.raises(DeploymentError, match="is a database in memory"):
        deployed.survey()


@pytest.mark.parametrize("url", ["mysql://sesame@a/b", "sqlite:///a?timeout=sesame", "sesame"])
def test_an_invalid_database_url_is_refused(deployed: SiteFolder, url: str) -> None:
    deployed.variables["DATABASE_URL"] = url

    with pytest.raises(DeploymentError, match=r"\.env on superlists.test: DATABASE_URL "):
        deployed.survey()


@pytest.mark.parametrize("url", ["sqlite:////dev/shm/db.sqlite3", "sqlite:////run/db.sqlite3"])
def test_a_database_in_a_temporary_folder_is_refused(deployed: SiteFolder, url: str) -> None:
    deployed.variables["DATABASE_URL"] = url

    assert "are not kept: stop the site, move it with `mv " in deployed.refusal()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////{folder}/database/db.sqlite3",
        "sqlite:///../../database/db.sqlite3",
        "sqlite:////{folder}/data/../database/db.sqlite3",
        "postgres://superlists:sesame@127.0.0.1/superlists",
    ],
)
def test_a_database_in_a_permanent_place_is_accepted(deployed: SiteFolder, url: str) -> None:
    deployed.variables["DATABASE_URL"] = url.format(folder=str(deployed.path).lstrip("/"))

    assert deployed.survey().refuse(COMMITTED) == []


def test_a_missing_database_is_not_silently_created(deployed: SiteFolder) -> None:
    (deployed.path / "database" / "db.sqlite3").unlink()

    assert "is missing although the site has been deployed" in deployed.refusal()

    # An empty file shows that this is intended.
    (deployed.path / "database" / "db.sqlite3").touch()
    assert deployed.survey().refuse(COMMITTED) == []


def test_a_database_whose_folder_is_missing_is_refused(deployed: SiteFolder) -> None:
    deployed.variables["DATABASE_URL"] = f"sqlite:///{deployed.path}/missing/db.sqlite3"

    assert f"elspeth does not find {deployed.path}/missing on " in deployed.refusal()


def by_hand(folder: SiteFolder) -> None:
    for name in ("virtualenv", "lists"):
        (folder.path / name).mkdir()
    (folder.path / "virtualenv" / "pyvenv.cfg").touch()
    (folder.path / "manage.py").touch()
    folder.fill("db.sqlite3")


def real_current(folder: SiteFolder) -> None:
    (folder.path / "current").unlink()
    (folder.path / "current").mkdir()


def nested_database(folder: SiteFolder) -> None:
    del folder.variables["DATABASE_URL"]
    (folder.path / "database" / "db.sqlite3").unlink()
    folder.fill("source/data/lists.db")


def both_databases(folder: SiteFolder) -> None:
    del folder.variables["DATABASE_URL"]
    folder.fill("db.sqlite3")


def environment_in_a_release(folder: SiteFolder) -> None:
    (folder.path / ".env").rename(folder.path / "releases" / RELEASE / "env")
    folder.link(".env", "current/env")


def environment_that_leads_nowhere(folder: SiteFolder) -> None:
    folder.link(".env", "../shared/env")


def file_instead_of_a_folder(folder: SiteFolder) -> None:
    (folder.path / "wheelhouse").rmdir()
    (folder.path / "wheelhouse").touch()


def folder_in_the_way(folder: SiteFolder) -> None:
    (folder.path / "current.new").mkdir()


def uploads(folder: SiteFolder) -> None:
    folder.write(f"releases/{RELEASE}/media/portrait.jpg")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (real_current, "/current on superlists.test is not a link, so the site was set up by hand"),
        (nested_database, "has no DATABASE_URL, but "),
        (both_databases, "has no DATABASE_URL, but "),
        (environment_in_a_release, ".env on superlists.test points to "),
        (environment_that_leads_nowhere, "points to ../shared/env, where there is no file"),
        (file_instead_of_a_folder, "/wheelhouse on superlists.test is not a folder"),
        (folder_in_the_way, "/current.new on superlists.test is in the way"),
        (uploads, "/current/media/portrait.jpg on superlists.test was written into the release"),
        (lambda folder: folder.link("current", "../../app"), "/current on superlists.test points "),
        (lambda folder: folder.link("manage.py", "src/manage.py"), "points to src/manage.py, so "),
    ],
)
def test_deploying_is_refused_if_it_would_bury_something(
    deployed: SiteFolder, change: Callable[[SiteFolder], None], reason: str
) -> None:
    change(deployed)

    assert reason in deployed.refusal()


def test_following_the_advice_makes_a_site_that_was_set_up_by_hand_deployable(
    folder: SiteFolder,
) -> None:
    by_hand(folder)
    folder.variables = {"SITENAME": HOST}

    sentence = folder.refusal()
    assert f"/manage.py on {HOST} is a file, so the site was set up by hand" in sentence
    assert f"`mv {folder.path}/db.sqlite3* {folder.path}/database/`" in sentence
    (folder.path / "manage.py").rename(folder.path / "manage.py.by-hand")
    assert f"/virtualenv on {HOST} is a folder, so the site was set up by hand" in folder.refusal()
    (folder.path / "virtualenv").rename(folder.path / "virtualenv.by-hand")
    assert "has no DATABASE_URL, but " in folder.refusal()
    (folder.path / "db.sqlite3").rename(folder.path / "database" / "db.sqlite3")

    assert folder.survey().refuse(COMMITTED) == []


def test_settings_in_another_folder_are_accepted(deployed: SiteFolder) -> None:
    shared = deployed.path.parent / "shared"
    shared.mkdir()
    (deployed.path / ".env").rename(shared / "env")
    deployed.link(".env", "../shared/env")

    assert deployed.survey().refuse(COMMITTED) == []


def test_derived_files_in_a_release_do_not_matter(deployed: SiteFolder) -> None:
    for name in ("lists/__pycache__/models.cpython-311.pyc", "staticfiles/site.css"):
        deployed.write(f"releases/{RELEASE}/{name}")

    assert deployed.survey().refuse(COMMITTED) == []


def test_code_that_was_changed_on_the_server_is_reported(deployed: SiteFolder) -> None:
    deployed.write(f"releases/{RELEASE}/lists/models.py")

    (note,) = deployed.survey().refuse(COMMITTED)

    assert note.startswith("current/lists/models.py was changed on the server")


def test_a_release_with_files_of_people_is_not_removed(deployed: SiteFolder) -> None:
    def reason(name: str) -> str:
        return deployed.survey().reason_to_keep(name, COMMITTED)

    old, unneeded = f"releases/{RELEASE}", "virtualenvs/3.11-0123456789ab"
    (deployed.path / unneeded).mkdir()
    deployed.deploy(LATER)
    assert reason(old) == reason(unneeded) == ""

    deployed.link("uploads", old)
    deployed.link("tools", unneeded)
    assert reason(old) == "the link uploads points there"
    assert reason(unneeded) == "the link tools points there"
    deployed.link("uploads", "database")

    file = deployed.fill(f"{old}/data/lists.db")
    assert reason(old) == f"{file} is a database"
    file.unlink()
    (deployed.path / old / "data").rmdir()

    deployed.write(f"{old}/lists/models.py")
    assert reason(old) == ""
    deployed.write(f"{old}/media/portrait.jpg")
    assert reason(old) == "media/portrait.jpg was written into it after its deployment"


def test_the_free_space_of_each_folder_is_known(deployed: SiteFolder) -> None:
    survey = deployed.survey()

    for name in ("", "releases", "virtualenvs", "database"):
        room = survey.room(name)
        assert room.device == deployed.path.stat().st_dev
        assert room.bytes > 0


def test_a_unit_that_may_not_write_the_database_is_refused(
    deployed: SiteFolder,
) -> None:
    found = dict(deployed.survey().found)
    found["unit"] = "[Service]\nProtectSystem=strict\nBindPaths=/srv/other\n"
    survey = Survey(
        deployed.site, deployed.variables["DATABASE_URL"], json.loads(json.dumps(found))
    )

    with pytest.raises(
        DeploymentError, match=r"may not write to .*/database on .* provision` again"
    ):
        survey.refuse(COMMITTED)

    found["unit"] += f"ReadWritePaths={deployed.path}/database\n"
    assert Survey(deployed.site, survey.url, found).refuse(COMMITTED) == []


def test_a_unit_that_may_not_read_the_settings_is_refused(deployed: SiteFolder) -> None:
    found = dict(deployed.survey().found)
    entry = {**found["entries"][".env"], "real": "/home/elspeth/shared/env"}
    found["entries"] = {**found["entries"], ".env": entry}
    found["unit"] = f"[Service]\nProtectHome=tmpfs\nBindReadOnlyPaths={deployed.path}\n"

    with pytest.raises(DeploymentError, match=r"may not read /home/elspeth/shared/env on "):
        Survey(deployed.site, deployed.site.database_url, found).refuse(COMMITTED)

    found["unit"] += "BindReadOnlyPaths=-/home/elspeth/shared/env\n"
    assert Survey(deployed.site, deployed.site.database_url, found).refuse(COMMITTED) == []


def test_a_unit_with_a_database_of_its_own_is_refused(deployed: SiteFolder) -> None:
    found = {**deployed.survey().found, "unit_variables": ["LANG", "DATABASE_URL"]}

    with pytest.raises(DeploymentError, match="sets DATABASE_URL, which overrides the one in"):
        Survey(deployed.site, deployed.site.database_url, found).refuse(COMMITTED)
