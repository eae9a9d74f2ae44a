"""Steps of all kinds under the monitor, in the real suite."""

from features.support.tests.project_copy import FEATURE, ProjectCopy

SCRIPT = "superlists/static/clear_refusal_on_typing.js"

STEPS = '''
from behave import step, use_step_matcher

use_step_matcher("re")


@step("(?P<name>[A-Z][a-z]+) comes to (?P<where>an expired link)")
def comes_to(context, name, where):
    context.execute_steps(f"""
        When {name} opens the home page
        And {name} opens the page that {where} leads to
    """)


@step("(?P<name>[A-Z][a-z]+) looks in vain")
def looks_in_vain(context, name):
    context.execute_steps(f'Then {name} sees the message "what is not there"')


@step("someone ends the program")
def ends_the_program(context):
    raise SystemExit(0)
'''
SCENARIOS = """\
  @expects_script_error
  Scenario: An error that comes within a step that executes others
    When Edith comes to an expired link
    Then Edith sees the message "no longer works"

  @expects_script_error
  Scenario: An error that comes in the last step
    When Edith comes to an expired link

  Scenario: An error that no one expects
    When Edith comes to an expired link
    Then Edith sees the message "no longer works"

  Scenario: A failure within a step
    Given Edith has an open list with "Buy milk"
    Then Edith looks in vain

  Scenario: A check that does not wait
    Given Edith has an open list with "Buy milk"
    Then Edith sees the button "Buy"

  Scenario: The end of the program
    When someone ends the program

  Scenario: The next one
    When Edith opens the home page
    Then Edith is invited to start a list
"""


def test_steps_of_all_kinds_are_monitored(project: ProjectCopy) -> None:
    project.write(SCRIPT, "if (location.search) throw new Error('as expected');\n")
    project.write_feature(SCENARIOS)
    project.write("steps/matched_steps.py", STEPS)

    run = project.behave(FEATURE, "-D", "timeout=1")

    assert "3 scenarios passed, 4 failed" in run.terminal, run.terminal
    unexpected, nested, hasty, ended = run.failures
    assert "a script failed on Edith's page: Error: as expected" in unexpected
    assert "shows no message, and so not 'what is not there'" in nested
    assert "has the buttons [" in hasty
    assert "showed:\n" in hasty
    assert "1: Buy milk" in hasty
    assert "the step ended the program: sys.exit(0)" in ended
    for failure in run.failures:
        assert failure.count("Evidence:") == 1
        assert failure.count("Again:") == 1
    assert "edith.html" in run.evidence("a-failure-within-a-step")
