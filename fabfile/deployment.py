"""Deploying a site, and going back: whatever fails, the release that served goes on serving."""

import os
import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from acceptance.hosts.errors import ServerError
from fabfile.environment_completion import Completion, complete, read
from fabfile.errors import DeploymentError
from fabfile.failures import is_about_storage, telling_line
from fabfile.health import NotHealthyError, see_commit
from fabfile.interruption import shielded, waiting
from fabfile.kind import check_kind, kind_of, prepare_database
from fabfile.locked_shell import CommandFailedError, LockedShell, Shell, open_locked_shell
from fabfile.progress import say, step, tell
from fabfile.releases import (
    MANAGE,
    Release,
    Releases,
    list_command,
    parse,
    release_name,
    switch,
)
from fabfile.room import for_database, for_environment, for_release, see_room
from fabfile.source import LOCK, Source
from fabfile.survey import LINKS, Survey, take_survey
from fabfile.switching import (
    RESTART_TIMEOUT,
    NotSwitchedBackError,
    finish_what_was_left,
    switched_back_on_failure,
)
from fabfile.target import Target
from fabfile.wheelhouse import ASK, ServerPython, wheels_for
from fabfile.wheelhouse import parse as parse_python

# How long a command may be silent, in seconds.
_INSTALL_TIMEOUT = 600
_MANAGE_TIMEOUT = 600

_MOST_NAMES = 3
"""How many migrations are told by name."""

_READY = "ready"
"""The file that an environment has once it is complete."""


def deploy(
    target: Target, source: Source, *, staging: bool, wheelhouse: bool, dry: bool = False
) -> None:
    """Serve a commit.

    Args:
        target: where.
        source: which commit.
        staging: whether as a staging site, with the app that can empty it.
        wheelhouse: whether to bring the packages along rather than let the server fetch them.
        dry: whether to say only what would be done, and change nothing.

    Raises:
        DeploymentError: it could not be done; the release that served goes on serving.
        ServerError: the server cannot be worked with; likewise.

    """
    site = target.site
    tell("deploy", f"{source.short} to {target}, as {kind_of(staging=staging)}")
    uncommitted = source.uncommitted()
    if uncommitted:
        tell("warning", f"{uncommitted} files here are not committed, and stay here: commit first")
    _see_that_it_is_provisioned(target)
    if dry:
        Deployment(target, target, source, staging=staging, wheelhouse=wheelhouse).tell()
        return
    with open_locked_shell(target) as shell:
        finish_what_was_left(shell, site)
        deployment = Deployment(target, shell, source, staging=staging, wheelhouse=wheelhouse)
        deployment.run(shell)
    tell("serves", f"{source.short} at {site.url}")


def roll_back(target: Target) -> None:
    """Serve the release before the one that serves.

    Raises:
        DeploymentError: there is none, or it does not answer; the one that served goes on serving.
        ServerError: the server cannot be worked with; likewise.

    """
    _see_that_it_is_provisioned(target)
    site = target.site
    with open_locked_shell(target) as shell:
        finish_what_was_left(shell, site)
        releases = _releases(shell, target)
        current = releases.current
        before = releases.before(current) if current else None
        if current is None or before is None or before.commit is None:
            message = (
                f"There is no release on {target.site.host} of the kind that serves to go back to: "
                "deploy the commit that you want."
            )
            raise DeploymentError(message)
        found = shell.run(["find", ".", "-type", "f", "-printf", "%P\n"], _folder(target, before))
        # Before anything opens the database, which would make the file of one that is not there.
        _look_around(shell, target, found.splitlines())
        for note in prepare_database(shell, _folder(target, current), site, current):
            tell("warning", note)
        tell("roll back", f"from {current.name} to {before.name}")
        with _served_before_on_failure(target, shell, current):
            _serve(target, shell, before, before.commit, kind_of(staging=before.staging))
        # Nobody goes back to it once more, and the next deployment clears it away.
        left = _folder(target, current)
        shell.run(["mv", "-f", "COMMIT", "TAKEN_BACK"], left)
        if _migrations(shell, left) != _migrations(shell, posixpath.join(left, "..", before.name)):
            tell("warning", "the database keeps the migrations of the release that was taken back")
    tell("serves", f"{before.commit[:7]} at {target.site.url}")


