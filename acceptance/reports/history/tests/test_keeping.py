"""The folder in which runs are kept."""

import errno
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from acceptance.evidence.facts import Place
from acceptance.reports.errors import ReportError
from acceptance.reports.history.keeping import (
    ALWAYS,
    MOST_BYTES,
    MOST_RUNS,
    OLDEST,
    file_name,
    keep,
    kept_runs,
    superfluous,
)
from acceptance.reports.history.past_run import PastRun, lines_of
from acceptance.reports.history.tests.past_runs import DAY, NOON, past_run

RUN = past_run(0, Start="passed")
NOW = NOON + 50 * DAY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of runs that holds one."""
    folder = tmp_path / "reports" / "runs"
    keep([RUN], folder)
    return folder


def problem_with(folder: Path) -> str:
    """Why a file is left out, while the run beside it is read."""
    kept = kept_runs(folder)
    assert kept.runs == (RUN,)
    (problem,) = kept.problems
    assert problem.endswith(": remove it.")
    return problem


def removed(*runs: PastRun, now: int = 50) -> set[PastRun]:
    return set(superfluous(runs, NOON + now * DAY))


def test_a_run_is_kept_in_a_file_of_its_own(folder: Path) -> None:
    other = past_run(1, Start="failed", place=Place.STAGING)
    keep([other], folder)

    assert set(kept_runs(folder).runs) == {RUN, other}
    assert [file.name.rsplit("-", 1)[0] for file in sorted(folder.iterdir())] == [
        "20261125T120000Z-local",
        "20261126T120000Z-staging.example.com",
    ]


def test_a_run_of_which_some_was_repeated_takes_the_place_of_the_first_one(folder: Path) -> None:
    again = replace(past_run(0, Start="failed"), run=RUN.run)
    keep([again], folder)

    assert kept_runs(folder).runs == (again,)


def test_without_a_folder_there_are_no_runs(tmp_path: Path) -> None:
    assert kept_runs(tmp_path / "runs").runs == ()


def test_a_damaged_file_costs_its_own_run(folder: Path) -> None:
    (folder / "1.ndjson").write_text("".join(lines_of(past_run(1, A="passed", B="passed")))[:-10])

    assert "1.ndjson is left out of what is known of earlier runs, since line" in problem_with(
        folder
    )


def test_an_empty_file_is_left_out(folder: Path) -> None:
    (folder / "1.ndjson").touch()

    assert "since it is empty" in problem_with(folder)


def test_a_file_of_something_else_is_left_out(folder: Path) -> None:
    (folder / "1.ndjson").write_bytes(b"\x89PNG\xff")

    assert "since it is not text" in problem_with(folder)


def test_a_huge_file_is_left_out_unread(folder: Path) -> None:
    with (folder / "1.ndjson").open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    assert "since its 4,000,001 bytes are more than any run has" in problem_with(folder)


def test_a_folder_in_the_place_of_a_file_is_left_out(folder: Path) -> None:
    (folder / "1.ndjson").mkdir()
    (folder / "1.ndjson" / "x").touch()

    assert "since it cannot be read (Is a directory)" in problem_with(folder)


def test_other_files_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("Runs.")
    keep([past_run(1, Start="passed")], folder)

    assert kept_runs(folder).problems == ()
    assert (folder / "README.md").exists()


def test_a_full_disk_is_reported_and_costs_no_earlier_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", no_room)
    with pytest.raises(ReportError, match=r"\(No space left on device\).*: make room there, and"):
        keep([past_run(1, Start="passed")], folder)

    assert kept_runs(folder).runs == (RUN,)
    assert len(list(folder.iterdir())) == 1


def test_a_file_in_the_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()

    with pytest.raises(ReportError, match="its folder is a file"):
        keep([RUN], tmp_path / "runs")


def test_the_oldest_of_too_many_runs_of_a_place_are_removed() -> None:
    many = [past_run(0, run=f"{number}", Start="passed") for number in range(MOST_RUNS)]
    many = [
        replace(run, started=run.started + timedelta(minutes=number))
        for number, run in enumerate(many)
    ]
    elsewhere = past_run(-1, place=Place.STAGING)
    newest = past_run(1)

    assert removed(*many, elsewhere) == set()
    assert removed(*many, elsewhere, newest) == {many[0]}


def test_old_runs_are_removed_but_for_the_last_of_each_place() -> None:
    old = [past_run(day) for day in range(ALWAYS)]
    recent = past_run(OLDEST.days + ALWAYS)

    assert removed(*old, now=1000) == set()
    assert removed(*old, recent, now=1000) == {old[0]}


def test_a_clock_that_is_wrong_now_removes_nothing() -> None:
    runs = [past_run(day) for day in range(ALWAYS + 5)]

    assert removed(*runs, now=100_000) == set()
    assert removed(*runs, now=-100_000) == set()


def test_a_run_that_is_dated_in_the_future_removes_no_others() -> None:
    runs = [past_run(day) for day in range(ALWAYS + 5)]

    assert removed(*runs, past_run(100_000)) == set()


def test_too_many_runs_are_removed_from_the_folder(tmp_path: Path) -> None:
    first = -OLDEST.days - ALWAYS
    old = [past_run(day, Start="passed") for day in range(first, first + ALWAYS)]
    recent = past_run(0, Start="passed")
    keep([*old, recent], tmp_path)

    assert set(kept_runs(tmp_path).runs) == {*old[1:], recent}


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "é" * 500, "a\0b"])
def test_what_a_run_calls_itself_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    facts = replace(RUN.facts, place=Place.STAGING, site=f"https://{name}")
    run = replace(RUN, run=name, facts=facts)
    keep([run], tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == [file_name(run)]
