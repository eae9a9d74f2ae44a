"""What a machine must have to hold a rehearsal."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from testbeds.errors import MachineError
from testbeds.rehearsal import control_groups

PACKAGES = {
    "mmdebstrap": "mmdebstrap",
    "systemd-nspawn": "systemd-container",
    "certutil": "libnss3-tools",
    "ip": "iproute2",
    "ssh": "openssh-client",
    "unshare": "util-linux",
}
"""The programs that a rehearsal needs, and the Debian packages that have them."""


def check() -> None:
    """See that this machine can hold a rehearsal.

    Raises:
        MachineError: says in one sentence what is missing.

    """
    missing = next(_missing(), None)
    if missing:
        raise MachineError(missing)


def _missing() -> Iterator[str]:
    system = Path("/etc/os-release")
    lines = system.read_text(encoding="utf-8").splitlines() if system.is_file() else []
    if "ID=debian" not in lines:
        yield f"The rehearsal boots a Debian, which takes a Debian, and this is {_name(lines)}."
    if os.geteuid() != 0:
        yield "The rehearsal boots a server, and only root may: type the same with sudo."
    packages = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if packages:
        yield (
            f"The rehearsal needs {', '.join(packages)}: type `apt-get install --yes "
            f"--no-install-recommends {' '.join(packages)}`."
        )
    groups = control_groups.top()
    # What is at the top of the tree cannot be killed, so it is looked for one level below.
    if groups is None or not _may_make(groups):
        yield (
            "The rehearsal needs control groups of version 2 that it may make (Linux 5.14 or "
            "newer): this machine, or the container that this is, has none."
        )
    if not _may_unshare():
        yield (
            "The rehearsal needs mounts, networks and processes of its own, and this container may "
            "make none: run it on the machine itself."
        )


def _name(lines: list[str]) -> str:
    names = [line.partition("=")[2].strip('"') for line in lines if line.startswith("NAME=")]
    return names[0] if names else platform.system()


def _may_make(groups: Path) -> bool:
    group = groups / f"rehearsal-check-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        return False
    try:
        return (group / "cgroup.kill").exists()
    finally:
        group.rmdir()


def _may_unshare() -> bool:
    # An overlay is mounted too, for a container may have namespaces and lack those.
    trial = (
        "mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir lower upper work all && "
        "mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay all"
    )
    namespaces = ["unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork"]
    done = subprocess.run(  # noqa: S603
        [*namespaces, "--propagation=private", "sh", "-c", trial],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode == 0
