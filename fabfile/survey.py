"""Find a site's database, settings and environments, and what deploying would do to them.

The survey comes before any change. If deploying would bury, replace or delete something, it is
refused in one sentence, which explains how to move that to a permanent place.
"""

import json
import posixpath
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from superlists.environment_variables import read_database

LINKS: Mapping[str, str] = {
    "manage.py": "current/manage.py",
    "virtualenv": "current/virtualenv",
}
"""The links in the site's folder to the release that serves, which the suite uses."""

_PROGRAM = Path(__file__).with_name("survey_on_server.py")
_FOLDERS = ("releases", "virtualenvs", "wheelhouse", "database")
_REPLACED = ("current", "releases", "virtualenvs", "wheelhouse", "virtualenv")
"""The entries that a deployment replaces, or removes things from."""
# hier(7), and systemd.exec(5), PrivateTmp=: the unit has its own folders there until it stops.
_SHORT_LIVED = ("/tmp", "/var/tmp", "/run", "/dev", "/proc", "/sys")  # noqa: S108

# Settings that let a unit write in spite of ProtectSystem= (systemd.exec(5)).
_HIDDEN = ("/home", "/root", "/run/user")
"""The folders that ProtectHome= hides."""

_WRITABLE = ("ReadWritePaths=", "BindPaths=", "StateDirectory=")

# The unit must not use another site or database than `.env` sets.
_DECISIVE = ("DATABASE_URL", "SITENAME", "STAGING", "DJANGO_DEBUG_FALSE")

Run = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Room:
    """The free space in a folder's file system.

    Attributes:
        device: the number of the file system.
        bytes: the free bytes.
        files: how many more files fit, or None if the file system does not count them.

    """

    device: int
    bytes: int
    files: int | None


