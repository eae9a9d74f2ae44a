"""`python -m acceptance.reports`, as it is called."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.reports.__main__ import main
from acceptance.reports.tests.behave_runs import behave
from acceptance.reports.tests.runs import write_run

FEATURE = "Feature: Lists\n\n  Scenario: One\n    Given it works\n"

Makes = Callable[..., str]


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    """What a run left behind."""
    feature = tmp_path / "lists.feature"
    feature.write_text(FEATURE, encoding="utf-8")
    return write_run(tmp_path / "run.ndjson", [feature], facts=None)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the page shall be."""
    return tmp_path / "pages" / "run.html"


@pytest.fixture
def refusal(output: Path, capsys: pytest.CaptureFixture[str]) -> Makes:
    """The one sentence with which no page is made."""

    def ask(*runs: Path, to: Path = output) -> str:
        status = main(["html", *map(str, runs), "--output", str(to)])
        told = capsys.readouterr()
        assert status == 1
        assert told.out == ""
        assert told.err.count("\n") == 1
        assert told.err.endswith(".\n")
        assert not output.exists()
        assert [path for path in output.parent.glob("*") if path.is_file()] == []
        return told.err

    return ask


def test_it_makes_a_page_and_says_where(
    run_file: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["html", str(run_file), "--output", str(output)]) == 0

    assert capsys.readouterr().out == f"The report is in {output}.\n"
    assert output.read_text("utf-8").startswith("<!DOCTYPE html>")


PROJECT = "from acceptance.project import Project\nSHOP = Project(name='Corner shop')\n"


def test_the_page_is_named_after_the_project(
    run_file: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.acceptance]\nproject = "corner_shop:SHOP"\n')
    (tmp_path / "corner_shop.py").write_text(PROJECT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)

    main(["html", str(run_file), "--output", str(output)])

    assert "<title>Corner shop</title>" in output.read_text("utf-8")


def test_a_page_of_no_project_is_about_the_site(
    run_file: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    main(["html", str(run_file), "--output", str(output)])

    assert "<title>the site</title>" in output.read_text("utf-8")


def test_a_line_separator_in_a_text_ends_no_line(run_file: Path, output: Path) -> None:
    text = run_file.read_text("utf-8").replace("Lists", "Li\u2028sts")
    run_file.write_text(text, encoding="utf-8")

    assert main(["html", str(run_file), "--output", str(output)]) == 0


def test_everybody_may_read_the_page_who_may_read_other_files(run_file: Path, output: Path) -> None:
    main(["html", str(run_file), "--output", str(output)])

    other = output.with_name("other")
    other.touch()
    assert output.stat().st_mode == other.stat().st_mode


def test_it_makes_one_page_of_several_runs(run_file: Path, output: Path) -> None:
    assert main(["html", str(run_file), str(run_file), "--output", str(output)]) == 0


def test_a_file_that_is_not_there_is_told(refusal: Makes, tmp_path: Path) -> None:
    missing = tmp_path / "missing.ndjson"

    assert f"{missing} does not exist: make it with `behave -f messages -o {missing}`." in refusal(
        missing
    )


def test_a_folder_is_told(refusal: Makes, tmp_path: Path) -> None:
    assert f"{tmp_path} cannot be read (Is a directory): name" in refusal(tmp_path)


def test_an_empty_file_is_told(refusal: Makes, tmp_path: Path) -> None:
    empty = tmp_path / "empty.ndjson"
    empty.touch()

    assert f"{empty} is empty, so its run ended before it began: run it again" in refusal(empty)


@pytest.mark.parametrize(
    "content",
    [
        b'[\n{"keyword": "Feature"}\n]\n',
        b'{"keyword": "Feature"}\n',
        b'{"meta": "of something else"}\n',
        b'{"meta": {}, "pickle": {}}\n',
        b"<testsuite/>\n",
        b"42",
    ],
)
def test_a_file_from_something_else_is_told(refusal: Makes, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(content)

    assert f"{other} holds no Cucumber Messages (line 1 is none): name the file" in refusal(other)


def test_a_picture_is_told(refusal: Makes, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")

    assert f"{picture} is not text: name the file that `behave" in refusal(picture)


def test_a_file_that_ends_in_the_middle_is_told(refusal: Makes, run_file: Path) -> None:
    text = run_file.read_text("utf-8")
    run_file.write_text(text[:-20], encoding="utf-8")

    line = len(text.splitlines())
    assert f"{run_file} ends in the middle of line {line}, as its run did: run" in refusal(run_file)


def test_a_file_that_is_broken_in_the_middle_is_told(refusal: Makes, run_file: Path) -> None:
    lines = run_file.read_text("utf-8").splitlines(keepends=True)
    lines[3] = "{\n"
    run_file.write_text("".join(lines), encoding="utf-8")

    assert "(line 4 is none)" in refusal(run_file)


def test_messages_of_no_run_are_told(refusal: Makes, run_file: Path) -> None:
    messages = map(json.loads, run_file.read_text("utf-8").splitlines())
    of_features = [each for each in messages if {"source", "pickle"} & each.keys()]
    run_file.write_text("".join(json.dumps(each) + "\n" for each in of_features), encoding="utf-8")

    assert f"{run_file} tells of no run, only of other things" in refusal(run_file)


def test_no_page_is_made_of_one_good_run_and_a_bad_one(
    refusal: Makes, run_file: Path, tmp_path: Path
) -> None:
    assert "does not exist" in refusal(run_file, tmp_path / "missing.ndjson")


def test_a_page_that_is_not_installed_is_told(
    refusal: Makes, run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acceptance.reports.page.INSTALLED", tmp_path)

    told = refusal(run_file)

    assert told.startswith("The page that shows reports is not installed (")
    assert told.endswith("): type `make report-page`.\n")


def test_the_page_of_the_whole_suite_can_be_sent_by_mail(tmp_path: Path, output: Path) -> None:
    run_file = tmp_path / "suite.ndjson"
    behave("--dry-run", "-f", "messages", "-o", str(run_file), "-f", "null", "--no-summary")

    assert main(["html", str(run_file), "--output", str(output)]) == 0

    # The pictures may take as much again: many mail servers refuse more than 10 MB.
    assert 1_000_000 < output.stat().st_size < 2_500_000
