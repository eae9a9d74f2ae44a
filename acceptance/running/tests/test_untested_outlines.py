"""What a dry run reports of scenario outlines."""

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

FEATURE = """\
    Feature: Places

      Scenario Outline: Edith goes to <place>
        Given it is done

        Examples:
          | place  |
          | Paris  |
          | Athens |

      Scenario: Edith comes home
        Given it is done

      Rule: Edith travels in winter, too

        Scenario Outline: Edith goes to <place> in winter
          Given it is done

          Examples:
            | place |
            | Rome  |
    """


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    made.write("features/places.feature", FEATURE)
    made.write(
        "steps/own_steps.py",
        """
        from behave import step

        @step("it is done")
        def done(context): ...
        """,
    )
    return made


def test_a_dry_run_reports_neither_passed_nor_failed_features_and_rules(suite: Suite) -> None:
    ended = suite.behave("--dry-run", "--format", "null")

    assert ended.status == 0
    assert "0 features passed, 0 failed, 0 skipped, 1 untested" in ended.output.splitlines()
    assert "0 rules passed, 0 failed, 0 skipped, 1 untested" in ended.output.splitlines()


def test_a_run_reports_them_as_passed(suite: Suite) -> None:
    ended = suite.behave("--format", "null")

    assert ended.status == 0
    assert "1 feature passed, 0 failed, 0 skipped" in ended.output.splitlines()
