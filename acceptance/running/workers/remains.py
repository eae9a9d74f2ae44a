"""What a worker leaves behind that was killed: programs that it has started, and their files."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from acceptance.room import remove_folders_in_memory

_PROCESSES = Path("/proc")
_VARIABLE = "TMPDIR"


def mark(folder: Path) -> None:
    """Let the programs that this process starts keep their files in a folder of their own."""
    os.environ[_VARIABLE] = tempfile.tempdir = str(folder)


def end_remains(worker: int, folder: Path) -> None:
    """End what a worker has started, and remove its files.

    Args:
        worker: its process id, which it had; it has ended.
        folder: what it was marked with.

    """
    _kill_group(worker)
    # A browser's driver, for instance, has a process group of its own.
    while marked := list(_marked(folder)):
        for process in marked:
            _kill_group(process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    remove_folders_in_memory(worker)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _marked(folder: Path) -> Iterator[int]:
    """Yield the processes that live and were started with the mark, where a system shows that."""
    wanted = os.fsencode(f"{_VARIABLE}={folder}")
    for entry in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            # Of one that has ended and that no one has waited for, nothing is left to read.
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
