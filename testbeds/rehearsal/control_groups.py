"""Control groups (cgroups(7), version 2): all processes of a rehearsal, however they came to be."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from testbeds.errors import TestBedError

_END = 10.0
"""How long processes may take to be gone once they are killed, in seconds."""

_POLL_INTERVAL = 0.005

# A shell moves itself, and all that it becomes and starts is born there.
_JOIN = 'echo $$ >"$0" && exec "$@"'


def top() -> Path | None:
    """Return where this machine has its control groups of version 2, or None without any."""
    return next(_mounted("cgroup2 "), None)


def joined(group: Path, command: Sequence[str]) -> Sequence[str]:
    """Return the command that runs `command` in a group."""
    return ["sh", "-c", _JOIN, str(group / "cgroup.procs"), *command]


def is_populated(group: Path) -> bool:
    """Whether any process is in a group or below."""
    try:
        return "populated 1" in (group / "cgroup.events").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def remove(group: Path) -> None:
    """Kill whatever runs in a group or below, and remove it.

    Raises:
        TestBedError: a process is still there.

    """
    deadline = time.monotonic() + _END
    # Again, for whoever was on the way into the group comes after those who were killed.
    while group.is_dir():
        _kill(group)
        # There is no removing a group with a process in it.
        with suppress(OSError):
            _remove_empty(group)
        if group.is_dir():
            if time.monotonic() > deadline:
                message = f"Processes in {group} cannot be killed: see its cgroup.procs."
                raise TestBedError(message)
            time.sleep(_POLL_INTERVAL)
    # systemd-nspawn makes a group of the same name there, with nothing in it.
    for legacy in _mounted("cgroup ", "name=systemd"):
        _remove_empty(legacy / group.name)


def _kill(group: Path) -> None:
    with suppress(FileNotFoundError):
        (group / "cgroup.kill").write_text("1", encoding="ascii")


def _mounted(kind: str, option: str = "") -> Iterator[Path]:
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        # proc_pid_mountinfo(5): … mount point … - type source options
        mount, _, rest = line.partition(" - ")
        if rest.startswith(kind) and option in rest:
            yield Path(mount.split(" ")[4])


def _remove_empty(group: Path) -> None:
    if group.is_dir():
        for folder, _, _ in os.walk(group, topdown=False):
            Path(folder).rmdir()
