"""Control groups (cgroups(7), version 2), which contain all processes of a rehearsal."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from testbeds.errors import TestBedError

_END = 10.0
"""How long killed processes may take to end, in seconds."""

_POLL_INTERVAL = 0.005

# A shell moves itself into the group, which its children inherit.
_JOIN = 'echo $$ >"$0" && exec "$@"'


def top() -> Path | None:
    """Return the folder of this machine's control groups of version 2, or None."""
    return next(_mounted("cgroup2 "), None)


def joined(group: Path, command: Sequence[str]) -> Sequence[str]:
    """Return the command that runs `command` in a group."""
    return ["sh", "-c", _JOIN, str(group / "cgroup.procs"), *command]


def is_populated(group: Path) -> bool:
    """Return whether any process is in a group or below."""
    try:
        return "populated 1" in (group / "cgroup.events").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def remove(group: Path) -> None:
    """Kill all processes in a group and below, and remove the group.

    Raises:
        TestBedError: a process has not ended.

    """
    deadline = time.monotonic() + _END
    # Repeatedly, since a process may enter the group after the others were killed.
    while group.is_dir():
        _kill(group)
        # A group with a process in it cannot be removed.
        with suppress(OSError):
            _remove_empty(group)
        if group.is_dir():
            if time.monotonic() > deadline:
                message = f"Processes in {group} cannot be killed: check its cgroup.procs."
                raise TestBedError(message)
            time.sleep(_POLL_INTERVAL)
    # systemd-nspawn makes an empty group of the same name there.
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
