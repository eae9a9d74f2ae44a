"""The durations of scenarios, which a run keeps for the next one, and which never fail a run."""

import re
from pathlib import Path

import pytest

from acceptance.running.scenario_times import known_times
from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

FEATURE = """\
Feature: Times

  Scenario: Edith waits
    Given it takes 0.02 s

  Scenario: Edith waits
    Given it takes 0.04 s

  Rule: Rules count

    Scenario: Edith waits
      Given it takes 0.001 s

    Scenario Outline: Oni waits <time>
      Given it takes <time> s

      Examples:
        | time |
        | 0.03 |
"""
FILE = "features/times.feature"
WAITS = f"{FILE}: Edith waits"
WAITS_AGAIN = f"{FILE}: Edith waits (2)"
UNDER_RULE = f"{FILE}: Rules count: Edith waits"
OF_OUTLINE = f"{FILE}: Rules count: Oni waits 0.03 -- @1.1 "
ALL = {WAITS, WAITS_AGAIN, UNDER_RULE, OF_OUTLINE}


@pytest.fixture
def suite(tmp_path: Path, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path, runs)
    made.write(FILE, FEATURE)
    made.write(
        "steps/own_steps.py",
        """
        import time
        from behave import step

        @step("it takes {seconds:g} s")
        def takes(context, seconds):
            time.sleep(seconds)

        @step("it fails")
        def fails(context):
            assert False

        @step("someone types Ctrl-C")
        def interrupted(context):
            raise KeyboardInterrupt
        """,
    )
    return made


def times_file(suite: Suite) -> Path:
    return suite.folder / "artifacts" / "scenario_times.txt"


def test_a_run_keeps_the_duration_of_each_scenario(suite: Suite) -> None:
    suite.behave()

    known = known_times(times_file(suite))

    assert set(known) == ALL
    assert known[WAITS] >= 0.02
    assert known[WAITS_AGAIN] >= 0.04
    assert known[UNDER_RULE] < 0.02
    assert known[OF_OUTLINE] >= 0.03


def test_a_run_of_a_part_keeps_the_durations_of_the_rest(suite: Suite) -> None:
    suite.behave()
    known = known_times(times_file(suite))
    suite.write("steps/waits_steps.py", "import time; time.sleep = lambda seconds: None")

    suite.behave(f"{FILE}:6")

    now = known_times(times_file(suite))
    assert now[WAITS_AGAIN] < known[WAITS_AGAIN]
    assert {**now, WAITS_AGAIN: 0} == {**known, WAITS_AGAIN: 0}


def test_lines_may_change_and_removed_scenarios_are_forgotten(suite: Suite) -> None:
    suite.behave()
    known = known_times(times_file(suite))
    suite.write(FILE, "# A line more\n" + FEATURE.replace("Edith waits", "Francis waits", 1))

    suite.behave("--name", "Francis")

    now = known_times(times_file(suite))
    assert set(now) == {f"{FILE}: Francis waits", WAITS, UNDER_RULE, OF_OUTLINE}
    assert now[UNDER_RULE] == known[UNDER_RULE]


def test_the_duration_of_a_failed_scenario_is_not_kept(suite: Suite) -> None:
    suite.write(FILE, FEATURE.replace("it takes 0.02 s", "it fails"))

    suite.behave()

    assert set(known_times(times_file(suite))) == ALL - {WAITS}


def test_an_interrupted_run_keeps_the_durations_until_then(suite: Suite) -> None:
    suite.write(FILE, FEATURE.replace("it takes 0.04 s", "someone types Ctrl-C"))

    suite.behave()

    assert set(known_times(times_file(suite))) == {WAITS}


def test_a_dry_run_keeps_no_durations(suite: Suite) -> None:
    suite.behave("--dry-run")

    assert not times_file(suite).exists()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"{}", b"", b"-1 a\nnan b\ninf c\nx d\n7\n", b"\x00" * 100]
)
def test_a_file_with_other_content_is_ignored(suite: Suite, content: bytes) -> None:
    suite.write("artifacts/scenario_times.txt", "")
    times_file(suite).write_bytes(content)

    assert known_times(times_file(suite)) == {}
    ended = suite.behave()

    assert ended.status == 0, ended.output
    assert set(known_times(times_file(suite))) == ALL


def test_a_folder_that_cannot_be_written_does_not_fail_a_run(suite: Suite) -> None:
    suite.write("artifacts", "in the way")

    ended = suite.behave()

    assert ended.status == 0, ended.output
    assert "Traceback" not in ended.output


def test_the_files_of_several_machines_can_be_joined(tmp_path: Path) -> None:
    file = tmp_path / "times.txt"
    file.write_text("0.5 a: b\n1.25 a: c\n0.75 a: b\n", encoding="utf-8")

    assert known_times(file) == {"a: b": 0.75, "a: c": 1.25}


def test_the_slowest_scenario_is_easy_to_find(suite: Suite) -> None:
    suite.behave()

    lines = times_file(suite).read_text(encoding="utf-8").splitlines()

    assert all(re.fullmatch(r"\d+\.\d{3} features/times\.feature: .*", line) for line in lines)
