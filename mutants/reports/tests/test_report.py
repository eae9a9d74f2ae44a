import json
from pathlib import Path

import pytest

from mutants.mutant import Kind
from mutants.outcome import Stage
from mutants.reports.documents import BEGIN, END, RecordError, record
from mutants.reports.known import Known
from mutants.reports.report import Report
from mutants.reports.score import Score
from mutants.reports.tests.examples import killed, mutant, survived, unfinished

SPEED = Known("lists/*.py", "if a == b:", "if True:", "It is only faster.", equivalent=True)
TASTE = Known("lists/views.py", "if a == b:", "if True:", "A matter of taste.", equivalent=False)


def test_counts_what_scenarios_and_unit_tests_notice_of_what_is_not_equivalent() -> None:
    met = [
        killed(mutant("a"), Stage.WITHOUT_BROWSER),
        killed(mutant("b"), Stage.IN_BROWSER),
        killed(mutant("c"), Stage.UNIT_TESTS),
        survived(mutant()),
        survived(mutant("p {}", "", kind=Kind.STYLE, path="superlists/static/superlists.css")),
    ]
    assert Report(met, [SPEED], is_whole=True).scores == [
        Score("code", mutants=4, equivalent=1, reached=2, by_scenarios=2, by_any_test=3),
        Score("style", mutants=1, equivalent=0, reached=1, by_scenarios=0, by_any_test=0),
        Score("all", mutants=5, equivalent=1, reached=3, by_scenarios=2, by_any_test=3),
    ]
    assert (
        "| all | 5 | 1 | 50.0 % | 66.6 % | 75.0 % |" in Report(met, [SPEED], is_whole=True).text()
    )


@pytest.mark.parametrize("known", [SPEED, TASTE])
def test_is_good_if_what_survives_has_a_reason(known: Known) -> None:
    report = Report([survived(mutant())], [known], is_whole=True)
    assert report.is_good
    assert "No test notices" not in report.text()


def test_lists_new_survivors() -> None:
    report = Report([survived(mutant("return a", "return b"))], [], is_whole=True)
    assert not report.is_good
    assert "lists/views.py:7: return a -> return b" in report.text()


def test_lists_entries_that_mean_no_survivor() -> None:
    report = Report([killed(mutant(), Stage.UNIT_TESTS)], [SPEED], is_whole=True)
    assert not report.is_good
    assert "known.toml: lists/*.py: if a == b: -> if True: means no mutant" in report.text()


def test_asks_nothing_of_entries_for_other_files() -> None:
    other = mutant(path="accounts/views.py")
    report = Report([killed(other, Stage.UNIT_TESTS)], [TASTE], is_whole=False)
    assert report.is_good


def test_is_not_good_before_all_mutants_met_their_tests() -> None:
    report = Report([unfinished(mutant())], [TASTE], is_whole=True)
    assert not report.is_good
    assert report.stale == []
    assert report.as_json()["complete"] is False


def test_an_entry_about_several_files_is_not_stale_in_a_run_of_one() -> None:
    report = Report([killed(mutant(), Stage.UNIT_TESTS)], [SPEED], is_whole=False)
    assert report.is_good


def test_writes_a_page_and_json(tmp_path: Path) -> None:
    report = Report([survived(mutant('"<b>"', '"XX<b>XX"'))], [], is_whole=True)
    page = report.write(tmp_path).read_text(encoding="utf-8")
    assert "<h2>Lists and items</h2>" in page
    assert "&quot;<ins>XX&lt;b&gt;XX</ins>&quot;" in page
    (written,) = json.loads((tmp_path / "mutants.json").read_text(encoding="utf-8"))["survivors"]
    assert written["group"] == "Lists and items"
    assert (written["path"], written["line"], written["tests_met"]) == ("lists/views.py", 7, 3)


def _project(folder: Path) -> Path:
    (folder / "docs" / "explanation").mkdir(parents=True)
    for name in ("README.md", "docs/explanation/mutants.md"):
        (folder / name).write_text(f"Before\n\n{BEGIN}old\n{END}\n\nAfter\n", encoding="utf-8")
    return folder


def test_records_the_score_of_a_whole_run_in_the_documents(tmp_path: Path) -> None:
    root = _project(tmp_path)
    report = Report([killed(mutant(), Stage.UNIT_TESTS)], [], is_whole=True)
    report.write(tmp_path)
    record(tmp_path / "mutants.json", root)
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("Before\n\n")
    assert readme.endswith("\n\nAfter\n")
    assert "old" not in readme
    assert "scenarios notice 0.0 %\n" in readme
    assert "unit tests together 100.0 %." in readme
    assert "| code | 1 | 0 | 0.0 % | none | 100.0 % |" in (
        root / "docs" / "explanation" / "mutants.md"
    ).read_text(encoding="utf-8")


def test_records_no_score_of_a_part(tmp_path: Path) -> None:
    Report([], [], is_whole=False).write(tmp_path)
    with pytest.raises(RecordError, match="type `make mutants` first"):
        record(tmp_path / "mutants.json", _project(tmp_path))
