"""The scenarios that are run or left out, and the message if none is left."""

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

FEATURES = {
    "one": """\
        Feature: One

          Scenario: Edith does it
            Given it is done

          @slow
          Scenario: Oni does it slowly
            Given it is done

          @planned @slow
          Scenario: Francis will do it
            Given it will be done

          @wip @planned
          Scenario: Francis is nearly there
            Given it will be done
        """,
    "two": """\
        Feature: Two

          Rule: The first

            Scenario: Edith follows the first
              Given it is done

          Rule: The second

            @planned
            Scenario Outline: Oni will follow the second in <n> ways
              Given it will be done

              Examples:
                | n |
                | 2 |

            Scenario: Oni follows the second
              Given it is done
        """,
    "three": """\
        @planned
        Feature: Three

          Scenario: Everyone will do it
            Given it will be done
        """,
}
ALL = {
    "Edith does it",
    "Oni does it slowly",
    "Edith follows the first",
    "Oni follows the second",
}
PLANNED = {
    "Francis will do it",
    "Francis is nearly there",
    "Oni will follow the second in 2 ways -- @1.1",
    "Everyone will do it",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    for name, text in FEATURES.items():
        made.write(f"features/{name}.feature", text)
    made.write(
        "steps/own_steps.py",
        """
        from behave import step

        @step("it is done")
        def done(context): ...

        @step("it will be done")
        def will_be_done(context): ...
        """,
    )
    made.write(
        "environment.py",
        """
        def before_all(context):
            print("STARTED")

        def before_scenario(context, scenario):
            with open("ran.txt", "a") as file:
                print(scenario.name, file=file)
        """,
    )
    made.write("rerun.txt", "# -- RERUN: 0 failing scenarios during last test run.\n")
    made.write("planned.txt", "features/three.feature\n")
    (made.folder / "features" / "empty").mkdir()
    made.write(
        ".venv/lib/python3/site-packages/foreign/foreign.feature",
        "Feature: Foreign\n\n  Scenario: Of others\n    Given it is done\n",
    )
    return made


def ran(suite: Suite) -> set[str]:
    file = suite.folder / "ran.txt"
    names = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return {name.strip() for name in names}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], ALL),
        (["--tags", "not @slow"], ALL - {"Oni does it slowly"}),
        (["-t", "~@slow"], ALL - {"Oni does it slowly"}),
        (["--tags", "@slow"], {"Oni does it slowly"}),
        (["--tags", "@slow or @other"], {"Oni does it slowly"}),
        (["--tags", "@slow", "-n", "Oni"], {"Oni does it slowly"}),
        (["features/one.feature:7"], {"Oni does it slowly"}),
        (["features/two.feature:9"], {"Oni follows the second"}),
        (["."], ALL),
        # Options that select planned scenarios.
        (["--tags", "@planned"], PLANNED),
        (["--tags", "planned", "features/one.feature:11"], {"Francis will do it"}),
        (["--tags", "@plan*"], PLANNED),
        (["--tags", "@planned or not @slow"], (ALL | PLANNED) - {"Oni does it slowly"}),
        (["--tags", "@planned and @slow"], {"Francis will do it"}),
        (["--tags", "@wip and @planned"], {"Francis is nearly there"}),
    ],
)
def test_planned_scenarios_are_run_only_when_asked_for(
    suite: Suite, words: list[str], names: set[str]
) -> None:
    ended = suite.behave(*words)

    assert ran(suite) == names
    assert ended.status == 0, ended.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["-n", "zzz"],
            (
                "No scenario was run: none in features matches -n zzz: "
                "`behave --dry-run` lists all scenarios."
            ),
        ),
        (
            ["--tags", "@nope"],
            (
                "No scenario was run: none in features matches --tags @nope: "
                "`behave --dry-run` lists all scenarios."
            ),
        ),
        (
            ["-n", "Oni", "--tags", "@slow and not @slow", "-i", "one"],
            (
                "No scenario was run: none in features matches -n Oni --tags '@slow and not @slow' "
                "-i one: `behave --dry-run` lists all scenarios."
            ),
        ),
        (
            ["features/empty"],
            (
                "No scenario was run: there is none in features/empty: "
                "name a feature, or a folder of features."
            ),
        ),
        (
            ["features/one.feature:11"],
            (
                "No scenario was run: the only match for features/one.feature:11 is @planned: "
                "add --tags @planned to run it."
            ),
        ),
        (
            ["-n", "Francis"],
            (
                "No scenario was run: all 2 matches for -n Francis are @planned: "
                "add --tags @planned to run them."
            ),
        ),
        (
            ["@planned.txt"],
            (
                "No scenario was run: the only match for @planned.txt is @planned: "
                "add --tags @planned to run it."
            ),
        ),
    ],
)
def test_a_run_without_a_selected_scenario_fails(
    suite: Suite, words: list[str], sentence: str
) -> None:
    ended = suite.behave(*words)

    assert (ended.status, ended.output) == (1, sentence)


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (["features/nope.feature"], "There is no features/nope.feature"),
        (["features/one.feature", "features/nope.feature:3"], "There is no features/nope.feature"),
        (["nope"], "There is no nope"),
        (["environment.py"], "environment.py is no feature"),
    ],
)
def test_a_feature_that_does_not_exist_is_named(
    suite: Suite, words: list[str], trouble: str
) -> None:
    ended = suite.behave(*words)

    assert ended.status == 1
    assert f"ConfigError: {trouble}: `behave --dry-run` lists the features.\n" in (
        f"{ended.output}\n"
    )


def test_wip_does_not_select_planned_scenarios(suite: Suite) -> None:
    ended = suite.behave("--wip")

    assert ended.status == 1
    assert ended.output.endswith("add --tags @planned to run it.")


@pytest.mark.parametrize("words", [["@rerun.txt"], ["--dry-run", "-n", "zzz"], ["--dry-run"]])
def test_an_empty_list_passes(suite: Suite, words: list[str]) -> None:
    ended = suite.behave(*words)

    assert ended.status == 0, ended.output
    assert ran(suite) == set()


@pytest.mark.parametrize("style", ["progress3", "progress", "plain", "pretty"])
@pytest.mark.parametrize("words", [["features/two.feature:5"], ["-n", "follows the first"]])
def test_features_that_are_left_out_have_no_heading(
    suite: Suite, style: str, words: list[str]
) -> None:
    ended = suite.behave("-f", style, *words)

    assert ran(suite) == {"Edith follows the first"}
    headings = [line for line in ended.output.splitlines() if "The second" in line]
    assert headings == []
    assert "one.feature" not in ended.output
    assert "three.feature" not in ended.output
