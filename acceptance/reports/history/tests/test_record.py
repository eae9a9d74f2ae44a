"""What is kept of a run, from its messages."""

from datetime import timedelta
from pathlib import Path

import pytest

from acceptance.reports.history.past_run import PastRun, lines_of
from acceptance.reports.history.record import past_runs
from acceptance.reports.run_files import read_run
from acceptance.reports.status import Status
from acceptance.reports.tests.runs import LOCAL, NOON, Ending, failed, write_run

FEATURE = """
Feature: Lists
  Scenario: Start
    When she starts

  Scenario: Stop
    When she stops

  @planned
  Scenario: Later
    When she waits
"""
OTHER = "Feature: Other\n  Scenario: Elsewhere\n    When she starts\n"


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = Path("features") / "lists.feature"
    file.parent.mkdir()
    file.write_text(FEATURE, encoding="utf-8")
    return file


def kept(*runs: Path) -> PastRun:
    (run,) = past_runs(map(read_run, runs))
    return run


def statuses(run: PastRun) -> dict[str, Status]:
    return {result.identity.name: result.status for result in run.results}


def test_each_scenario_is_kept_with_its_status(feature: Path) -> None:
    endings = {"Stop": failed("No.")}
    run = kept(write_run(Path("run.ndjson"), [feature], endings, only=["Start", "Stop"]))

    assert statuses(run) == {
        "Start": Status.PASSED,
        "Stop": Status.FAILED,
        "Later": Status.PLANNED,
    }
    assert (run.started, run.finished, run.complete) == (NOON, NOON, True)


def test_what_was_left_out_is_known_to_be_there(feature: Path) -> None:
    run = kept(write_run(Path("run.ndjson"), [feature], only=["Start"]))

    assert statuses(run)["Stop"] is Status.NOT_RUN


def test_earlier_attempts_are_kept(feature: Path) -> None:
    endings = {"Start": Ending("FAILED", attempts=2)}
    run = kept(write_run(Path("run.ndjson"), [feature], endings, only=["Start"]))

    assert run.results[0].earlier == (False,)
    assert not run.results[0].is_unsteady


def test_nothing_is_kept_of_sentences_errors_and_pictures(feature: Path) -> None:
    endings = {"Start": Ending("FAILED", message="Secret.", pictures=["The page.webp"])}
    file = write_run(Path("run.ndjson"), [feature], endings, only=["Start"])
    lines = "".join(lines_of(kept(file)))

    assert "Secret" not in lines
    assert "she starts" not in lines
    assert len(lines) < file.stat().st_size / 5


def test_an_interrupted_run_is_kept_as_that(feature: Path) -> None:
    file = write_run(Path("run.ndjson"), [feature], {"Stop": Ending(finished=False)})
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "testRunFinished" not in line), "utf-8")
    run = kept(file)

    assert not run.complete
    assert statuses(run)["Stop"] is Status.NOT_RUN


def test_a_run_in_which_nothing_was_run_is_not_kept(feature: Path) -> None:
    nothing = write_run(Path("run.ndjson"), [feature], only=[])
    dry = write_run(Path("dry.ndjson"), [feature], facts=None)

    assert past_runs(map(read_run, [nothing, dry])) == []


def test_a_run_of_some_files_is_known_by_the_others_beside_them(feature: Path) -> None:
    assert kept(write_run(Path("run.ndjson"), [feature])).every_feature

    feature.with_name("other.feature").write_text(OTHER, encoding="utf-8")

    assert not kept(write_run(Path("run.ndjson"), [feature])).every_feature


def test_a_clock_that_was_set_back_does_not_end_a_run_before_it_began(feature: Path) -> None:
    file = write_run(Path("run.ndjson"), [feature], at=NOON - timedelta(hours=1))
    early, late = (int((NOON + timedelta(hours=hours)).timestamp()) for hours in (-1, 0))
    begin = f'"testRunStarted": {{"id": "run", "timestamp": {{"seconds": {early}'
    text = file.read_text("utf-8")
    assert begin in text
    file.write_text(text.replace(begin, begin.replace(str(early), str(late))), "utf-8")
    run = kept(file)

    assert run.started == run.finished == NOON


def test_the_facts_of_a_run_are_kept(feature: Path) -> None:
    facts = {**LOCAL, "release": "v1.2", "by": "GitHub Actions, build 7", "job": "https://ci/7"}
    run = kept(write_run(Path("run.ndjson"), [feature], facts=facts))

    assert run.facts.release == "v1.2"
    assert run.facts.by == "GitHub Actions, build 7"
    assert run.facts.job == "https://ci/7"
