"""Deploy a site, or go back: if anything fails, the release that served before keeps serving."""

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
from fabfile.failures import is_about_storage, line_with_cause
from fabfile.health import NotHealthyError, check_commit
from fabfile.interruption import shielded, waiting
from fabfile.kind import check_kind, kind_of, prepare_database
from fabfile.locked_shell import CommandFailedError, LockedShell, Shell, open_locked_shell
from fabfile.progress import show, step, write
from fabfile.releases import (
    MANAGE,
    Release,
    Releases,
    list_command,
    parse,
    release_name,
    switch,
)
from fabfile.room import check_room, for_database, for_environment, for_release
from fabfile.source import LOCK, Source
from fabfile.survey import LINKS, Survey, take_survey
from fabfile.switching import (
    RESTART_TIMEOUT,
    NotSwitchedBackError,
    finish_interrupted_switch,
    switched_back_on_failure,
)
from fabfile.target import Target
from fabfile.wheelhouse import ASK, ServerPython, wheels_for
from fabfile.wheelhouse import parse as parse_python

# How long a command may be silent, in seconds.
_INSTALL_TIMEOUT = 600
_MANAGE_TIMEOUT = 600

_MOST_NAMES = 3
"""How many migrations are shown by name."""

_READY = "ready"
"""The file that marks an environment as complete."""


def deploy(
    target: Target, source: Source, *, staging: bool, wheelhouse: bool, dry: bool = False
) -> None:
    """Deploy a commit.

    Args:
        target: the server.
        source: the commit.
        staging: whether to deploy a staging site, with the app that can empty it.
        wheelhouse: whether to upload the packages instead of letting the server fetch them.
        dry: whether to show what would be done, without changing anything.

    Raises:
        DeploymentError: deploying failed; the release that served before keeps serving.
        ServerError: the server cannot be used; likewise.

    """
    site = target.site
    show("deploy", f"{source.short} to {target}, as {kind_of(staging=staging)}")
    uncommitted = source.uncommitted()
    if uncommitted:
        show(
            "warning",
            f"{uncommitted} files here are not committed, and are not deployed: commit them first",
        )
    _check_provisioned(target)
    if dry:
        Deployment(target, target, source, staging=staging, wheelhouse=wheelhouse).show_plan()
        return
    with open_locked_shell(target) as shell:
        finish_interrupted_switch(shell, site)
        deployment = Deployment(target, shell, source, staging=staging, wheelhouse=wheelhouse)
        deployment.run(shell)
    show("serves", f"{source.short} at {site.url}")


def roll_back(target: Target) -> None:
    """Go back to the release before the one that serves.

    Raises:
        DeploymentError: there is none, or it does not answer; the current one keeps serving.
        ServerError: the server cannot be used; likewise.

    """
    _check_provisioned(target)
    site = target.site
    with open_locked_shell(target) as shell:
        finish_interrupted_switch(shell, site)
        releases = _releases(shell, target)
        current = releases.current
        before = releases.before(current) if current else None
        if current is None or before is None or before.commit is None:
            message = (
                f"There is no earlier release of the same kind on {target.site.host}: deploy the "
                "commit that you want."
            )
            raise DeploymentError(message)
        found = shell.run(["find", ".", "-type", "f", "-printf", "%P\n"], _folder(target, before))
        # Before anything opens the database, which would create a missing SQLite file.
        _refuse_losses(shell, target, found.splitlines())
        for note in prepare_database(shell, _folder(target, current), site, current):
            show("warning", note)
        show("roll back", f"from {current.name} to {before.name}")
        with _served_before_on_failure(target, shell, current):
            _serve(target, shell, before, before.commit, kind_of(staging=before.staging))
        # No one can go back to this release now, and the next deployment removes it.
        left = _folder(target, current)
        shell.run(["mv", "-f", "COMMIT", "TAKEN_BACK"], left)
        if _migrations(shell, left) != _migrations(shell, posixpath.join(left, "..", before.name)):
            show("warning", "the database keeps the migrations of the release that was taken back")
    show("serves", f"{before.commit[:7]} at {target.site.url}")


