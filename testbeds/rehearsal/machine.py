"""The requirements of a rehearsal."""

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
    """Check that this machine can run a rehearsal.

    Raises:
        MachineError: something is missing; the message is one sentence about it.

    """
    missing = next(_missing(), None)
    if missing:
        raise MachineError(missing)


def _missing() -> Iterator[str]:
    system = Path("/etc/os-release")
    lines = system.read_text(encoding="utf-8").splitlines() if system.is_file() else []
    if "ID=debian" not in lines:
        yield f"The rehearsal only runs on Debian, and this is {_name(lines)}."
    if os.geteuid() != 0:
        yield "The rehearsal boots a server, which only root may do: type the same with sudo."
    packages = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if packages:
        yield (
            f"The rehearsal needs {', '.join(packages)}: type `apt-get install --yes "
            f"--no-install-recommends {' '.join(packages)}`."
        )
    groups = control_groups.top()
    # The top of the tree has no cgroup.kill, so it is looked for one level below.
    if groups is None or not _may_make(groups):
        yield (
            "The rehearsal has to create control groups of version 2 (Linux 5.14 or newer), which "
            "this machine or container does not allow: run it on another machine."
        )
    if not _may_unshare():
        yield (
            "The rehearsal has to create namespaces for mounts, networks and processes, which this "
            "container does not allow: run it on the machine itself."
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
    # An overlay is mounted, too, since a container may allow namespaces but no overlays.
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
