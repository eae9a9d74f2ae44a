"""The scenarios that a run without a browser leaves out, and what it reports about them."""

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

FEATURE = """\
    Feature: Looks

      Scenario: Edith reads it
        Given it is done

      Rule: It is seen

        @browser
        Scenario: Edith looks at it
          Given it is done

        @browser
        Scenario Outline: Edith looks at it from <side>
          Given it is done

          Examples:
            | side  |
            | above |
            | below |

      @browser
      Rule: It is typed

        Scenario: Edith types it
          Given it is done

        @planned
        Scenario: Edith will type it
          Given it is done
    """

LEFT_OUT = (
    "needs a browser and was left out: Edith looks at it; behave -D browser=mixed runs it, too."
)
ALL_LEFT_OUT = (
    "4 scenarios need a browser and were left out: Edith looks at it, "
    "Edith looks at it from <side> (2), Edith types it; behave -D browser=mixed runs them, too."
)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    with (made.folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[tool.acceptance]\nproject = 'looks:LOOKS'\n")
    made.write(
        "looks.py", "from acceptance.project import Project\nLOOKS = Project(table='looks')\n"
    )
    made.write("features/looks.feature", FEATURE)
    made.write(
        "steps/own_steps.py",
        """
        from behave import step

        @step("it is done")
        def done(context): ...
        """,
    )
    made.write("environment.py", "def before_all(context):\n    print('STARTED')\n")
    return made


def test_scenarios_that_need_a_browser_are_left_out_counted_and_named(suite: Suite) -> None:
    ended = suite.behave("-D", "browser=none")

    assert ended.status == 0
    assert "1 scenario passed" in ended.output
    assert ended.output.splitlines()[-1] == ALL_LEFT_OUT


def test_only_selected_scenarios_are_named(suite: Suite) -> None:
    ended = suite.behave(
        "features/looks.feature:3",
        "features/looks.feature:9",
        environment={"ACCEPTANCE_BROWSER": "none"},
    )

    assert ended.status == 0
    assert ended.output.splitlines()[-1] == f"1 scenario {LEFT_OUT}"


@pytest.mark.parametrize("browser", ["chromium", "mixed"])
def test_nothing_is_left_out_where_there_is_a_browser(suite: Suite, browser: str) -> None:
    ended = suite.behave("-D", f"browser={browser}")

    assert ended.status == 0
    assert "5 scenarios passed" in ended.output
    assert "left out" not in ended.output


def test_a_dry_run_includes_everything(suite: Suite) -> None:
    ended = suite.behave("--dry-run", "-D", "browser=none")

    assert ended.status == 0
    assert "left out" not in ended.output


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["features/looks.feature:9"], "the only selected scenario needs"),
        (["-n", "looks at it"], "all 3 selected scenarios need"),
        (["--tags", "@browser"], "all 4 selected scenarios need"),
    ],
)
def test_a_run_with_no_other_scenarios_fails(suite: Suite, words: list[str], what: str) -> None:
    ended = suite.behave("-D", "browser=none", *words)

    assert ended.status == 1
    assert ended.output == (
        f"No scenario was run: {what} a browser (@browser), and -D browser=none has none: type "
        "-D browser=mixed instead."
    )