@dataclass(frozen=True)
class Survey:
    """What was found on a server.

    Attributes:
        site: the site.
        url: DATABASE_URL as .env sets it, or None.
        found: the answer of the program on the server.

    """

    site: Site
    url: str | None
    found: Mapping[str, Any]

    @property
    def is_deployed(self) -> bool:
        """Whether `current` exists, of whatever kind."""
        return "current" in self._entries

    @property
    def environment_bytes(self) -> int:
        """The size of the largest environment on the server; 0 for none."""
        return int(self.found["environment_bytes"])

    @property
    def database(self) -> Mapping[str, Any] | None:
        """The SQLite file that the settings name, or None for another database."""
        found: Mapping[str, Any] | None = self.found["database"]
        return found

    @property
    def _entries(self) -> Mapping[str, Mapping[str, Any]]:
        entries: Mapping[str, Mapping[str, Any]] = self.found["entries"]
        return entries

    def refuse(self, committed: Collection[str]) -> Sequence[str]:
        """Refuse to deploy if that would bury, replace or delete something.

        Args:
            committed: the paths that every release contains.

        Returns:
            Notes for the person who deploys.

        Raises:
            DeploymentError: something would be lost; the message explains what to do with it.

        """
        self._refuse_what_was_set_up_by_hand()
        self._refuse_environment_file()
        self._refuse_other_settings()
        self._refuse_what_the_unit_may_not_read()
        self._refuse_database()
        changed = []
        for path in self._written_where_it_serves():
            if path not in committed:
                self._refuse_written(path)
            changed.append(
                f"current/{path} was changed on the server, and the new release lacks the change"
            )
        return changed

    def path(self, name: str) -> str:
        """Return the real path of a folder of the site; `database` is the database's folder."""
        if name == "database" and self.database:
            return str(self.database["folder"])
        return str(self.found["places"][name])

    def room(self, name: str) -> Room:
        """Return the free space in a folder of the site, named as for `path`.

        Raises:
            DeploymentError: nothing can be written there.

        """
        path = self.path(name)
        found = self.found["room"][path]
        if found["is_read_only"]:
            message = (
                f"{path} on {self.site.host} is in a read-only file system: find out why with "
                f"`findmnt --target {path}` there, and mount it for writing."
            )
            raise DeploymentError(message)
        if not found["is_writable"]:
            raise self._not_writable(path, path)
        return Room(found["device"], found["bytes"], found["files"])

    def reason_to_keep(self, path: str, committed: Collection[str]) -> str:
        """Return why a folder that no release needs has to stay, or "".

        Args:
            path: relative to the site's folder, such as releases/20300131T120000Z-71e0eb5.
            committed: the paths that every release contains.

        """
        folder, _, name = path.partition("/")
        real = posixpath.join(self.found["places"][folder], name)
        inside = [each for each in self.found["databases"] if _is_in(each, real)]
        if inside:
            return f"{inside[0]} is a database"
        if self.database and _is_in(self.database["path"], real):
            return f"DATABASE_URL names {self.database['path']}"
        for entry, found in self._entries.items():
            if found["kind"] == "link" and _is_in(found["real"], real):
                return f"the link {entry} points there"
        for each in self.found["written"].get(name, []) if folder == "releases" else []:
            if each not in committed:
                return f"{each} was written into it after its deployment"
        return ""

    def _refuse_what_was_set_up_by_hand(self) -> None:
        folder = self.site.folder
        for name in _FOLDERS:
            entry = self._entries.get(name)
            if entry and not entry["is_folder"]:
                message = (
                    f"{folder}/{name} on {self.site.host} is not a folder: move it away there, and "
                    "type `fab … provision` again."
                )
                raise DeploymentError(message)
        current = self._entries.get("current")
        if current and not (
            current["kind"] == "link" and posixpath.dirname(current["goal"]) == "releases"
        ):
            leads = f"points to {current['goal']}" if current["kind"] == "link" else "is not a link"
            raise self._in_the_way(
                "current",
                f"{leads}, so the site was set up by hand, and deploying would replace it: move "
                f"what people made there to {folder}/database, ",
            )
        if "current.new" in self._entries and self._entries["current.new"]["kind"] != "link":
            raise self._in_the_way("current.new", "is in the way of deploying: ")
        for name, goal in LINKS.items():
            entry = self._entries.get(name)
            if entry and entry["goal"] != goal:
                kind = f"points to {entry['goal']}" if entry["goal"] else f"is a {entry['kind']}"
                raise self._in_the_way(
                    name,
                    f"{kind}, so the site was set up by hand, and deploying would put a link "
                    f"there: {self._how_to_move_strays()}",
                )

    def _in_the_way(self, name: str, why: str) -> DeploymentError:
        """Return the refusal for an entry that has to be moved aside, for the reason `why`."""
        folder, aside = self.site.folder, f"{name.removesuffix('.new')}.by-hand"
        return DeploymentError(
            f"{folder}/{name} on {self.site.host} {why}type `mv {name} {aside}` in {folder}, and "
            "deploy again."
        )

    def _not_writable(self, path: str, shown: str) -> DeploymentError:
        user = self.site.user
        return DeploymentError(
            f"{user} may not write to {shown} on {self.site.host}: type `sudo chown {user} {path}` "
            "there."
        )

    def _hidden_from_the_unit(self, does: str, reason: str) -> DeploymentError:
        return DeploymentError(
            f"{self.site.unit} may not {does} on {self.site.host}, where {reason}: type "
            "`fab … provision` again, which allows it."
        )

    def _how_to_move_strays(self) -> str:
        strays = list(self._strays())
        if not strays:
            return ""
        return f"move its database first, with {self._how_to_move(strays[0])}, then "

    def _refuse_environment_file(self) -> None:
        entry = self._entries.get(".env")
        if entry is None:
            return
        path = f"{self.site.folder}/.env"
        if not entry["is_file"]:
            goal = entry["goal"]
            kind = f"points to {goal}, where there is no file" if goal else "is not a file"
            message = (
                f"{path} on {self.site.host} {kind}: correct that there, since it contains the "
                "site's settings."
            )
            raise DeploymentError(message)
        if not entry["is_own"]:
            message = (
                f"{entry['real']} on {self.site.host} contains the site's settings and does not "
                f"belong to {self.site.user}: type `sudo chown {self.site.user} {entry['real']}` "
                "there."
            )
            raise DeploymentError(message)
        place = next(self._replaced_around(entry["real"]), "")
        if place:
            message = (
                f"{path} on {self.site.host} points to {entry['real']}, inside {place}, which "
                f"deploying replaces: type `cp --remove-destination {entry['real']} {path}` there, "
                "and deploy again."
            )
            raise DeploymentError(message)

    def _refuse_database(self) -> None:
        if self.url is None:
            # The deployment would set the default database, which is empty.
            for stray in self._strays():
                message = (
                    f"{self.site.folder}/.env on {self.site.host} has no DATABASE_URL, but {stray} "
                    f"is a database, which the site would no longer find: if it is the site's, "
                    f"{self._how_to_keep(stray)}; otherwise write "
                    f"DATABASE_URL={self.site.database_url} there, and deploy again."
                )
                raise DeploymentError(message)
        if self.database is not None:
            self._refuse_sqlite(self.database)

    def _refuse_sqlite(self, database: Mapping[str, Any]) -> None:
        path = str(database["path"])
        where = f"{self.site.folder}/.env on {self.site.host}"
        place = next(self._replaced_around(path), "")
        if place:
            serving = database["serving"]
            stray = serving or path
            if database["bytes"] is None and serving is None:
                stray = next(self._strays(), "")
            remedy = (
                self._how_to_keep(stray)
                if stray
                else f"write DATABASE_URL={self.site.database_url} there, and deploy again"
            )
            message = (
                f"DATABASE_URL in {where} is the SQLite file {path}, inside {place}, which "
                f"deploying replaces, so that what people wrote would be lost: {remedy}."
            )
            raise DeploymentError(message)
        for place in _SHORT_LIVED:
            if _is_in(path, place) and not _is_in(self.site.folder, place):
                message = (
                    f"DATABASE_URL in {where} is the SQLite file {path}, but files in {place} are "
                    f"not kept: {self._how_to_keep(path)}."
                )
                raise DeploymentError(message)
        if not database["is_folder_there"] or not database["is_folder_writable"]:
            state = "may not write to" if database["is_folder_there"] else "does not find"
            message = (
                f"{self.site.user} {state} {database['folder']} on {self.site.host}, the folder of "
                f"the SQLite file in DATABASE_URL in {where}: make that folder there, as with "
                f"`sudo install -d -o {self.site.user} -m 700 {database['folder']}`, or correct "
                "DATABASE_URL."
            )
            raise DeploymentError(message)
        if not database["is_writable"]:
            raise self._not_writable(path, f"the database {path}")
        if self.is_deployed and database["bytes"] is None:
            message = (
                f"DATABASE_URL in {where} is the SQLite file {path}, which is missing although the "
                "site has been deployed, so the site would start without what people wrote: "
                "correct DATABASE_URL, or put the file back (an empty one, as from `touch`, starts "
                "afresh)."
            )
            raise DeploymentError(message)
        self._refuse_what_the_unit_may_not_write(database)

    def _refuse_other_settings(self) -> None:
        overriding = [word for word in self.found["unit_variables"] if word in _DECISIVE]
        if overriding:
            message = (
                f"The unit {self.site.unit} on {self.site.host} sets {overriding[0]}, which "
                f"overrides the one in {self.site.folder}/.env, so the deployment and the site "
                f"would use different ones: remove it from the unit (`systemctl cat "
                f"{self.site.unit}` shows where it is), and deploy again."
            )
            raise DeploymentError(message)

    def _refuse_what_the_unit_may_not_write(self, database: Mapping[str, Any]) -> None:
        if "ProtectSystem=strict" in self._unit_lines and not self._unit_gets(
            str(database["folder"]), _WRITABLE
        ):
            raise self._hidden_from_the_unit(
                f"write to {database['folder']}", "DATABASE_URL has its SQLite file"
            )

    def _refuse_what_the_unit_may_not_read(self) -> None:
        if "ProtectHome=tmpfs" not in self._unit_lines:
            return
        for name in ("releases", "virtualenvs", ".env"):
            real = self._entries[name]["real"] if name in self._entries else ""
            at_home = any(_is_in(real, home) for home in _HIDDEN)
            if at_home and not self._unit_gets(real, ("BindReadOnlyPaths=", "BindPaths=")):
                raise self._hidden_from_the_unit(
                    f"read {real}", f"{self.site.folder}/{name} points to it"
                )

    @property
    def _unit_lines(self) -> Sequence[str]:
        return [line.strip() for line in self.found["unit"].splitlines()]

    def _unit_gets(self, path: str, settings: tuple[str, ...]) -> bool:
        """Return whether a path is in one of those that these settings of the unit name."""
        lines = [line for line in self._unit_lines if line.startswith(settings)]
        named = [word.lstrip("-+") for line in lines for word in line.partition("=")[2].split()]
        return any(_is_in(path, each) for each in named)

    def _written_where_it_serves(self) -> Sequence[str]:
        current = self._entries.get("current")
        name = posixpath.basename(current["real"]) if current else ""
        written: Sequence[str] = self.found["written"].get(name, [])
        return written

    def _refuse_written(self, path: str) -> None:
        first = PurePosixPath(path).parts[0]
        message = (
            f"{self.site.folder}/current/{path} on {self.site.host} was written into the release "
            "that serves, and the next one would not have it: move it to a permanent place, as "
            f"with `mv current/{shlex.quote(first)} .` in {self.site.folder}, or delete it, and "
            "deploy again."
        )
        raise DeploymentError(message)

    def _replaced_around(self, path: str) -> Iterator[str]:
        """Yield the entries that deploying replaces and that contain a real path."""
        for name in _REPLACED:
            place = self.found["places"].get(name) or f"{self.found['places']['']}/{name}"
            if _is_in(path, place):
                yield place

    def _strays(self) -> Iterator[str]:
        """Yield the databases that are neither the default one nor the one that is named."""
        places = self.found["places"]
        usual = posixpath.join(places["database"], "db.sqlite3")
        databases = self.found["databases"]
        named = self.database["path"] if self.database and self.url is not None else usual
        for path in databases:
            beside = _is_in(path, places["database"]) and usual in databases
            is_kept = path == named and not any(self._replaced_around(path))
            if path != usual and not beside and not is_kept:
                yield path

    def _how_to_keep(self, path: str) -> str:
        """Return how to move a database to a permanent place."""
        name = posixpath.basename(path)
        url = f"sqlite:///{self.site.folder}/database/{name}"
        return (
            f"stop the site, move it with {self._how_to_move(path)}, write DATABASE_URL={url} "
            "there, and deploy again"
        )

    def _how_to_move(self, path: str) -> str:
        # Includes the files that SQLite keeps beside it (sqlite.org/tempfiles.html).
        return f"`mv {shlex.quote(path)}* {self.site.folder}/database/`"


