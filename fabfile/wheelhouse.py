"""The site's packages as wheels for a server's Python, for servers that reach no package index."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

from fabfile.errors import DeploymentError

OLDEST_PYTHON = (3, 11)

# Prints the environment markers of PEP 508, and the C library that the wheels have to match.
ASK = """\
import json, os, platform, sys
print(json.dumps({
    "markers": {
        "os_name": os.name,
        "sys_platform": sys.platform,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "python_full_version": platform.python_version(),
        "implementation_name": sys.implementation.name,
        "implementation_version": platform.python_version(),
    },
    "libc": list(platform.libc_ver()),
}))
"""

_PLAIN_MARKERS = {
    "python_version": re.compile(r"[0-9]{1,2}\.[0-9]{1,3}"),
    "python_full_version": re.compile(r"[0-9A-Za-z.+_-]{1,40}"),
    "platform_machine": re.compile(r"[A-Za-z0-9_]{1,40}"),
}

_DOWNLOAD_TIMEOUT = 300
_REQUIREMENT = re.compile(r"(?P<package>[^#\s;\\][^;\\]*?)\s*(;(?P<marker>[^\\]*?))?\s*\\?\s*")


@dataclass(frozen=True)
class ServerPython:
    """The Python of a server.

    Attributes:
        markers: the environment markers of PEP 508.
        glibc: the minor version of its GNU C library 2, or None for another library.

    """

    markers: dict[str, str]
    glibc: int | None

    @property
    def version(self) -> str:
        """Its full version."""
        return self.markers["python_full_version"]

    def key(self, lock: bytes) -> str:
        """Return a name for an environment with the packages of `lock` in this Python."""
        text = f"{self.version} {self.markers['platform_machine']}\n".encode()
        return f"{self.markers['python_version']}-{hashlib.sha256(text + lock).hexdigest()[:12]}"

    def platforms(self) -> Iterator[str]:
        """Yield the platform tags of the wheels that it can install (PEP 600)."""
        machine = self.markers["platform_machine"]
        if self.glibc is not None:
            for minor in range(self.glibc, 4, -1):
                yield f"manylinux_2_{minor}_{machine}"
            for older in ("manylinux2014", "manylinux2010", "manylinux1"):
                yield f"{older}_{machine}"
        yield f"linux_{machine}"


def parse(answer: str) -> ServerPython:
    """Parse the answer of a server's Python to `ASK`.

    Raises:
        DeploymentError: the site does not run on this Python.

    """
    try:
        facts = json.loads(answer)
        markers = {str(name): str(value) for name, value in facts["markers"].items()}
        library, version = facts["libc"]
        minor = int(version.split(".")[1]) if library == "glibc" else None
        # They become part of folder names there, and of pip's arguments here.
        are_plain = all(each.fullmatch(markers[name]) for name, each in _PLAIN_MARKERS.items())
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        are_plain = False
    if not are_plain:
        message = (
            "The server's python3 does not report its version: check that `python3 -c ''` works "
            "there, and prints nothing."
        )
        raise DeploymentError(message)
    python = ServerPython(markers, minor)
    if tuple(int(part) for part in markers["python_version"].split(".")) < OLDEST_PYTHON:
        needed = ".".join(str(part) for part in OLDEST_PYTHON)
        message = (
            f"The server's python3 is {python.version}, and the site needs {needed} or newer: "
            "use a newer Debian."
        )
        raise DeploymentError(message)
    return python


def requirements_for(python: ServerPython, lock: bytes) -> str:
    """Return the lock without markers, reduced to what this Python needs.

    pip evaluates markers for the Python that it runs in, even when it downloads for another one.
    """
    kept: list[str] = []
    wanted = False
    for line in lock.decode().splitlines():
        if line.lstrip().startswith("#"):
            continue
        if not line.startswith((" ", "\t")):
            match = _REQUIREMENT.fullmatch(line)
            if match is None:
                wanted = False
                continue
            marker = match["marker"]
            wanted = marker is None or Marker(marker).evaluate(python.markers)
            if wanted:
                kept.append(f"{match['package']} \\")
        elif wanted:
            kept.append(line)
    return "".join(f"{line}\n" for line in kept)


def wheels_for(python: ServerPython, lock: bytes) -> Sequence[Path]:
    """Return the wheels of all packages in `lock`; download them if necessary.

    Raises:
        DeploymentError: pip cannot download them.

    """
    folder = _cache() / python.key(lock)
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as name:
            _download(python, lock, Path(name))
            # Another process may have made the same folder meanwhile.
            if not folder.is_dir():
                (Path(name) / "wheels").rename(folder)
    return sorted(folder.glob("*.whl"))


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "superlists" / "wheelhouse"


def _download(python: ServerPython, lock: bytes, folder: Path) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text(requirements_for(python, lock), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp"),
        f"--python-version={python.version}",
        *(f"--platform={platform}" for platform in python.platforms()),
        f"--dest={folder / 'wheels'}",
        f"--requirement={requirements}",
    ]
    try:
        run = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=_DOWNLOAD_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"pip did not download the site's packages within {_DOWNLOAD_TIMEOUT} s."
        raise DeploymentError(message) from None
    if run.returncode != 0:
        errors = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        reason = errors[-1].removeprefix("ERROR: ") if errors else "it gives no reason"
        message = (
            f"pip cannot download the site's packages for Python {python.version} ({reason}): "
            "check that this machine reaches a package index."
        )
        raise DeploymentError(message)
