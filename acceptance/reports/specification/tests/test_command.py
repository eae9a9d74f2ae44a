"""`python -m acceptance.reports specification`, as a person types it."""

import json
from datetime import timedelta
from html import escape, unescape
from pathlib import Path

import pytest

from acceptance.reports.__main__ import main
from acceptance.reports.tests.runs import NOON, PASSED, failed, write_run


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
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before
    return printed.err


def test_it_says_where_the_document_is(feature: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(Path("local.ndjson"), [feature])

    assert main(["specification", str(run), "--output", "reports/it.html"]) == 0
    assert capsys.readouterr().out == ("The specification is in reports/it.html.\n")
    assert "1</b> passed" in Path("reports/it.html").read_text(encoding="utf-8")


def test_the_suffix_of_the_file_chooses_markdown(feature: Path) -> None:
    assert main(["specification", "--output", "it.md"]) == 0

    assert Path("it.md").read_text(encoding="utf-8").startswith("# What ")


def test_another_suffix_is_refused(feature: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "name a file that ends in .html or .md" in refusal(capsys, "--output", "it.docx")


def test_the_glossary_beside_the_features_is_on_the_page(feature: Path) -> None:
    feature.with_name("glossary.md").write_text("**list**: things to do", encoding="utf-8")

    assert main(["specification", "--output", "it.html"]) == 0
    assert "<dd>things to do</dd>" in Path("it.html").read_text(encoding="utf-8")


def test_what_the_site_is_stands_at_the_top_of_the_page(feature: Path) -> None:
    feature.with_name("about.md").write_text("Lists for\neveryone.\n", encoding="utf-8")

    assert main(["specification", "--output", "it.html"]) == 0
    assert main(["specification", "--output", "it.md"]) == 0
    assert ">Lists for everyone.</p>" in Path("it.html").read_text(encoding="utf-8")
    assert "\n\nLists for everyone.\n\n1 feature" in Path("it.md").read_text(encoding="utf-8")


def test_it_needs_no_run(feature: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["specification", "--features", str(feature), "--output", "it.html"]

    assert main(arguments) == 0
    assert capsys.readouterr().out == (
        "The specification is in it.html; it has no results yet: `make report` adds them.\n"
    )
    assert "There are no results yet" in Path("it.html").read_text(encoding="utf-8")


def test_a_missing_run_is_told_in_a_sentence(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "gone.ndjson does not exist" in refusal(capsys, "gone.ndjson", "--output", "it.html")


def test_a_feature_that_behave_cannot_read_is_on_the_page_in_red(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feature.with_name("broken.feature").write_text("Lists", encoding="utf-8")

    assert main(["specification", "--output", "it.html"]) == 0

    sentence = capsys.readouterr().err
    assert sentence.startswith("behave cannot read features/broken.feature (line 1")
    assert sentence.count("\n") == 1
    written = Path("it.html").read_text(encoding="utf-8")
    assert f'symbol-failed"/></svg>{escape(sentence.strip())}</p>' in written
    assert "she starts" in unescape(written)


def test_a_run_that_failed_before_its_first_scenario_is_on_the_page_in_red(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = [
        {"testRunStarted": {"id": "run", "timestamp": {"seconds": 1, "nanos": 0}}},
        {"parseError": {"message": "x.feature is broken.", "source": {"uri": "x.feature"}}},
        {"testRunFinished": {"success": False, "timestamp": {"seconds": 2, "nanos": 0}}},
    ]
    Path("local.ndjson").write_text("".join(f"{json.dumps(each)}\n" for each in messages))

    assert main(["specification", "local.ndjson", "--output", "it.html"]) == 0

    assert "local.ndjson: x.feature is broken." in Path("it.html").read_text(encoding="utf-8")


def test_a_run_that_was_killed_is_on_the_page_in_red(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature])
    lines = run.read_text(encoding="utf-8").splitlines(keepends=True)
    run.write_text("".join(line for line in lines if "testRunFinished" not in line))

    assert main(["specification", str(run), "--output", "it.html"]) == 0

    assert "Local: The run ended early" in Path("it.html").read_text("utf-8")


def test_runs_are_kept_and_compared(feature: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["specification", "local.ndjson", "--history", "runs", "--output", "it.html"]
    for day, ending in enumerate([PASSED, failed("No.")]):
        file = write_run(
            Path("local.ndjson"), [feature], {"Start": ending}, at=NOON - timedelta(days=2 - day)
        )
        file.write_text(file.read_text("utf-8").replace('"run"', f'"run-{day}"'), "utf-8")
        assert main(arguments) == 0

    assert len(list(Path("runs").iterdir())) == 2
    assert "Now failing" in Path("it.html").read_text("utf-8")
    assert main(arguments) == 0
    assert len(list(Path("runs").iterdir())) == 2


def test_a_damaged_run_is_named_on_the_page_which_is_made_without_it(feature: Path) -> None:
    write_run(Path("local.ndjson"), [feature])
    Path("runs").mkdir()
    Path("runs/1.ndjson").write_text("{}", encoding="utf-8")

    arguments = ["local.ndjson", "--history", "runs", "--output", "it.html"]
    assert main(["specification", *arguments]) == 0

    sentence = "runs/1.ndjson is left out of what is known of earlier runs, since line 1"
    assert sentence in Path("it.html").read_text("utf-8")


def test_if_a_run_cannot_be_kept_the_page_is_made_all_the_same(
    feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(Path("local.ndjson"), [feature])
    Path("runs").touch()

    arguments = ["local.ndjson", "--history", "runs", "--output", "it.html"]
    assert main(["specification", *arguments]) == 1

    assert "The run cannot be kept in runs (its folder is a file)" in capsys.readouterr().err
    assert "1</b> passed" in Path("it.html").read_text("utf-8")