class Deployment:
    """One deployment."""

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
        """Deploy.

        Args:
            shell: the shell that keeps everyone else from deploying meanwhile.

        Raises:
            DeploymentError: deploying failed.
            ServerError: a command failed on the server.

        """
        releases = _releases(shell, self._target)
        current = releases.current
        path = posixpath.join(self._site.folder, ".env")
        before = self._target.read(path)
        completion = self._check_first(releases, before)
        self._served = current
        if current and self._is_wanted(current) and not completion.added:
            self._folder = _folder(self._target, current)
            self._prepare_database()
            with suppress(NotHealthyError):
                check_commit(self._site, self._source.commit, kind_of(staging=self._staging))
                show("nothing to do", f"{current.name} has that commit, and answers")
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

    def show_plan(self) -> None:
        """Show what a deployment would do, with the same refusals, without changing anything.

        Raises:
            DeploymentError: a deployment would be refused.
            ServerError: the server cannot be used.

        """
        releases = _releases(self._shell, self._target)
        current = releases.current
        before = self._target.read(posixpath.join(self._site.folder, ".env"))
        completion = self._check_first(releases, before)
        if current and self._is_wanted(current):
            show("would", f"serve {current.name} again, which has that commit")
        else:
            name, is_there = self._virtualenv()
            show("would", f"upload {len(self._files())} files as a new release")
            show("would", f"{'use' if is_there else 'make'} the environment {name}")
            show("would", "check the settings, collect the static files, and migrate the database")
            show("would", f"switch from {current.name if current else 'nothing'} to that release")
        show("would", f"restart {self._site.unit}, and check that {self._site.url} answers")
        files = self._files()
        for unneeded in releases.unneeded(self._virtualenvs()):
            reason = self._survey.reason_to_keep(unneeded, files)
            show("would", f"keep {unneeded}: {reason}" if reason else f"remove {unneeded}")
        show("dry run", f"nothing has changed; .env would get {len(completion.added)} variables")

    def _check_first(self, releases: Releases, environment: bytes | None) -> Completion:
        """Check that nothing would be lost and that there is room; return the completed .env."""
        found = read(environment, self._site)
        check_kind(found, releases, self._site, staging=self._staging)
        completion = complete(environment, self._site, staging=self._staging, deployer=os.environ)
        current = releases.current
        files = self._files()
        self._survey = _refuse_losses(self._shell, self._target, files, environment)
        needs = [for_database(self._survey)]
        if not (current and self._is_wanted(current)):
            packed = len(self._source.archive(staging=self._staging))
            needs.append(for_release(sum(files.values()), packed, len(files)))
            if not self._virtualenv()[1]:
                needs.append(for_environment(self._survey))
        show("room", check_room(self._survey, needs))
        self._show_environment(completion)
        if current and current.staging != self._staging:
            show(
                "warning",
                f"{self._site.host} has been a {kind_of(staging=current.staging)} site so far",
            )
        return completion

    def _files(self) -> Mapping[str, int]:
        return self._source.files(staging=self._staging)

    def _show_environment(self, completion: Completion) -> None:
        added = ", ".join(completion.added)
        show(".env", f"gets {added}" if added else "has everything")
        for name in completion.different:
            show("warning", f"{name} in .env differs from the one in your environment, and is kept")
        if completion.without_password:
            show(
                "warning",
                "the site has no EMAIL_PASSWORD, and cannot send login links if the mail server "
                "requires one: export it and deploy again, or write it into .env",
            )

    @contextmanager
    def _environment_put_back_on_failure(
        self, path: str, before: bytes | None, completion: Completion
    ) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # A new .env that no release relies on yet is kept for the next attempt.
            if before is not None and completion.added:
                with suppress(ServerError):
                    self._target.write(path, before)
            raise

    def _checked(self, release: Release) -> Release:
        """Check an existing release with its settings."""
        self._folder = posixpath.join(self._site.folder, "releases", release.name)
        self._check()
        self._prepare_database()
        return release

    def _is_wanted(self, release: Release) -> bool:
        """Return whether the release has the commit and the kind that are to be deployed."""
        return release.commit == self._source.commit and release.staging == self._staging

    def _prepare_database(self) -> None:
        with step("database") as database:
            notes = prepare_database(self._shell, self._folder, self._site, self._served)
            database.result = f"may serve a {kind_of(staging=self._staging)} site"
        for note in notes:
            show("warning", note)

    def _build(self) -> Release:
        """Make the release, ready to be switched to."""
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
            output = self._manage("migrate", "--noinput").splitlines()
            applied = [line.split()[1].rstrip(".") for line in output if line.endswith("... OK")]
            migrations.result = _enumerated(applied) if applied else "none to apply"
        self._target.write(
            posixpath.join(self._folder, "COMMIT"), f"{self._source.commit}\n".encode(), 0o644
        )
        return Release(self._release, self._source.commit, virtualenv, self._staging)

    def _check(self) -> None:
        with step("check") as check:
            self._manage("check", "--deploy", "--fail-level=ERROR")
            check.result = "the settings are valid"

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
        """Return the name of the environment that is needed, and whether it exists."""
        name = self._python().key(self._source.lock())
        ready = posixpath.join(self._site.folder, "virtualenvs", name, _READY)
        return name, self._target.exists(ready)

    def _virtualenvs(self) -> Sequence[str]:
        folder = posixpath.join(self._site.folder, "virtualenvs")
        return self._shell.run(["ls"], folder).splitlines()

    def _python(self) -> ServerPython:
        return parse_python(self._shell.run(["python3", "-c", ASK], "/"))

    def _bring_virtualenv(self) -> str:
        """Make the environment, unless one with the same packages exists; return its name."""
        with step("virtualenv") as virtualenv:
            name, is_there = self._virtualenv()
            if is_there:
                virtualenv.result = f"{name} exists"
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
        """Upload the missing wheels; return the options with which pip installs from them."""
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
            errors = [line for line in error.output.splitlines() if line.startswith("ERROR")]
            advice = (
                "check that requirements/ is as `make lock` wrote it"
                if where
                else "upload the packages with --wheelhouse if the server reaches no package index"
            )
            reason = line_with_cause(error.output)
            if is_about_storage(reason):
                advice = f"check `df -h {virtualenv}` there"
            elif errors:
                reason = errors[-1]
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
                write(f"\n{error.output}")
            reason = line_with_cause(error.output)
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
            # No one may go back to it. It has to stay, though, if it is still the current one.
            remove = '[ "$(readlink current)" = "releases/$1" ] || rm -rf "releases/$1"'
            if self._release:
                with shielded(), suppress(ServerError):
                    self._shell.run(["sh", "-c", remove, "sh", self._release], self._site.folder)
            raise

    def _prune(self) -> None:
        """Remove the releases and environments that no one will go back to."""
        releases = _releases(self._shell, self._target)
        survey, files = _survey(self._shell, self._target), self._files()
        removed = []
        for unneeded in releases.unneeded(self._virtualenvs()):
            if reason := survey.reason_to_keep(unneeded, files):
                show("warning", f"{unneeded} is kept because {reason}: move that elsewhere")
            else:
                removed.append(unneeded)
        if removed:
            with step("clean up") as clean_up:
                self._shell.run(["rm", "-rf", "--", *removed], self._site.folder, timeout=120)
                clean_up.result = f"removed {', '.join(removed)}"


