"""The list of failed scenarios: how it is kept, and how they are run again."""

from pathlib import Path

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Ended, Suite

ONE = """\
Feature: One

  Scenario: The first
    Given it is well

  Scenario: The second
    Given it is well

  Scenario Outline: In <n> ways
    Given it is well

    Examples:
      | n |
      | 2 |
      | 3 |

  @planned
  Scenario: To come
    Given it is well
"""
TWO = """\
@two
Feature: Two

  Rule: It is so

    Scenario: The third
      Given it is well

    Scenario: The fourth
      Given it is well
"""
STEPS = """\
import os

from behave import given


@given("it is well")
def well(context):
    name = context.scenario.name
    broken = os.environ.get("BROKEN", "")
    if broken and any(each in name for each in broken.split(",")):
        assert False, name
    if os.environ.get("INTERRUPTED", "no one") in name:
        raise KeyboardInterrupt
"""
HOOKS = """\
import os


def before_feature(context, feature):
    assert os.environ.get("UNPREPARED") != feature.name


def after_feature(context, feature):
    assert os.environ.get("LEFT_BROKEN") != feature.name
"""
AGAIN = "@artifacts/failed.txt"


class Runs:
    """A suite whose scenarios fail on request."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.list = suite.folder / "artifacts" / "failed.txt"
        suite.write("features/one.feature", ONE)
        suite.write("features/two.feature", TWO)
        suite.write("steps/own_steps.py", STEPS)
        suite.write("environment.py", HOOKS)
        suite.write(
            "own_project.py",
            """
            from pathlib import Path

            from acceptance.project import Project

            PROJECT = Project(root=Path(__file__).parent, table="own")
            """,
        )
        settings = (suite.folder / "pyproject.toml").read_text()
        suite.write(
            "pyproject.toml", f'{settings}\n[tool.acceptance]\nproject = "own_project:PROJECT"\n'
        )

    def __call__(self, *words: str, **environment: str) -> Ended:
        return self.suite.behave(*words, environment=environment)

    @property
    def listed(self) -> list[str]:
        """The places that behave reads in the list."""
        lines = self.list.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith("#")]

    def ran(self, *words: str) -> list[str]:
        """Return the names of the scenarios that were run."""
        printed = self("-f", "plain", "--no-capture", *words).output
        return [
            line.partition(": ")[2].partition(" -- ")[0]
            for line in printed.splitlines()
            if line.strip().startswith("Scenario")
        ]


@pytest.fixture
def run(tmp_path: Path, runs: QuickRuns) -> Runs:
    return Runs(Suite(tmp_path, runs))


def test_only_failed_scenarios_are_run_again(run: Runs) -> None:
    ended = run(BROKEN="second,3 ways,third")

    assert ended.status == 1
    assert ended.output.endswith(f"\n\nRun what failed again: behave {AGAIN}")
    assert run.listed == [
        "../features/one.feature:6",
        "../features/one.feature:15",
        "../features/two.feature:6",
    ]
    assert run.ran(AGAIN) == ["The second", "In 3 ways", "The third"]
    assert run.list.read_text() == ""


def test_if_nothing_failed_nothing_is_run_or_opened(run: Runs) -> None:
    assert run().status == 0
    run.suite.write("environment.py", "def before_all(context):\n    print('opened')\n")

    ended = run(AGAIN)

    assert ended.status == 0
    assert "Nothing failed last time: artifacts/failed.txt lists no scenarios." in ended.output
    assert "opened" not in ended.output


def test_without_a_list_there_is_one_sentence(run: Runs) -> None:
    ended = run(AGAIN)

    assert ended.status == 1
    assert ended.output == (
        "ConfigError: artifacts/failed.txt does not exist, so there are no scenarios to run: type "
        "`behave`, which lists the scenarios that fail in artifacts/failed.txt, or name another "
        "list."
    )


def test_a_run_of_a_part_leaves_the_rest_unchanged(run: Runs) -> None:
    run(BROKEN="second,third")

    run("features/two.feature", BROKEN="fourth")
    assert run.listed == ["../features/one.feature:6", "../features/two.feature:9"]

    assert run("features/one.feature:3").status == 0
    assert run("-n", "first", "--tags", "not @two").status == 0
    assert run.listed == ["../features/one.feature:6", "../features/two.feature:9"]


@pytest.mark.parametrize("words", [["--dry-run"], ["-n", "no such name"], ["--tags", "@no"]])
def test_a_run_of_nothing_changes_nothing(run: Runs, words: list[str]) -> None:
    run(BROKEN="second")

    run(*words)

    assert run.listed == ["../features/one.feature:6"]


def test_an_interrupted_run_forgets_nothing(run: Runs) -> None:
    run(BROKEN="first,second,third,fourth")

    run(BROKEN="2 ways", INTERRUPTED="third")

    assert run.listed == [
        "../features/one.feature:14",
        "../features/two.feature:6",
        "../features/two.feature:9",
    ]


def test_a_scenario_that_was_interrupted_did_not_fail(run: Runs) -> None:
    run(INTERRUPTED="second")

    assert run.listed == []


def test_a_run_that_stops_at_the_first_failure_forgets_nothing(run: Runs) -> None:
    run(BROKEN="third,fourth")

    run("--stop", BROKEN="first")

    assert run.listed == [
        "../features/one.feature:3",
        "../features/two.feature:6",
        "../features/two.feature:9",
    ]


def test_a_scenario_is_found_at_its_present_line(run: Runs) -> None:
    run(BROKEN="second,3 ways")
    more = ONE.replace(
        "Feature: One\n", "Feature: One\n\n  Scenario: A new one\n    Given it is well\n"
    ).replace("| 2 |\n", "| 2 |\n      | 4 |\n")
    run.suite.write("features/one.feature", more)

    assert run.ran(AGAIN) == ["The second", "In 3 ways"]
    assert run.list.read_text() == ""


def test_the_nearer_of_two_scenarios_with_one_name_is_run(run: Runs) -> None:
    same = "Feature: Same\n" + 2 * "\n  Scenario: It\n    Given it is well\n"
    run.suite.write("features/one.feature", same)
    run("features/one.feature:6", BROKEN="It")

    run.suite.write("features/one.feature", f"# Above it\n{same}")
    run("features/two.feature", BROKEN="third")
    assert run.listed == ["../features/one.feature:6", "../features/two.feature:6"]
    run(AGAIN, BROKEN="It")

    assert run.listed == ["../features/one.feature:7"]


def test_the_whole_feature_of_a_renamed_scenario_is_run(run: Runs) -> None:
    run(BROKEN="second")
    run.suite.write("features/one.feature", ONE.replace("The second", "Another"))

    run("features/one.feature:3")
    assert run.listed == ["../features/one.feature:6"]
    assert run.ran(AGAIN) == ["The first", "Another", "In 2 ways", "In 3 ways"]
    assert run.list.read_text() == ""


def test_a_feature_that_is_gone_is_forgotten(run: Runs) -> None:
    run(BROKEN="second,third")
    (run.suite.folder / "features/two.feature").unlink()

    assert run.ran(AGAIN) == ["The second"]
    assert run.list.read_text() == ""


def test_a_scenario_that_is_planned_now_is_removed(run: Runs) -> None:
    run(BROKEN="second")
    run.suite.write(
        "features/one.feature",
        ONE.replace("  Scenario: The second", "  @planned\n  Scenario: The second"),
    )

    run("features/one.feature:3")

    assert run.list.read_text() == ""


@pytest.mark.parametrize("when", ["UNPREPARED", "LEFT_BROKEN"])
def test_scenarios_with_a_failed_hook_around_them_are_run_again(run: Runs, when: str) -> None:
    run("-n", "third", **{when: "Two"})

    assert run.listed == ["../features/two.feature:6"]


def test_a_list_that_cannot_be_written_does_not_change_the_result(run: Runs) -> None:
    (run.suite.folder / "artifacts").write_text("a file where the folder should be")

    ended = run()

    assert ended.status == 0
    assert "The list of failed scenarios cannot be written to" in ended.output


def test_plain_behave_reads_the_list(run: Runs) -> None:
    run(BROKEN="second,third")

    assert run.ran("--runner", "behave.runner:Runner", AGAIN) == ["The second", "The third"]


def test_a_run_with_workers_lists_failures_in_the_order_of_the_features(run: Runs) -> None:
    ended = run("-j", "2", BROKEN="second,3 ways,third")

    assert ended.status == 1
    assert ended.output.endswith(f"\n\nRun what failed again: behave {AGAIN}")
    assert run.listed == [
        "../features/one.feature:6",
        "../features/one.feature:15",
        "../features/two.feature:6",
    ]

    run("-j", "2", AGAIN, INTERRUPTED="second", BROKEN="third")

    assert run.listed == [
        "../features/one.feature:6",
        "../features/one.feature:15",
        *run.listed[2:],
    ]
