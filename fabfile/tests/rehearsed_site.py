"""A site on a rehearsal's server, and the commands with which people work with it."""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from testbeds import ROOT
from testbeds.rehearsal.guest_files import CERTIFICATE, KEY
from testbeds.rehearsal.host import Rehearsal
from testbeds.rehearsal.network import SITE_HOST
from testbeds.rehearsal.tasks import SERVER, bring_wheels
from testbeds.rehearsal.tester import USER

FOLDER = f"/home/{USER}/sites/{SITE_HOST}"
UNIT = f"gunicorn-{SITE_HOST}"
PROVISION = ("provision", f"--certificate={CERTIFICATE}", f"--key={KEY}")

_TIMEOUT = 300
_GIT = ("git", "-c", "user.name=Tests", "-c", "user.email=tests@example.com")
_FETCH = (
    "import sys, urllib.request as web; print(web.urlopen(sys.argv[1], timeout=20).read().decode())"
)


@dataclass(frozen=True)
class Ended:
    """The result of a command.

    Attributes:
        status: its exit status.
        output: everything that it printed, including errors.
        seconds: how long it took.

    """

    status: int
    output: str
    seconds: float

    @property
    def last_line(self) -> str:
        """The last line of its output."""
        return self.output.strip().splitlines()[-1]


