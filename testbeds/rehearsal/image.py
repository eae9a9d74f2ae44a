"""The Debian image that every rehearsal boots, made once and kept in the cache."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from testbeds import ROOT
from testbeds.commands import run
from testbeds.errors import TestBedError
from testbeds.rehearsal import control_groups
from testbeds.rehearsal.runs import Run, all_runs

RELEASE = "bookworm"
RECIPE = ROOT / "setup" / "rehearsal-image"

_BUILD_TIMEOUT = 600
_SUITES = {RELEASE, f"{RELEASE}-updates", f"{RELEASE}-security"}
_OPTIONS = (
    "--quiet",
    "--mode=root",
    "--variant=minbase",
    # An image that is not finished because of a power failure is made again.
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    # PostgreSQL does not need its compiler of queries, which has 100 MB.
    "--dpkgopt=path-exclude=/usr/lib/*/libLLVM*",
    "--dpkgopt=path-exclude=/usr/lib/postgresql/*/lib/bitcode/*",
    '--aptopt=Apt::Install-Recommends "false"',
)


def image_for(started: Run, report: Callable[[str], None]) -> Path:
    """Return the folder of the image; make the image if necessary.

    Args:
        started: the rehearsal that is going to boot it.
        report: shows a message to the person who waits.

    Raises:
        TestBedError: it cannot be made.

    """
    folder = cache() / _key()
    # Marks the image as in use, so that another process does not remove it as an old one.
    (started.folder / "image").write_text(folder.name, encoding="utf-8")
    if not folder.is_dir():
        cache().mkdir(parents=True, exist_ok=True)
        with _alone():
            if not folder.is_dir():
                report(f"Making a bootable Debian {RELEASE} for all rehearsals, in about 90 s.")
                _make(started, folder)
                _remove_unused(folder)
    return folder


def cache() -> Path:
    """Return the folder with the images."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "superlists-rehearsal"


def _key() -> str:
    content = hashlib.sha256(repr((RELEASE, _OPTIONS)).encode())
    for file in sorted(file for file in RECIPE.rglob("*") if file.is_file()):
        content.update(f"\0{file.relative_to(RECIPE)}\0".encode())
        content.update(file.read_bytes())
    return f"{RELEASE}-{content.hexdigest()[:12]}"


def _make(started: Run, folder: Path) -> None:
    # With a unique name, so that cleaning up after one rehearsal does not affect another.
    unfinished = folder.with_name(f"{folder.name}.{started.name}")
    started.promise_to_remove(unfinished)
    packages = (RECIPE / "packages").read_text(encoding="utf-8").split()
    command = [
        *("unshare", "--mount", "--propagation=private", "mmdebstrap", *_OPTIONS),
        f"--include={','.join(packages)}",
        f"--customize-hook='{RECIPE / 'customize'}' \"$1\"",
        *(RELEASE, str(unfinished), *_sources()),
    ]
    # In the rehearsal's group, the command ends with the rehearsal in any case.
    group = started.group / "server"
    try:
        run(control_groups.joined(group, command), _BUILD_TIMEOUT, name="mmdebstrap")
    except TestBedError as error:
        message = f"No Debian {RELEASE} could be made: {error}"
        raise TestBedError(message) from None
    unfinished.rename(folder)


def _sources() -> Iterator[str]:
    """Yield this machine's sources of the release's packages.

    If this machine has another release, there are none, and mmdebstrap uses Debian's own servers
    (mmdebstrap(1), MIRROR).
    """
    listing = ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)"]
    # A machine with several architectures has several lists from each address.
    for line in dict.fromkeys(run([*listing, "Created-By: Packages"]).splitlines()):
        suite, component, address = line.split(" ", 2)
        if suite in _SUITES and component == "main":
            yield f"deb {address} {suite} main"


def _remove_unused(latest: Path) -> None:
    used = {latest.name}
    for other in all_runs():
        file = other.folder / "image"
        if file.exists():
            used.add(file.read_text(encoding="utf-8"))
    for folder in cache().iterdir():
        if folder.is_dir() and folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    with (cache() / "lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(
                "Waiting for another rehearsal, which is making the bootable Debian.\n"
            )
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
