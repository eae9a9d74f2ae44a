"""Documents are written whole, or not at all."""

from pathlib import Path

import pytest

from acceptance.reports.errors import ReportError
from acceptance.reports.output import write_document


def test_a_document_is_written_where_no_folder_was(tmp_path: Path) -> None:
    file = tmp_path / "reports" / "document.html"
    write_document(file, "Ein Café")

    assert file.read_text(encoding="utf-8") == "Ein Café"
    assert list(file.parent.iterdir()) == [file]


def test_a_document_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "document.html"
    write_document(file, "old")
    write_document(file, "new")

    assert file.read_text(encoding="utf-8") == "new"


def test_a_document_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "document.html"
    write_document(file, "old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ReportError) as refused:
        write_document(file, "new")

    assert str(refused.value) == (
        f"{file} cannot be written (No space left on device): name another file after --output."
    )
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "Is a directory"), ("file/document.html", "its folder is a file")],
)
def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    before = sorted(tmp_path.parent.rglob("*"))

    with pytest.raises(ReportError) as refused:
        write_document(tmp_path / name, "new")

    assert str(refused.value) == (
        f"{tmp_path / name} cannot be written ({reason}): name another file after --output."
    )
    assert sorted(tmp_path.parent.rglob("*")) == before
