"""One rehearsal: its booted server, and the tester's machine."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from trustme import CA

from fabfile.progress import write
from testbeds import ROOT
from testbeds.commands import TIMEOUT, run
from testbeds.errors import TestBedError
from testbeds.keys import make_key
from testbeds.mail import MailAccounts
from testbeds.rehearsal import control_groups, machine
from testbeds.rehearsal.guest_files import write_guest_files
from testbeds.rehearsal.image import image_for
from testbeds.rehearsal.network import MAIL_HOST, SITE_HOST, lay_wire
from testbeds.rehearsal.runs import Run, all_runs, open_run, remove_dead
from testbeds.rehearsal.tester import Tester

BOOT = 60.0
"""How long the server may take to boot, in seconds."""

_POLL_INTERVAL = 0.05
_SERVER = ROOT / "setup" / "rehearsal-server"


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A running server, and how to reach it.

    Attributes:
        started: its resources on this machine.
        environment: the variables of a tester's programs, on top of this process's environment.
        site_environment: the variables with which a site sends emails from the server.

    """

    started: Run
    environment: Mapping[str, str] = field(repr=False)
    site_environment: Mapping[str, str] = field(repr=False)

    def command(self, *command: str) -> Sequence[str]:
        """Return the command line that runs `command` on the tester's side of the network."""
        inside = ["ip", "netns", "exec", self.started.client_network, *command]
        return control_groups.joined(self.started.group / "client", inside)

    def call(
        self, *command: str, environment: Mapping[str, str] | None = None, typed: str | None = None
    ) -> int:
        """Run a command as the tester, in the project's folder, and return its status.

        Args:
            command: the program and its arguments.
            environment: additional variables.
            typed: its input, or None for the input of this process.

        """
        return subprocess.run(  # noqa: S603
            self.command(*command),
            cwd=ROOT,
            env={**os.environ, **self.environment, **(environment or {})},
            input=typed,
            text=True,
            check=False,
        ).returncode

    def ssh(self, command: str, user: str = "root", timeout: float = TIMEOUT) -> str:
        """Run a shell command on the server and return its output.

        Args:
            command: the command line.
            user: the user to run it as.
            timeout: how long it may take, in seconds.

        Raises:
            TestBedError: it failed; the message has its last line.

        """
        environment = {**os.environ, **self.environment}
        options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=5"]
        line = self.command("ssh", *options, f"{user}@{SITE_HOST}", command)
        return run(line, timeout, environment, name=f"`{command}` on the server")

    def wait_until_booted(self) -> None:
        """Wait until the server has started all its units.

        Raises:
            TestBedError: it does not boot, or a unit failed.

        """
        deadline = time.monotonic() + BOOT
        while True:
            try:
                state = self.ssh("systemctl is-system-running --wait || true").strip()
                break
            except TestBedError as error:
                reason = str(error).rstrip(".")
                self._wait_a_moment(f"does not boot ({reason})", deadline)
        if state != "running":
            failed = self.ssh("systemctl --failed --plain --no-legend | cut -d' ' -f1").split()
            message = f"The server is {state}: {', '.join(failed) or 'nothing'} failed."
            raise TestBedError(message)

    def reboot(self) -> None:
        """Reboot the server, and wait until it is up again.

        Raises:
            TestBedError: it does not boot again.

        """
        before = self._started_at()
        # The server may be down before it has answered.
        with suppress(TestBedError):
            self.ssh("systemctl reboot")
        self._wait_until_started_after(before)
        self.wait_until_booted()

    def is_running(self) -> bool:
        """Return whether the server is running."""
        return control_groups.is_populated(self.started.group / "server")

    def save(self) -> None:
        """Save how to reach the server, for other processes."""
        file = self.started.folder / "rehearsal.json"
        file.touch(mode=0o600)
        known = {"environment": self.environment, "site_environment": self.site_environment}
        file.write_text(json.dumps(known), encoding="utf-8")

    def _wait_until_started_after(self, before: str) -> None:
        # The system that is shutting down may still accept logins, or cut them off midway.
        deadline = time.monotonic() + BOOT
        while True:
            try:
                if self._started_at() != before:
                    return
                reason = "it is still the same system"
            except TestBedError as error:
                reason = str(error).rstrip(".")
            self._wait_a_moment(f"does not reboot ({reason})", deadline)

    def _wait_a_moment(self, failure: str, deadline: float) -> None:
        """Wait a moment, unless the server has ended or the deadline has passed."""
        if time.monotonic() > deadline or not self.is_running():
            message = f"The server {failure}; {self._last_words()}"
            raise TestBedError(message)
        time.sleep(_POLL_INTERVAL)

    def _started_at(self) -> str:
        """Return the time of the boot by this machine's clock, which is unique for each boot."""
        return self.ssh("systemctl show --value --property=UserspaceTimestampMonotonic")

    def _last_words(self) -> str:
        log = self.started.folder / "server.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return f"its console ends with: {lines[-1] if lines else 'nothing'}"


@contextmanager
def open_rehearsal() -> Iterator[Rehearsal]:
    """Boot a server for the duration of the block, and discard it unless it is marked to be kept.

    Raises:
        MachineError: this machine cannot run a rehearsal.
        TestBedError: the server does not boot.

    """
    machine.check()
    with open_run() as started:
        image = image_for(started, write)
        authority, mail = CA(), MailAccounts(host=MAIL_HOST, domain=MAIL_HOST)
        host_key = started.folder / "host_key"
        make_key(host_key)
        tester = Tester(started.folder / "tester", authority, host_key)
        archive = started.folder / "files.tar"
        write_guest_files(
            archive,
            image=image,
            authority=authority,
            mail=mail,
            host_key=host_key,
            client_key=tester.key,
        )
        lay_wire(started)
        place = started.folder / "server"
        place.mkdir()
        command = [
            *("unshare", "--mount", "--propagation=private", str(_SERVER)),
            *(str(image), str(archive), str(place), started.server_network),
        ]
        with (started.folder / "server.log").open("wb") as log:
            server = subprocess.Popen(  # noqa: S603
                control_groups.joined(started.group / "server", command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the driver, which then discards the server.
                start_new_session=True,
            )
        try:
            rehearsal = Rehearsal(
                started=started,
                environment={**tester.environment, **mail.for_the_suite},
                site_environment=mail.for_the_site,
            )
            # Until it has joined its group, it would look as if it had ended.
            while not rehearsal.is_running() and server.poll() is None:
                time.sleep(_POLL_INTERVAL)
            rehearsal.wait_until_booted()
            rehearsal.save()
            yield rehearsal
        finally:
            if started.is_kept:
                # It is not waited for, since it outlives this process.
                server.returncode = 0
            else:
                control_groups.remove(started.group)
                server.wait()


def kept_rehearsal() -> Rehearsal | None:
    """Return the rehearsal that is kept, or None.

    Raises:
        MachineError: this machine cannot run a rehearsal.

    """
    machine.check()
    remove_dead()
    for started in all_runs():
        file = started.folder / "rehearsal.json"
        if started.is_kept and file.exists():
            return Rehearsal(started=started, **json.loads(file.read_text(encoding="utf-8")))
    return None