class Checkout:
    """A checkout of the project with everything committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def commit(self) -> str:
        """The commit that is checked out: 40 hexadecimal digits."""
        return _git(self.folder, "rev-parse", "HEAD").strip()

    def with_file(self, path: str, content: str, folder: Path) -> "Checkout":
        """Return a clone with one more commit, which writes a file."""
        _git(self.folder, "clone", "--quiet", ".", str(folder))
        (folder / path).write_text(content, encoding="utf-8")
        return _committed(folder)


def project_as_it_is(folder: Path) -> Checkout:
    """Return a checkout of the current files, committed or not."""
    _git(ROOT, "clone", "--quiet", "--no-checkout", ".", str(folder))
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    files = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    subprocess.run(  # noqa: S603
        ["cp", "--parents", "--target-directory", str(folder), *files],  # noqa: S607
        cwd=ROOT,
        check=True,
    )
    return _committed(folder)


class RehearsedSite:
    """The site on the server.

    Attributes:
        rehearsal: the server.
        checkout: the checkout that is deployed by default.
        outputs: the outputs of all commands so far.

    """

    def __init__(self, rehearsal: Rehearsal, checkout: Checkout) -> None:
        self.rehearsal = rehearsal
        self.checkout = checkout
        self.outputs: list[str] = []

    def provision(self) -> None:
        """Make the server ready, and limit the user's sudo to what deploying needs."""
        self.expect_success(self.fab(*PROVISION))
        self.rehearsal.ssh("rm /etc/sudoers.d/rehearsal")
        bring_wheels(self.rehearsal)

    def deploy(self, checkout: Checkout | None = None, *, password: bool = True) -> Ended:
        """Deploy as staging, with or without the password for the mail server."""
        return self.fab(*self.deployment, checkout=checkout, password=password)

    @property
    def deployment(self) -> Sequence[str]:
        """The arguments that deploy the site as staging."""
        return "deploy", f"--staging={SITE_HOST}", "--wheelhouse"

    def mark(self) -> None:
        """Mark the database as one that may be emptied."""
        self.expect_success(self.fab("mark-as-staging", typed=f"{SITE_HOST}\n"))

    def fab(
        self,
        *words: str,
        checkout: Checkout | None = None,
        typed: str = "",
        password: bool = True,
        **environment: str,
    ) -> Ended:
        """Run `fab -H` with the server in a checkout."""
        given = {**self.rehearsal.site_environment, **environment}
        if not password:
            del given["EMAIL_PASSWORD"]
        folder = (checkout or self.checkout).folder
        return self._run([*_FAB, *words], folder, given, typed)

    def begin_fab(self, *words: str, checkout: Checkout | None = None) -> "subprocess.Popen[str]":
        """Start `fab -H` with the server, and do not wait for it."""
        return subprocess.Popen(  # noqa: S603
            # A shell lets background processes ignore Ctrl-C, and Python keeps to that.
            self.rehearsal.command("env", "--default-signal=INT", *_FAB, *words),
            cwd=(checkout or self.checkout).folder,
            env=self._environment(self.rehearsal.site_environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def behave(self, *words: str) -> Ended:
        """Run the suite against the site."""
        command = [sys.executable, "-m", "behave", "-D", f"staging={SITE_HOST}", *words]
        return self._run(command, self.checkout.folder)

    def preflight(self, *words: str) -> Ended:
        """Ask whether the suite could run against the site."""
        command = [sys.executable, "-m", "acceptance.running.preflight", SITE_HOST, *words]
        return self._run(command, self.checkout.folder)

    def page(self, path: str) -> str:
        """Return what the site answers to a browser."""
        command = [sys.executable, "-c", _FETCH, f"https://{SITE_HOST}{path}"]
        return self.expect_success(self._run(command, self.checkout.folder))

    def tester_runs(self, program: str) -> str:
        """Run a Python program on the tester's side of the network, and return its output."""
        return self.expect_success(self._run([sys.executable, "-c", program]))

    def serving_commit(self) -> str:
        """Return the commit that answers."""
        return str(json.loads(self.page("/health"))["commit"])

    def releases(self) -> list[str]:
        """Return the names of the releases on the server."""
        return self.ssh(f"ls {FOLDER}/releases").split()

    def manage(self, *words: str, typed: str = "") -> Ended:
        """Run manage.py on the server, as the site's user."""
        line = f"cd {FOLDER} && virtualenv/bin/python manage.py {shlex.join(words)}"
        return self._run(["ssh", "-o", "BatchMode=yes", SITE_HOST, line], typed=typed)

    def begin_run(self) -> "subprocess.Popen[str]":
        """Start a process on the server that answers fixture requests, as a run does."""
        line = f"cd {FOLDER} && virtualenv/bin/python manage.py answer_fixture_requests"
        return subprocess.Popen(  # noqa: S603
            self.rehearsal.command("ssh", "-o", "BatchMode=yes", SITE_HOST, line),
            env=self._environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def people_write(self) -> None:
        """Add a person with a list to the database."""
        self.expect_success(self.manage("shell", "-c", _WRITE))

    def dump(self) -> str:
        """Return everything in the database that Django knows."""
        return self.expect_success(self.manage("dumpdata", "--indent=1"))

    def ssh(self, command: str) -> str:
        """Run a shell command on the server as root, and return its output."""
        return self.rehearsal.ssh(command, timeout=_TIMEOUT)

    def as_user(self, command: str) -> str:
        """Run a shell command on the server as the site's user, and return its output."""
        return self.rehearsal.ssh(command, USER, _TIMEOUT)

    def start_over(self, environment: str = "") -> None:
        """Undo all deployments, so that the next one finds a freshly provisioned server.

        Args:
            environment: the content of its .env then.

        """
        self.ssh(
            f"systemctl stop {UNIT} && cd {FOLDER} && "
            "rm -rf current releases/* database/* .env manage.py virtualenv"
        )
        if environment:
            write = f"umask 077 && printf %s {shlex.quote(environment)} >{FOLDER}/.env"
            self.as_user(write)

    def expect_success(self, ended: Ended) -> str:
        """Return the output of a command, which must have succeeded."""
        assert ended.status == 0, ended.output
        return ended.output

    def _run(
        self,
        command: Sequence[str],
        folder: Path = ROOT,
        environment: Mapping[str, str] | None = None,
        typed: str = "",
    ) -> Ended:
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603
            self.rehearsal.command(*command),
            cwd=folder,
            env=self._environment(environment or {}),
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        self.outputs.append(done.stdout)
        return Ended(done.returncode, done.stdout, time.monotonic() - began)

    def _environment(self, more: Mapping[str, str]) -> Mapping[str, str]:
        return {**os.environ, **self.rehearsal.environment, **more}


_FAB = (sys.executable, "-m", "fabric", "-H", SERVER)

_WRITE = """\
from accounts.models import User
from lists.models import List
edith, _ = User.objects.get_or_create(email="edith@example.com")
List.objects.start("Buy peacock feathers", edith)
"""


def _committed(folder: Path) -> Checkout:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--allow-empty", "--message=As it is")
    return Checkout(folder)


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603
        [*_GIT, *words], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout
