"""One rehearsal: its server, booted, and the machine of whoever tests it."""

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
    """A server that runs, and how to reach it.

    Attributes:
        started: what it has on this machine.
        environment: what a tester's programs need, on top of this process's environment.
        site_environment: what a site needs in its environment to send mails from the server.

    """

    started: Run
    environment: Mapping[str, str] = field(repr=False)
    site_environment: Mapping[str, str] = field(repr=False)

    def command(self, *command: str) -> Sequence[str]:
        """Return the command line that runs `command` at the tester's end of the wire."""
        inside = ["ip", "netns", "exec", self.started.client_network, *command]
        return control_groups.joined(self.started.group / "client", inside)

    def call(
        self, *command: str, environment: Mapping[str, str] | None = None, typed: str | None = None
    ) -> int:
        """Run a command as the tester, in the project's folder, and return its status.

        Args:
            command: the program and its arguments.
            environment: more of its environment.
            typed: what it reads, or None for what this process reads.

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
        """Run a shell's command on the server and return what it wrote.

        Args:
            command: the line.
            user: as whom.
            timeout: how long it may take, in seconds.

        Raises:
            TestBedError: it failed; says what it wrote last.

        """
        environment = {**os.environ, **self.environment}
        options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=5"]
        line = self.command("ssh", *options, f"{user}@{SITE_HOST}", command)
        return run(line, timeout, environment, name=f"`{command}` on the server")

    def wait_until_booted(self) -> None:
        """Wait until the server has started all that it starts.

        Raises:
            TestBedError: it does not, or a part of it failed.

        """
        deadline = time.monotonic() + BOOT
        while True:
            try:
                state = self.ssh("systemctl is-system-running --wait || true").strip()
                break
            except TestBedError as error:
                said = str(error).rstrip(".")
                self._see_that_it_may_still(f"does not boot ({said})", deadline)
        if state != "running":
            failed = self.ssh("systemctl --failed --plain --no-legend | cut -d' ' -f1").split()
            message = f"The server is {state}: {', '.join(failed) or 'nothing'} failed."
            raise TestBedError(message)

    def reboot(self) -> None:
        """Reboot the server, and wait until it has.

        Raises:
            TestBedError: it does not boot again.

        """
        before = self._started_at()
        # It may be gone before it has answered.
        with suppress(TestBedError):
            self.ssh("systemctl reboot")
        self._wait_until_started_after(before)
        self.wait_until_booted()

    def is_running(self) -> bool:
        """Whether the server runs."""
        return control_groups.is_populated(self.started.group / "server")

    def save(self) -> None:
        """Write down how it is reached, for those who come later."""
        file = self.started.folder / "rehearsal.json"
        file.touch(mode=0o600)
        known = {"environment": self.environment, "site_environment": self.site_environment}
        file.write_text(json.dumps(known), encoding="utf-8")

    def _wait_until_started_after(self, before: str) -> None:
        # The system that goes down may still let people in, or refuse them in the middle.
        deadline = time.monotonic() + BOOT
        while True:
            try:
                if self._started_at() != before:
                    return
                said = "it is still the same system"
            except TestBedError as error:
                said = str(error).rstrip(".")
            self._see_that_it_may_still(f"does not reboot ({said})", deadline)

    def _see_that_it_may_still(self, failure: str, deadline: float) -> None:
        """Wait a moment, unless there is nothing to wait for any more."""
        if time.monotonic() > deadline or not self.is_running():
            message = f"The server {failure}; {self._last_words()}"
            raise TestBedError(message)
        time.sleep(_POLL_INTERVAL)

    def _started_at(self) -> str:
        """Return what no two boots have in common: this machine's clock, when it began."""
        return self.ssh("systemctl show --value --property=UserspaceTimestampMonotonic")

    def _last_words(self) -> str:
        log = self.started.folder / "server.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return f"its console ends with: {lines[-1] if lines else 'nothing'}"


@contextmanager
def open_rehearsal() -> Iterator[Rehearsal]:
    """Boot a server for the length of the block, and throw it away unless it is kept by then.

    Raises:
        MachineError: this machine cannot hold a rehearsal.
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
                # Ctrl-C is for the driver, which then throws the server away.
                start_new_session=True,
            )
        try:
            rehearsal = Rehearsal(
                started=started,
                environment={**tester.environment, **mail.for_the_suite},
                site_environment=mail.for_the_site,
            )
            # Until it has joined its group, it would be taken for one that has ended.
            while not rehearsal.is_running() and server.poll() is None:
                time.sleep(_POLL_INTERVAL)
            rehearsal.wait_until_booted()
            rehearsal.save()
            yield rehearsal
        finally:
            if started.is_kept:
                # It is not waited for: it goes on without this process.
                server.returncode = 0
            else:
                control_groups.remove(started.group)
                server.wait()


def kept_rehearsal() -> Rehearsal | None:
    """Return the rehearsal that is kept, or None.

    Raises:
        MachineError: this machine cannot hold a rehearsal.

    """
    machine.check()
    remove_dead()
    for started in all_runs():
        file = started.folder / "rehearsal.json"
        if started.is_kept and file.exists():
            return Rehearsal(started=started, **json.loads(file.read_text(encoding="utf-8")))
    return None
