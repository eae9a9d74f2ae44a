"""Runs that do not begin: one sentence for each problem that a person can solve."""

import json
import subprocess

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

ENVIRONMENT = """
from pathlib import Path

from acceptance.errors import NotReadyError
from acceptance.running.whereabouts import check_whereabouts

check_whereabouts(Path(__file__).parent)


def before_all(context):
    context.add_cleanup(print, "CLEANED UP")
    how = context.config.userdata.get("how", "")
    if how == "refused":
        raise NotReadyError("The site is away: type `make site`.")
    if how == "broken":
        raise KeyError("a bug")
    if how == "interrupted":
        raise KeyboardInterrupt
    if how == "ended":
        raise SystemExit("enough")


def before_scenario(context, scenario):
    if context.config.userdata.get("how") == "interrupted later":
        raise KeyboardInterrupt
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    made.write(
        "features/one.feature", "Feature: One\n\n  Scenario: A thing\n    Given it is done\n"
    )
    made.write(
        "steps/own_steps.py",
        """
        from behave import step

        @step("it is done")
        def done(context):
            print("DONE")
        """,
    )
    made.write("environment.py", ENVIRONMENT)
    made.write("lists/models.py", "")
    made.write(
        ".venv/lib/foreign.feature",
        "Feature: Foreign\n\n  Scenario: Of others\n    Given nothing\n",
    )
    return made


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("refused", "The site is away: type `make site`."),
        ("interrupted", "ABORTED: By user, before anything was run."),
        ("ended", "ABORTED: before_all ended the program (enough)."),
    ],
)
def test_only_the_reason_why_a_run_does_not_begin_is_shown(
    suite: Suite, how: str, shown: str
) -> None:
    ended = suite.behave("-D", f"how={how}", "-f", "json", "-o", "out.json", "-f", "progress3")

    assert (ended.status, ended.output) == (1, f"CLEANED UP\n{shown}")
    assert json.loads((suite.folder / "out.json").read_text("utf-8")) == []


def test_a_report_of_a_run_that_did_not_begin_is_red(suite: Suite) -> None:
    words = (
        "-f",
        "acceptance.reports.formatter:MessagesFormatter",
        "-o",
        "out.ndjson",
        "-f",
        "progress3",
    )
    for more in (["-D", "how=refused"], ["-n", "no such scenario"]):
        suite.behave(*words, *more)

        lines = (suite.folder / "out.ndjson").read_text("utf-8").splitlines()
        assert json.loads(lines[-1])["testRunFinished"]["success"] is False


def test_a_bug_in_before_all_shows_where_it_is(suite: Suite) -> None:
    ended = suite.behave("-D", "how=broken")

    assert ended.status == 1
    assert ended.output.startswith(
        "CLEANED UP\nbefore_all failed, and nothing was run: KeyError: 'a bug'\nTraceback"
    )
    assert "site-packages" not in ended.output
    assert 'environment.py", line ' in ended.output
    assert ended.output.endswith("KeyError: 'a bug'")
    assert "By user" not in ended.output
    assert "scenario" not in ended.output


def test_an_interruption_is_reported_as_one(suite: Suite) -> None:
    ended = suite.behave("-D", "how=interrupted later")

    assert ended.status == 1
    assert "ABORTED: By user." in ended.output
    assert "CLEANED UP" in ended.output


@pytest.mark.parametrize(
    ("within", "words", "way"),
    [
        ("lists", [], ".."),
        ("features", ["one.feature"], ".."),
        ("steps", ["../features/one.feature:3"], ".."),
        (".venv/lib", [], "../.."),
    ],
)
def test_in_another_folder_the_suite_names_the_right_one(
    suite: Suite, within: str, words: list[str], way: str
) -> None:
    ended = suite.behave(*words, within=within)

    assert (ended.status, ended.output) == (
        1,
        (
            "ConfigError: behave reads its settings in the folder where it is started, but "
            f"{suite.folder / within} is not the project's: type `cd {way}`, and then behave again."
        ),
    )


@pytest.mark.parametrize("variable", ["1", "2"])
def test_a_run_that_could_not_fail_is_refused(suite: Suite, variable: str) -> None:
    run = subprocess.run(  # noqa: S603
        suite.command(),
        cwd=suite.folder,
        env={**suite.environment, "PYTHONOPTIMIZE": variable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 1
    assert run.stdout.splitlines()[1:] == [
        (
            "ConfigError: Python ignores assertions (-O or PYTHONOPTIMIZE), and without them "
            "all steps pass: type `unset PYTHONOPTIMIZE`, and then behave again."
        )
    ]


def test_outside_the_project_the_suite_names_its_folder(suite: Suite) -> None:
    ended = suite.behave(str(suite.folder / "features"), within="..")

    assert ended.status == 1
    assert f"type `cd {suite.folder}`, and then behave again." in ended.output
