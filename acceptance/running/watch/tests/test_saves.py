"""The files that count as saved, whichever way an editor writes them."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from acceptance.running.watch.saves import Saves

FEATURE = Path("features/one.feature")


class Saved:
    """The saves below a folder."""

    def __init__(self, root: Path, saves: Iterator[frozenset[Path]]) -> None:
        self.root = root
        self._saves = saves

    def next(self) -> set[str]:
        return {str(path) for path in next(self._saves)}

    def write(self, path: str, text: str = "") -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[Saved]:
    for folder in ("features", "artifacts", ".git", ".venv/lib", "node_modules", "x/__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / FEATURE).write_text("Feature: One")
    stop = Event()
    saves = Saves(tmp_path)
    yield Saved(tmp_path, saves.until(stop))
    stop.set()
    saves.close()


def test_a_file_that_is_written_twice_is_saved_once(saved: Saved) -> None:
    saved.write("features/one.feature", "Feature: ")
    saved.write("features/one.feature", "Feature: Two")
    assert saved.next() == {"features/one.feature"}

    saved.write("pyproject.toml")
    assert saved.next() == {"pyproject.toml"}


def test_a_file_that_replaces_another_is_saved(saved: Saved) -> None:
    # As Vim does by default: it renames the old file to a copy, and writes a new one.
    saved.write("features/4913").unlink()
    file = saved.root / FEATURE
    file.rename(file.with_name("one.feature~"))
    saved.write("features/one.feature", "Feature: Two")
    file.with_name("one.feature~").unlink()
    assert saved.next() == {"features/one.feature"}

    # As many other editors do.
    saved.write("features/one.feature.tmp", "Feature: Three").replace(file)
    assert saved.next() == {"features/one.feature"}


def test_a_file_that_no_person_writes_does_not_count(saved: Saved) -> None:
    for path in (
        *(".git/index", "artifacts/failed.txt", ".venv/lib/x.py", "node_modules/x.js"),
        *("x/__pycache__/x.cpython-311.pyc", "features/one.feature~", "features/.#one.feature"),
        *("features/#one.feature#", "features/.one.feature.swp", "features/.one.feature.swx"),
        *("db.sqlite3", "db.sqlite3-journal", ".coverage.host.1", "README.md", "one.py.bak"),
        *("reports/local.html", "fresh/node_modules/x.js"),
    ):
        saved.write(path)
    saved.write("features/gone.feature").unlink()
    saved.write("features/last.feature")

    assert saved.next() == {"features/last.feature"}


def test_a_file_that_is_deleted_is_reported_once(saved: Saved) -> None:
    (saved.root / FEATURE).unlink()

    assert saved.next() == {"features/one.feature"}


def test_a_new_folder_is_watched_with_all_its_files(saved: Saved) -> None:
    saved.write("other/templates/page.html")
    assert saved.next() == {"other/templates/page.html"}

    saved.write("other/templates/page.html", "more")
    assert saved.next() == {"other/templates/page.html"}


def test_a_stop_does_not_wait(tmp_path: Path) -> None:
    stop = Event()
    saves = Saves(tmp_path)
    stop.set()

    assert list(saves.until(stop)) == []
    saves.close()
