"""A watch of a folder, as people see it in a terminal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

import psutil
import pytest

PATIENCE = 60
"""How long a test waits for a line, in seconds."""


class Watching:
    """A running watch."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def line(self) -> str:
        """Return the next line that it shows."""
        try:
            return self._lines.get(timeout=PATIENCE)
        except Empty:
            return pytest.fail("the watch shows nothing more")

    def verdicts(self, count: int) -> list[str]:
        """Return the next verdicts without their durations, and skip the lines in between."""
        found: list[str] = []
        while len(found) < count:
            line = self.line()
            if line.startswith(("✓", "✗")):
                verdict, comma, rest = line.partition(", ")
                found.append(f"{verdict}{rest[rest.index(' (') :]}" if comma else line)
        return found

    def processes(self) -> list[psutil.Process]:
        """Return the watch and the processes that it has started."""
        watch = psutil.Process(self._process.pid)
        return [watch, *watch.children(recursive=True)]

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does, check that no process is left, and return its exit status."""
        started = self.processes()
        self._process.send_signal(how)
        status = self._process.wait(PATIENCE)
        _, left = psutil.wait_procs(started, timeout=5)
        assert left == []
        return status

    def rest(self) -> list[str]:
        """Return the remaining lines until its end."""
        self._reader.join(PATIENCE)
        return [self._lines.get() for _ in range(self._lines.qsize())]

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))


@contextmanager
def watching(
    folder: Path, *words: str, environment: Mapping[str, str] | None = None
) -> Iterator[Watching]:
    """Watch a folder until the end of the block."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "acceptance.running.watch", *words],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        watch = Watching(process)
        try:
            yield watch
        finally:
            if process.poll() is None:
                watch.end()
            watch.rest()