class Deployment:
    """One deployment, by whoever holds the lock."""

    def __init__(
        self,
        target: Target,
        shell: Shell,
        source: Source,
        *,
        staging: bool,
        wheelhouse: bool,
    ) -> None:
        self._target = target
        self._site = target.site
        self._shell = shell
        self._source = source
        self._staging = staging
        self._wheelhouse = wheelhouse
        self._served: Release | None = None
        self._survey: Survey
        self._release = ""
        self._folder = ""

    def run(self, shell: LockedShell) -> None:
        """Do all of it.

        Args:
            shell: keeps everybody else from deploying meanwhile.

        Raises:
            DeploymentError: something is wrong; says what.
            ServerError: a command failed on the server.

        """
        releases = _releases(shell, self._target)
        current = releases.current
        path = posixpath.join(self._site.folder, ".env")
        before = self._target.read(path)
        completion = self._look_first(releases, before)
        self._served = current
        if current and self._is_wanted(current) and not completion.added:
            self._folder = _folder(self._target, current)
            self._prepare_database()
            with suppress(NotHealthyError):
                see_commit(self._site, self._source.commit, kind_of(staging=self._staging))
                tell("nothing to do", f"{current.name} is that commit, and answers")
                return
        with self._removed_on_failure():
            with self._environment_put_back_on_failure(path, before, completion):
                if completion.added:
                    self._target.write(path, completion.content)
                if current and self._is_wanted(current):
                    release = self._checked(current)
                else:
                    release = self._build()
            with (
                _served_before_on_failure(self._target, shell, current, self._release),
                self._environment_put_back_on_failure(path, before, completion),
            ):
                kind = kind_of(staging=self._staging)
                _serve(self._target, shell, release, self._source.commit, kind)
        self._prune()

    def tell(self) -> None:
        """Say what would be done, and refuse what would be refused; change nothing.

        Raises:
            DeploymentError: something is in the way; says what.
            ServerError: the server cannot be worked with.

        """
        releases = _releases(self._shell, self._target)
        current = releases.current
        before = self._target.read(posixpath.join(self._site.folder, ".env"))
        completion = self._look_first(releases, before)
        if current and self._is_wanted(current):
            tell("would", f"serve {current.name} again, which is that commit")
        else:
            name, is_there = self._virtualenv()
            tell("would", f"bring {len(self._files())} files, as a release of its own")
            tell("would", f"{'use' if is_there else 'make'} the environment {name}")
            tell("would", "check the settings, collect the static files, and migrate the database")
            tell("would", f"switch from {current.name if current else 'nothing'} to that release")
        tell("would", f"restart {self._site.unit}, and see that {self._site.url} answers")
        files = self._files()
        for unneeded in releases.unneeded(self._virtualenvs()):
            reason = self._survey.reason_to_keep(unneeded, files)
            tell("would", f"keep {unneeded}: {reason}" if reason else f"remove {unneeded}")
        tell("dry run", f"nothing has changed; .env would get {len(completion.added)} variables")

    def _look_first(self, releases: Releases, environment: bytes | None) -> Completion:
        """See that nothing would be lost, and that there is room; return what .env is to become."""
        found = read(environment, self._site)
        check_kind(found, releases, self._site, staging=self._staging)
        completion = complete(environment, self._site, staging=self._staging, deployer=os.environ)
        current = releases.current
        files = self._files()
        self._survey = _look_around(self._shell, self._target, files, environment)
        needs = [for_database(self._survey)]
        if not (current and self._is_wanted(current)):
            packed = len(self._source.archive(staging=self._staging))
            needs.append(for_release(sum(files.values()), packed, len(files)))
            if not self._virtualenv()[1]:
                needs.append(for_environment(self._survey))
        tell("room", see_room(self._survey, needs))
        self._tell_environment(completion)
        if current and current.staging != self._staging:
            tell(
                "warning",
                f"{self._site.host} has served as {kind_of(staging=current.staging)} so far",
            )
        return completion

    def _files(self) -> Mapping[str, int]:
        return self._source.files(staging=self._staging)

    def _tell_environment(self, completion: Completion) -> None:
        added = ", ".join(completion.added)
        tell(".env", f"gets {added}" if added else "has everything")
        for name in completion.different:
            tell("warning", f"{name} in .env is not the one in your environment, and stays")
        if completion.without_password:
            tell(
                "warning",
                "the site has no EMAIL_PASSWORD, so that no login link can be sent where the mail "
                "server wants one: export it and deploy again, or write it into .env",
            )

    @contextmanager
    def _environment_put_back_on_failure(
        self, path: str, before: bytes | None, completion: Completion
    ) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # Where no release relies on it, what was made once stays for the next attempt.
            if before is not None and completion.added:
                with suppress(ServerError):
                    self._target.write(path, before)
            raise

    def _checked(self, release: Release) -> Release:
        """See that a release that is there likes its settings."""
        self._folder = posixpath.join(self._site.folder, "releases", release.name)
        self._check()
        self._prepare_database()
        return release

    def _is_wanted(self, release: Release) -> bool:
        """Whether it is the commit that is to serve, as the kind that it is to serve as."""
        return release.commit == self._source.commit and release.staging == self._staging

    def _prepare_database(self) -> None:
        with step("database") as database:
            notes = prepare_database(self._shell, self._folder, self._site, self._served)
            database.result = f"may be that of a {kind_of(staging=self._staging)} site"
        for note in notes:
            tell("warning", note)

    def _build(self) -> Release:
        """Make the release, up to where it only has to be switched to."""
        self._release = release_name(datetime.now(UTC), self._source.commit)
        self._folder = posixpath.join(self._site.folder, "releases", self._release)
        self._bring_source()
        virtualenv = self._bring_virtualenv()
        environment = posixpath.join("..", "..", "virtualenvs", virtualenv)
        self._in_release("ln", "-s", environment, "virtualenv")
        self._in_release("ln", "-s", "../../.env", ".env")
        self._check()
        with step("static files") as static:
            self._manage("collectstatic", "--noinput")
            static.result = "collected"
        self._prepare_database()
        with step("migrations") as migrations:
            said = self._manage("migrate", "--noinput").splitlines()
            applied = [line.split()[1].rstrip(".") for line in said if line.endswith("... OK")]
            migrations.result = _enumerated(applied) if applied else "none to apply"
        self._target.write(
            posixpath.join(self._folder, "COMMIT"), f"{self._source.commit}\n".encode(), 0o644
        )
        return Release(self._release, self._source.commit, virtualenv, self._staging)

    def _check(self) -> None:
        with step("check") as check:
            self._manage("check", "--deploy", "--fail-level=ERROR")
            check.result = "the settings are right"

    def _bring_source(self) -> None:
        with step("source") as source, TemporaryDirectory() as folder:
            archive = Path(folder) / f"{self._release}.tar.gz"
            archive.write_bytes(self._source.archive(staging=self._staging))
            releases = posixpath.dirname(self._folder)
            self._target.send([archive], releases)
            self._shell.run(["mkdir", "-m", "700", self._release], releases)
            try:
                self._in_release("tar", "-x", "-z", "-f", f"../{archive.name}")
            finally:
                self._shell.run(["rm", "-f", archive.name], releases)
            source.result = f"{self._release}, {archive.stat().st_size // 1024} kB"

    def _virtualenv(self) -> tuple[str, bool]:
        """Return the name of the environment that is needed, and whether it is there."""
        name = self._python().key(self._source.lock())
        ready = posixpath.join(self._site.folder, "virtualenvs", name, _READY)
        return name, self._target.exists(ready)

    def _virtualenvs(self) -> Sequence[str]:
        folder = posixpath.join(self._site.folder, "virtualenvs")
        return self._shell.run(["ls"], folder).splitlines()

    def _python(self) -> ServerPython:
        return parse_python(self._shell.run(["python3", "-c", ASK], "/"))

    def _bring_virtualenv(self) -> str:
        """Make the environment, unless one with the same packages is there; return its name."""
        with step("virtualenv") as virtualenv:
            name, is_there = self._virtualenv()
            if is_there:
                virtualenv.result = f"{name} is there"
                return name
            python = self._python()
            wheels = self._bring_wheels(python, self._source.lock()) if self._wheelhouse else []
            folder = posixpath.join(self._site.folder, "virtualenvs", name)
            self._shell.run(
                ["python3", "-m", "venv", "--clear", folder], "/", timeout=_INSTALL_TIMEOUT
            )
            self._install(folder, wheels)
            self._shell.run(["touch", posixpath.join(folder, _READY)], "/")
            virtualenv.result = f"made {name} for Python {python.version}"
            return name

    def _bring_wheels(self, python: ServerPython, lock: bytes) -> list[str]:
        """Return what makes pip take the wheels that are on the server then."""
        folder = posixpath.join(self._site.folder, "wheelhouse")
        with waiting():
            wheels = wheels_for(python, lock)
        found = self._shell.run(["ls"], folder).splitlines()
        there = {name for name in found if name.endswith(".whl")}
        self._target.send([wheel for wheel in wheels if wheel.name not in there], folder)
        unneeded = there - {wheel.name for wheel in wheels}
        if unneeded:
            self._shell.run(["rm", "-f", "--", *sorted(unneeded)], folder)
        return ["--no-index", f"--find-links={folder}"]

    def _install(self, virtualenv: str, where: list[str]) -> None:
        pip = [posixpath.join(virtualenv, "bin", "python"), "-m", "pip", "install", "--quiet"]
        quick = ["--disable-pip-version-check", "--retries=1", "--timeout=15"]
        exact = ["--no-deps", "--require-hashes", "--only-binary=:all:", f"--requirement={LOCK}"]
        try:
            self._shell.run([*pip, *quick, *where, *exact], self._folder, _INSTALL_TIMEOUT)
        except CommandFailedError as error:
            said = [line for line in error.output.splitlines() if line.startswith("ERROR")]
            advice = (
                "see that requirements/ is as `make lock` wrote it"
                if where
                else "bring the packages along with --wheelhouse if the server reaches no index"
            )
            reason = telling_line(error.output)
            if is_about_storage(reason):
                advice = f"see `df -h {virtualenv}` there"
            elif said:
                reason = said[-1]
            message = (
                f"pip cannot install the site's packages on {self._site.host} "
                f"({reason.removeprefix('ERROR: ')}): {advice}."
            )
            raise DeploymentError(message) from None

    def _manage(self, *arguments: str) -> str:
        try:
            return self._in_release(*MANAGE, *arguments, timeout=_MANAGE_TIMEOUT)
        except CommandFailedError as error:
            if "\n" in error.output:
                say(f"\n{error.output}")
            reason = telling_line(error.output)
            if not is_about_storage(reason):
                reason = _last_line(error.output)
            reason = reason.removeprefix("CommandError: ").rstrip(".")
            message = f"manage.py {arguments[0]} failed on {self._site.host}: {reason}."
            raise DeploymentError(message) from None

    def _in_release(self, *command: str, timeout: float = 60) -> str:
        return self._shell.run(command, self._folder, timeout)

    @contextmanager
    def _removed_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # Nobody is to go back to it. What was not switched back from has to stay, though.
            remove = '[ "$(readlink current)" = "releases/$1" ] || rm -rf "releases/$1"'
            if self._release:
                with shielded(), suppress(ServerError):
                    self._shell.run(["sh", "-c", remove, "sh", self._release], self._site.folder)
            raise

    def _prune(self) -> None:
        """Remove what nobody will go back to."""
        releases = _releases(self._shell, self._target)
        survey, files = _survey(self._shell, self._target), self._files()
        removed = []
        for unneeded in releases.unneeded(self._virtualenvs()):
            if reason := survey.reason_to_keep(unneeded, files):
                tell("warning", f"{unneeded} is kept, because {reason}: move that elsewhere")
            else:
                removed.append(unneeded)
        if removed:
            with step("clean up") as clean_up:
                self._shell.run(["rm", "-rf", "--", *removed], self._site.folder, timeout=120)
                clean_up.result = f"removed {', '.join(removed)}"


