"""The rehearsals on this machine: the resources of each, and their removal."""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from testbeds import ROOT
from testbeds.commands import run
from testbeds.errors import TestBedError
from testbeds.rehearsal import control_groups

RUNS = Path("/run/superlists-rehearsals")
NETWORKS = Path("/run/netns")
NETWORK_FILES = Path("/etc/netns")


# It imports nothing until it is needed, which is rare.
_KEEPER = """\
import sys
sys.stdin.buffer.read()
from testbeds.rehearsal import runs
runs.remove_dead()
"""


@dataclass(frozen=True)
class Run:
    """A rehearsal, with its resources on this machine.

    Attributes:
        name: its unique name.

    """

    name: str

    @property
    def folder(self) -> Path:
        """Its files, which only root may read."""
        return RUNS / self.name

    @property
    def server_network(self) -> str:
        """The network namespace of the server."""
        return f"{self.name}-server"

    @property
    def client_network(self) -> str:
        """The network namespace of the tester."""
        return f"{self.name}-client"

    @property
    def group(self) -> Path:
        """The control group with all of its processes."""
        top = control_groups.top()
        if top is None:
            message = "This machine has no control groups of version 2."
            raise TestBedError(message)
        return top / self.name

    @property
    def is_kept(self) -> bool:
        """Whether it outlives the process that started it."""
        return (self.folder / "kept").exists()

    def keep(self) -> None:
        """Let it outlive this process, until it is removed."""
        (self.folder / "kept").touch()

    def promise_to_remove(self, folder: Path) -> None:
        """Let a folder elsewhere be removed with the rehearsal, in whatever way it ends."""
        (self.folder / "elsewhere").write_text(str(folder), encoding="utf-8")

    def is_alive(self) -> bool:
        """Return whether its driver is running, or it is kept and its server is running."""
        if self.is_kept:
            return control_groups.is_populated(self.group)
        try:
            with (self.folder / "driver").open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            pass
        return False

    def remove(self) -> None:
        """Remove all its resources, as far as they exist.

        Raises:
            TestBedError: something cannot be removed.

        """
        with _alone():
            self.remove_while_alone()

    def remove_while_alone(self) -> None:
        """Remove all its resources, while no other rehearsal begins or is removed."""
        control_groups.remove(self.group)
        for network in (self.server_network, self.client_network):
            if (NETWORKS / network).exists():
                run(["ip", "netns", "delete", network])
            shutil.rmtree(NETWORK_FILES / network, ignore_errors=True)
        with suppress(FileNotFoundError):
            elsewhere = (self.folder / "elsewhere").read_text(encoding="utf-8")
            shutil.rmtree(elsewhere, ignore_errors=True)
        # Last, since a rehearsal is known by its folder.
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in (NETWORK_FILES, RUNS):
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def open_run() -> Iterator[Run]:
    """Begin a rehearsal, and remove it at the end of the block unless it is marked to be kept.

    If this process is killed, another process that waits for its end removes the rehearsal, and if
    that is killed, too, the next rehearsal does.

    Raises:
        TestBedError: something cannot be removed.

    """
    remove_dead()
    started = Run(f"rehearsal-{secrets.token_hex(4)}")
    with _alone():
        started.folder.mkdir(parents=True, mode=0o700)
        # The kernel releases the lock of a process that ends, in whatever way. A process id could
        # be used again by another process.
        driver = os.open(started.folder / "driver", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(driver, fcntl.LOCK_EX)
        for group in (started.group, started.group / "server", started.group / "client"):
            group.mkdir()
        # Here, because a rehearsal that ends meanwhile removes the parent folder if it is empty.
        (NETWORK_FILES / started.client_network).mkdir(parents=True)
    keeper = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _KEEPER],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        try:
            if not started.is_kept:
                started.remove()
            keeper.send_signal(signal.SIGKILL)
        finally:
            os.close(driver)
            if keeper.stdin:
                keeper.stdin.close()
            keeper.wait()


def all_runs() -> list[Run]:
    """Return the rehearsals on this machine, including dead ones."""
    names = [folder.name for folder in RUNS.iterdir()] if RUNS.is_dir() else []
    return [Run(name) for name in sorted(names)]


def remove_dead() -> None:
    """Remove rehearsals whose driver was killed.

    Raises:
        TestBedError: something cannot be removed.

    """
    with _alone():
        for found in all_runs():
            if not found.is_alive():
                found.remove_while_alone()


@contextmanager
def _alone() -> Iterator[None]:
    # A folder that exists on every machine, so that not even a lock file is left behind.
    handle = os.open(RUNS.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
