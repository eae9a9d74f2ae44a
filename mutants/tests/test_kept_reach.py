from pathlib import Path

import pytest

from mutants.kept_reach import MOST_CHANGED, read_reach
from mutants.reach import Reach

SOURCES = {f"lists/{number}.py": "one\ntwo\n" for number in range(MOST_CHANGED + 1)}
REACH = Reach(
    {"a": 1, "b": 1},
    {"lists/0.py": {"1": ["a"], "2": ["b"]}},
    {"lists/0.py": [1]},
    SOURCES,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with what was recorded."""
    file = tmp_path / "reach.json"
    REACH.write(file)
    return file


def test_what_was_recorded_is_read(file: Path) -> None:
    assert read_reach(Reach, file, SOURCES) == REACH


def test_reached_lines_follow_a_change(file: Path) -> None:
    changed = {**SOURCES, "lists/0.py": "new\none\ntwo\n"}
    reach = read_reach(Reach, file, changed)
    assert reach
    assert reach.lines["lists/0.py"] == {"1": ["a"], "2": ["a"], "3": ["b"]}
    assert reach.at_start["lists/0.py"] == [1, 2]


def test_nothing_is_read_after_many_changes(file: Path) -> None:
    assert read_reach(Reach, file, dict.fromkeys(SOURCES, "other")) is None


def test_nothing_is_read_if_there_is_a_new_file(file: Path) -> None:
    assert read_reach(Reach, file, {**SOURCES, "lists/new.py": ""}) is None
