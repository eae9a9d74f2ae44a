"""Survey a site's folder: a program that the server's own Python runs, and that changes nothing.

Its argument is one JSON object: `folder`, the site's folder; `database`, the path of an SQLite
file in the site's settings (relative to a release), or null; `unit`, the name of the unit that
serves it. It prints one JSON object, which `fabfile.survey` reads.
"""

import json
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_SQLITE = b"SQLite format 3\0"  # sqlite.org/fileformat.html, 1.3
_FOLDERS = ("", "releases", "virtualenvs", "wheelhouse", "database")
# The content of these can be made again, and is left out.
_DERIVED = ("__pycache__", "staticfiles", "node_modules", ".git")
_MOST_PATHS = 1000
_MOST_FILES = 50_000


def survey(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the findings about a site's folder."""
    site = Path(asked["folder"])
    releases = _real(site / "releases")
    places = {name: _real(site / name) for name in _FOLDERS}
    found: dict[str, Any] = {
        "entries": {each.name: _entry(each) for each in site.iterdir()},
        "places": {name: str(path) for name, path in places.items()},
        "room": {str(path): _room(path) for path in places.values() if path.exists()},
        "databases": sorted(_databases(site, releases)),
        "written": {each.name: _written(each) for each in _folders(releases)},
        "environment_bytes": max(map(_size, _folders(site / "virtualenvs")), default=0),
        "database": None,
        "unit": "",
        "unit_variables": _unit_variables(asked["unit"]),
    }
    with suppress(OSError):
        unit = Path("/etc/systemd/system", f"{asked['unit']}.service")
        found["unit"] = unit.read_text(errors="replace")
    if asked["database"] is not None:
        path = _real(releases / "NEXT" / asked["database"])
        serving = _real(_real(site / "current") / asked["database"])
        found["database"] = {
            "path": str(path),
            "bytes": path.stat().st_size if path.is_file() else None,
            "serving": str(serving) if serving.is_file() else None,
            "folder": str(path.parent),
            "is_folder_there": path.parent.is_dir(),
            "is_writable": not path.exists() or os.access(path, os.W_OK),
            "is_folder_writable": os.access(path.parent, os.W_OK),
        }
        if path.parent.is_dir():
            found["room"][str(path.parent)] = _room(path.parent)
    return found


def _real(path: Path) -> Path:
    """Return the real path, as far as it exists."""
    # Unlike Path.resolve(), realpath() accepts links that form a circle.
    return Path(os.path.realpath(path))


def _entry(path: Path) -> dict[str, Any]:
    real = _real(path)
    kind = "link" if path.is_symlink() else "folder" if path.is_dir() else "file"
    return {
        "kind": kind,
        "goal": str(path.readlink()) if kind == "link" else "",
        "real": str(real),
        "is_file": real.is_file(),
        "is_folder": real.is_dir(),
        "is_own": real.exists() and real.stat().st_uid == os.geteuid(),
    }


def _room(path: Path) -> dict[str, Any]:
    numbers = os.statvfs(path)
    return {
        "device": path.stat().st_dev,
        "bytes": numbers.f_bavail * numbers.f_frsize,
        # Some file systems do not count files.
        "files": numbers.f_favail if numbers.f_files else None,
        "is_read_only": bool(numbers.f_flag & os.ST_RDONLY),
        "is_writable": os.access(path, os.W_OK | os.X_OK),
    }


def _folders(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (each for each in sorted(folder.iterdir()) if each.is_dir())


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, except for those of environments and derived ones."""
    number = 0
    for place, folders, files in os.walk(folder):
        if "pyvenv.cfg" in files:
            folders.clear()
            continue
        folders[:] = [each for each in folders if each not in _DERIVED]
        for name in files:
            number += 1
            if number > _MOST_FILES:
                return
            yield Path(place, name)


def _databases(*folders: Path) -> set[str]:
    """Return the paths of SQLite files that are not empty."""
    found: set[str] = set()
    for folder in folders:
        for file in _files(folder):
            with suppress(OSError):
                if stat.S_ISREG(file.lstat().st_mode) and _begins_as_sqlite(file):
                    found.add(str(_real(file)))
    return found


def _begins_as_sqlite(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(len(_SQLITE)) == _SQLITE


def _written(release: Path) -> list[str]:
    """Return the paths, relative to a release, that were written after it was complete."""
    marks = [release / name for name in ("COMMIT", "TAKEN_BACK")]
    completed = next((mark.stat().st_mtime_ns for mark in marks if mark.is_file()), None)
    if completed is None:
        return []
    found: list[str] = []
    for file in _files(release):
        with suppress(OSError):
            times = file.lstat()
            # An archive has the time of the commit, which may be later by another clock; a backup
            # that is put back keeps the time when a file was written, but not its change time.
            is_later = min(times.st_mtime_ns, times.st_ctime_ns) > completed
            if is_later and file not in marks and file.suffix != ".pyc":
                found.append(str(file.relative_to(release)))
    return sorted(found)[:_MOST_PATHS]


def _unit_variables(unit: str) -> list[str]:
    """Return the names of the variables that a unit sets, drop-ins included."""
    show = ["systemctl", "show", unit, "--property=Environment", "--value"]
    try:
        output = subprocess.run(  # noqa: S603
            show, capture_output=True, text=True, timeout=20, check=False
        ).stdout
        return [word.partition("=")[0] for word in shlex.split(output)]
    except (OSError, ValueError, subprocess.SubprocessError):
        return []


def _size(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                total += Path(place, name).lstat().st_blocks * 512
    return total


if __name__ == "__main__":
    print(json.dumps(survey(json.loads(sys.argv[1]))))