def _look_around(
    shell: Shell, target: Target, files: Collection[str], environment: bytes | None = None
) -> Survey:
    """Refuse what deploying a release with these files would bury, replace or delete."""
    survey = _survey(shell, target, environment)
    for note in survey.refuse(files):
        tell("warning", note)
    database = survey.database
    tell("database", database["path"] if database else "the one that DATABASE_URL names")
    return survey


def _survey(shell: Shell, target: Target, environment: bytes | None = None) -> Survey:
    path = posixpath.join(target.site.folder, ".env")
    content = target.read(path) if environment is None else environment
    return take_survey(
        lambda command: shell.run(command, "/"), target.site, read(content, target.site) or {}
    )


def _folder(target: Target, release: Release) -> str:
    return posixpath.join(target.site.folder, "releases", release.name)


def _see_that_it_is_provisioned(target: Target) -> None:
    site = target.site
    unit = f"/etc/systemd/system/{site.unit}.service"
    needed = [unit, *(f"{site.folder}/{name}" for name in ("releases", "virtualenvs", "database"))]
    if not target.exists(*needed):
        message = (
            f"{site.host} is not ready for a site: type "
            f"`fab -H {site.user}@{site.host} provision` first."
        )
        raise DeploymentError(message)


def _releases(shell: Shell, target: Target) -> Releases:
    return parse(shell.run(list_command(target.site), "/"))