def take_survey(run: Run, site: Site, variables: Mapping[str, str]) -> Survey:
    """Survey a site's folder, without changing anything.

    Args:
        run: runs a command on the server.
        site: the site.
        variables: the variables in its .env.

    Raises:
        DeploymentError: the site could not read DATABASE_URL, or it names no file.
        ServerError: the server cannot be used.

    """
    name = database_file(site, variables)
    if name == ":memory:":
        message = (
            f"DATABASE_URL in {site.folder}/.env on {site.host} is a database in memory, which is "
            "lost at every restart, and differs from process to process: write "
            f"DATABASE_URL={site.database_url} there, and deploy again."
        )
        raise DeploymentError(message)
    asked = {
        "folder": site.folder,
        "database": name,
        "unit": site.unit,
    }
    program = _PROGRAM.read_text(encoding="utf-8")
    url = variables.get("DATABASE_URL")
    return Survey(site, url, json.loads(run(["python3", "-I", "-c", program, json.dumps(asked)])))


def database_file(site: Site, variables: Mapping[str, str]) -> str | None:
    """Return the path of the SQLite file in DATABASE_URL, or None for PostgreSQL.

    A path that does not start with / is relative to a release; `:memory:` is no file.

    Raises:
        DeploymentError: the site could not read DATABASE_URL.

    """
    try:
        database = read_database(variables.get("DATABASE_URL", site.database_url), Path())
    except ImproperlyConfigured as error:
        message = f"{site.folder}/.env on {site.host}: {error}"
        raise DeploymentError(message) from None
    return str(database["NAME"]) if "sqlite" in str(database["ENGINE"]) else None


def _is_in(path: str, folder: str) -> bool:
    return PurePosixPath(path).is_relative_to(folder)
