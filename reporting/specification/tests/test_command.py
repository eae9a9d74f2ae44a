"""`python -m reporting specification`, as a person types it."""

from pathlib import Path

import pytest

from reporting.__main__ import main
from reporting.tests.runs import write_run


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = Path("features") / "lists.feature"
    file.parent.mkdir()
    file.write_text("Feature: Lists\n  Scenario: Start\n    When she starts\n", encoding="utf-8")
    return file


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line with which the command fails, having written nothing."""
    before = sorted(Path().rglob("*"))

    assert main(["specification", *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before
    return said.err


def test_it_says_where_the_document_is(feature: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(Path("local.ndjson"), [feature])

    assert main(["specification", str(run), "--output", "reports/it.html"]) == 0
    assert capsys.readouterr().out == ("The specification is in reports/it.html.\n")
    assert "1</b> passed" in Path("reports/it.html").read_text(encoding="utf-8")


def test_it_needs_no_run(feature: Path) -> None:
    arguments = ["specification", "--features", str(feature), "--output", "it.html"]

    assert main(arguments) == 0
    assert "No run is known" in Path("it.html").read_text(encoding="utf-8")


def test_a_missing_run_is_told_in_a_sentence(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "gone.ndjson does not exist" in refusal(capsys, "gone.ndjson", "--output", "it.html")


def test_a_broken_run_is_told_in_a_sentence(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken.ndjson").write_text("{", encoding="utf-8")

    assert "line 1" in refusal(capsys, "broken.ndjson", "--output", "it.html")


def test_a_broken_feature_is_told_in_a_sentence(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feature.write_text("Lists", encoding="utf-8")

    assert f"{feature} is no feature" in refusal(capsys, "--output", "it.html")


def test_a_place_that_cannot_be_written_to_is_told_in_a_sentence(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "features cannot be written" in refusal(capsys, "--output", "features")