def _serve(
    target: Target, shell: LockedShell, release: Release, commit: str, kind: str | None
) -> None:
    """Switch to a release, restart, and see that it answers, as this kind unless None."""
    site = target.site
    with step("switch") as switching:
        switch(shell, site, release)
        for name, goal in LINKS.items():
            shell.run(["ln", "-s", "-f", "-n", goal, name], site.folder)
        switching.result = release.name
    with step("restart") as restart:
        _restart(target, shell)
        restart.result = site.unit
    with step("health") as health:
        see_commit(site, commit, kind)
        health.result = f"{site.url} answers with {commit[:7]}"


def _restart(target: Target, shell: LockedShell) -> None:
    site = target.site
    try:
        shell.run(["sudo", "--non-interactive", *site.restart], timeout=RESTART_TIMEOUT)
    except CommandFailedError as error:
        message = (
            f"{site.unit} does not start ({_last_line(error.output)}): see "
            f"`fab -H {site.user}@{site.host} logs`."
        )
        raise DeploymentError(message) from None


@contextmanager
def _served_before_on_failure(
    target: Target, shell: LockedShell, before: Release | None, release: str = ""
) -> Iterator[None]:
    """Let the release from before serve again when the new one does not answer."""
    try:
        with switched_back_on_failure(shell, target.site, release):
            yield
    except BaseException as error:
        if before and before.commit and not isinstance(error, NotSwitchedBackError):
            with shielded(), step("health") as health:
                _see_it_again(target, before.commit, error)
                health.result = f"{target.site.url} answers with {before.commit[:7]}"
        raise


def _see_it_again(target: Target, commit: str, error: BaseException) -> None:
    try:
        # As whatever it was: its .env may have been changed since it started.
        see_commit(target.site, commit, None)
    except NotHealthyError as second:
        message = (
            f"{error} Going back failed, too ({str(second).rstrip('.')}): look with "
            f"`fab -H {target.site.user}@{target.site.host} status`, and deploy again."
        )
        raise DeploymentError(message) from None


def _migrations(shell: LockedShell, release: str) -> str:
    return shell.run(["sh", "-c", "ls */migrations/[0-9]*.py"], release)


def _enumerated(applied: list[str]) -> str:
    names = ", ".join(applied[-_MOST_NAMES:])
    more = len(applied) - _MOST_NAMES
    return f"applied {names}" if more <= 0 else f"applied {more} and {names}"


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or ["it wrote nothing"])[-1]