def _refuse_losses(
    shell: Shell, target: Target, files: Collection[str], environment: bytes | None = None
) -> Survey:
    """Refuse to deploy if a release with these files would bury, replace or delete something."""
    survey = _survey(shell, target, environment)
    for note in survey.refuse(files):
        show("warning", note)
    database = survey.database
    show("database", database["path"] if database else "the one that DATABASE_URL names")
    return survey


def _survey(shell: Shell, target: Target, environment: bytes | None = None) -> Survey:
    path = posixpath.join(target.site.folder, ".env")
    content = target.read(path) if environment is None else environment
    return take_survey(
        lambda command: shell.run(command, "/"), target.site, read(content, target.site) or {}
    )


def _folder(target: Target, release: Release) -> str:
    return posixpath.join(target.site.folder, "releases", release.name)


def _check_provisioned(target: Target) -> None:
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
    """Switch to a release, restart, and check that it answers, as this kind unless None."""
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
        check_commit(site, commit, kind)
        health.result = f"{site.url} answers with {commit[:7]}"


def _restart(target: Target, shell: LockedShell) -> None:
    site = target.site
    try:
        shell.run(["sudo", "--non-interactive", *site.restart], timeout=RESTART_TIMEOUT)
    except CommandFailedError as error:
        message = (
            f"{site.unit} does not start ({_last_line(error.output)}): check "
            f"`fab -H {site.user}@{site.host} logs`."
        )
        raise DeploymentError(message) from None


@contextmanager
def _served_before_on_failure(
    target: Target, shell: LockedShell, before: Release | None, release: str = ""
) -> Iterator[None]:
    """Let the previous release serve again if the new one does not answer."""
    try:
        with switched_back_on_failure(shell, target.site, release):
            yield
    except BaseException as error:
        if before and before.commit and not isinstance(error, NotSwitchedBackError):
            with shielded(), step("health") as health:
                _check_served_again(target, before.commit, error)
                health.result = f"{target.site.url} answers with {before.commit[:7]}"
        raise


def _check_served_again(target: Target, commit: str, error: BaseException) -> None:
    try:
        # Of either kind: its .env may have been changed since it started.
        check_commit(target.site, commit, None)
    except NotHealthyError as second:
        message = (
            f"{error} Going back failed, too ({str(second).rstrip('.')}): check with "
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
    return (output.strip().splitlines() or ["it printed nothing"])[-1]
