"""The remains of a worker that was killed: programs that it has started, and their files."""

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
    """Let the programs that this process starts keep their files in this folder."""
    os.environ[_VARIABLE] = tempfile.tempdir = str(folder)


def end_remains(worker: int, folder: Path) -> None:
    """End the programs that a worker has started, and remove its files.

    Args:
        worker: the process id of the worker, which has ended.
        folder: the folder that it was marked with.

    """
    _kill_group(worker)
    # A browser's driver, for instance, has its own process group.
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
    """Yield the running processes that were started with the mark, where a system shows that."""
    marked = os.fsencode(f"{_VARIABLE}={folder}")
    for entry in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            # A process that has ended without being waited for has nothing left to read.
            if marked in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
