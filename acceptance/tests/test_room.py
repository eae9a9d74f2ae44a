"""A run without enough disk space reports that immediately."""

from pathlib import Path

import pytest

from acceptance import room
from acceptance.browser.errors import BrowserUnavailableError
from acceptance.browser.selenium import installed
from acceptance.browser.selenium.driver import start_driver
from acceptance.configuration import Configuration


def refusal() -> str:
    with pytest.raises(BrowserUnavailableError) as refused:
        start_driver(Configuration())
    return str(refused.value)


@pytest.mark.parametrize(
    ("place", "reason"), [("nowhere", "No such file or directory"), ("file", "Not a directory")]
)
def test_a_folder_that_cannot_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, reason: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TMPDIR", str(tmp_path / place))

    assert refusal() == (
        f"The browser keeps its files in {tmp_path / place} (TMPDIR), which cannot be written to "
        f"({reason}): free some space there, or set TMPDIR to a folder with more than 5 MB."
    )


def test_a_folder_that_is_nearly_full_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(installed, "room_in", lambda _folder: 1024 * 1024)

    assert f"{tmp_path} (TMPDIR), which has 1.0 MB left: free some space there" in refusal()


def test_a_run_does_without_shared_memory_that_is_too_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SHARED_MEMORY", tmp_path)
    assert room.room_in(tmp_path) > 0
    monkeypatch.setattr(room, "SHARED_MEMORY_NEEDED", room.room_in(tmp_path) * 2)
    assert not room.has_shared_memory()
    monkeypatch.setattr(room, "SHARED_MEMORY_NEEDED", 1)
    assert room.has_shared_memory()
    monkeypatch.setattr(room, "SHARED_MEMORY", tmp_path / "nowhere")
    assert not room.has_shared_memory()
