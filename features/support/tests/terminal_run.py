"""Runs of the suite in terminals that tests can close."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread

import psutil
import pytest

from testbeds import ROOT

PATIENCE = 60
"""How long each step of a test may take, in seconds."""


class Run:
    """A run in a terminal of its own.

    Attributes:
        process: the run itself.
        shown: the output in the terminal.
        children: the processes that the run has started, as far as they were seen.

    """

    def __init__(self, process: "subprocess.Popen[bytes]", terminal: int) -> None:
        self.process = process
        self.terminal = terminal
        self.shown = b""
        self.children: dict[int, psutil.Process] = {}
        self.is_closing = Event()
        self.reader = Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        """Read until the terminal is closed, from one end or the other."""
        with suppress(OSError):
            while not self.is_closing.is_set():
                if select.select([self.terminal], [], [], 0.05)[0]:
                    self.shown += os.read(self.terminal, 65536)

    def close_terminal(self) -> None:
        """Close the terminal during the run, like someone who closes its window."""
        self.is_closing.set()
        self.reader.join()
        os.close(self.terminal)

    def look_for_children(self) -> None:
        """Add the current child processes to `children`."""
        try:
            found = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return
        self.children.update({child.pid: child for child in found})

    def wait_until(self, what: str) -> None:
        """Wait until the run shows that, or has a child process."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            self.look_for_children()
            if (what.encode() in self.shown) if what else self.children:
                return
            time.sleep(0.01)
        pytest.fail(f"{what!r} was not shown in {self.shown!r}")

    def end(self) -> set[str]:
        """Wait until the run has ended, and return the names of child processes that are left."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            self.look_for_children()
            time.sleep(0.01)
        _, left = psutil.wait_procs(list(self.children.values()), timeout=5)
        for child in left:
            child.kill()
        return {child.name() for child in left}


@contextmanager
def run_in_terminal(*words: str, environment: Mapping[str, str] | None = None) -> Iterator[Run]:
    """Run behave with these words until the end of the block, and with more variables."""
    ours, theirs = pty.openpty()
    # setsid(1) makes this the controlling terminal, whose closing sends SIGHUP to the run.
    process = subprocess.Popen(  # noqa: S603
        [
            *("setsid", "--ctty", sys.executable, "-u", "-m", "behave"),
            *("-f", "plain", *words),
        ],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    run = Run(process, ours)
    try:
        yield run
    finally:
        process.kill()
        process.wait()
        if not run.is_closing.is_set():
            run.close_terminal()
