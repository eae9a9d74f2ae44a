"""The free space in folders, and the folders that a process keeps in memory."""

import os
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (a run removes what it writes there)
SHARED_MEMORY_NEEDED = 32 * 1024 * 1024
"""A run does not use shared memory with fewer bytes left than this."""


def room_in(folder: Path) -> int:
    """Return how many bytes can be written to a folder.

    Raises:
        OSError: none can.

    """
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"\0" * os.sysconf("SC_PAGE_SIZE"))
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def has_shared_memory() -> bool:
    """Whether there is enough shared memory, which is used as a disk."""
    try:
        return room_in(SHARED_MEMORY) >= SHARED_MEMORY_NEEDED
    except OSError:
        return False


def folder_in_memory() -> Path:
    """Make a folder for this process, in memory if there is enough, and return it."""
    parent = SHARED_MEMORY if has_shared_memory() else None
    return Path(tempfile.mkdtemp(prefix=_prefix(os.getpid()), dir=parent))


def remove_folders_in_memory(process: int) -> None:
    """Remove the folders of a process that ended without removing them itself."""
    for folder in SHARED_MEMORY.glob(f"{_prefix(process)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(process: int) -> str:
    return f"acceptance-{process}-"
