"""How much can still be written where, and what a process keeps in memory."""

import os
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (what is put there goes with the run)
SHARED_MEMORY_NEEDED = 32 * 1024 * 1024
"""With less than that many bytes left there, a run does without it."""


def room_in(folder: Path) -> int:
    """Return how many bytes can be written there.

    Raises:
        OSError: nothing can be.

    """
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"\0" * os.sysconf("SC_PAGE_SIZE"))
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def has_shared_memory() -> bool:
    """Whether there is enough memory that is written to like a disk."""
    try:
        return room_in(SHARED_MEMORY) >= SHARED_MEMORY_NEEDED
    except OSError:
        return False


def folder_in_memory() -> Path:
    """Make a folder of this process, in memory if there is enough, and return it."""
    parent = SHARED_MEMORY if has_shared_memory() else None
    return Path(tempfile.mkdtemp(prefix=_prefix(os.getpid()), dir=parent))


def remove_folders_in_memory(process: int) -> None:
    """Remove the folders of a process that has ended without doing so itself."""
    for folder in SHARED_MEMORY.glob(f"{_prefix(process)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(process: int) -> str:
    return f"acceptance-{process}-"
