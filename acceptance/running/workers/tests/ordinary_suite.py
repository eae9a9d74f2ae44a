"""A suite with everything that can happen in a suite."""

from acceptance.running.tests.suites import Suite

LETTERS = """
@alpha
Feature: Letters

  Scenario: One
    Given pass
    When pass with table
      | a | b |
      | 1 | 2 |
    Then pass

  @beta
  Scenario: Two
    Given pass
    Then fail
    And pass

  Scenario: Three
    Given break
    Then pass

  Scenario: Four
    Given print "hello"
    And no one knows this
    Then pass

  Scenario: Five
    Given pend
    Then pass

  Scenario: Six

  Scenario Outline: Each <who>
    Given <what>
    Then attach "<who>"

    Examples:
      | who | what |
      | x   | pass |
      | y   | fail |

    @more
    Examples: more
      | who | what       |
      | z   | skip       |
      | w   | log "deep" |

  @wip
  Scenario: Seven
    Given pend
"""

RULES = """
Feature: Rules

  Background:
    Given pass

  Scenario: Nested
    Then execute
      '''
      Given pass
      And fail
      '''

  Rule: First
    Background: more
      Given print "background"

    Scenario: Hook after it fails
      Then pass

    @planned
    Scenario: Planned
      Then pass

    Scenario: Hook of a step fails
      Then pass

  @ruletag
  Rule: Second
    Scenario: An error with a cause
      Then cause

    Scenario: Text
      Then pass
      '''
      some text
      '''

    Scenario: Same name
      Then print "x" and fail

    Scenario: Same name
      Then cleanup fails

    Scenario: Unknown inside
      Then execute
      '''
      Given no one knows that
      '''
"""

SLOW = """
Feature: Slow

  Scenario: Slow
    Then wait

  Scenario: Quick
    Then print "quick" and fail

  Scenario: Of a program
    Then a program prints "from outside"

  Scenario: Hook before it fails
    Then pass

  Scenario: Given a step by a hook
    Then pass
"""

HOOK_FAILS = """
Feature: Hook fails

  Scenario: Never run
    Then pass
"""

EMPTY = """
Feature: Empty
"""

STEPS = """
import logging
import subprocess
import sys
import time

from behave import step
from behave.api.pending_step import StepNotImplementedError


class OwnError(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b

    def __str__(self):
        return f"own {self.b}"


@step("pass")
def _(context):
    pass


@step("pass with table")
def _(context):
    assert context.table[0]["a"] == "1"


@step("fail")
def _(context):
    assert 1 + 1 == 3, "sum is wrong"


@step("break")
def _(context):
    numbers = {"a": 1}
    return numbers["a"] + numbers["missing"]


@step("pend")
def _(context):
    raise StepNotImplementedError("later")


@step("skip")
def _(context):
    context.scenario.skip("because")


@step("wait")
def _(context):
    time.sleep(0.1)


@step('print "{text}"')
def _(context, text):
    print("out", text)
    print("err", text, file=sys.stderr)


@step('print "{text}" and fail')
def _(context, text):
    print("out", text)
    print("err", text, file=sys.stderr)
    assert False


@step('a program prints "{text}"')
def _(context, text):
    sys.stdout.flush()
    subprocess.run(["echo", text], check=True)


@step('log "{text}"')
def _(context, text):
    logging.getLogger("own").warning(text)
    assert False, "seen"


@step('attach "{text}"')
def _(context, text):
    context.attach("text/plain", text.encode())


@step("execute")
def _(context):
    context.execute_steps(context.text)


@step("interrupt")
def _(context):
    raise KeyboardInterrupt


@step("exit")
def _(context):
    sys.exit("over")


@step("cause")
def _(context):
    try:
        [][1]
    except IndexError as error:
        raise OwnError("A", "B") from error


@step("cleanup fails")
def _(context):
    def undo_it():
        raise RuntimeError("cannot undo")

    context.add_cleanup(undo_it)
"""

ENVIRONMENT = """
import sys

from behave.model import Step


def before_all(context):
    print("before all")
    context.config.setup_logging()


def after_all(context):
    print("after all")


def before_feature(context, feature):
    print("before", feature.name)
    feature.note = "noted"
    if feature.name == "Hook fails":
        raise ValueError("no such feature")


def after_feature(context, feature):
    print("after", feature.name)


def before_rule(context, rule):
    print("before", rule.name)


def after_rule(context, rule):
    print("after", rule.name)
    if rule.name == "Second":
        raise ValueError("after the rule")


def before_scenario(context, scenario):
    print("before", scenario.name, context.active_outline, file=sys.stderr)
    scenario.note = {"named": scenario.name}
    if scenario.name == "Hook before it fails":
        raise ValueError("before it")
    if scenario.name == "Given a step by a hook":
        first = scenario.steps[0]
        scenario.steps.append(
            Step(first.filename, first.line, "Then", "then", "fail")
        )


def after_scenario(context, scenario):
    context.attach("text/plain", b"after")
    if scenario.name == "Hook after it fails":
        raise ValueError("after it")


def before_tag(context, tag):
    print("tag", tag)


def before_step(context, step):
    print("step", step.name)
    step.note = step.name
    if context.scenario.name == "Hook of a step fails":
        raise ValueError("step")
"""


def make_ordinary(suite: Suite) -> None:
    """Write the files of this suite."""
    for name, text in {
        "letters": LETTERS,
        "rules": RULES,
        "slow": SLOW,
        "hook_fails": HOOK_FAILS,
        "empty": EMPTY,
    }.items():
        suite.write(f"features/{name}.feature", text.replace("'''", '"""'))
    suite.write("steps/own_steps.py", STEPS)
    suite.write("environment.py", ENVIRONMENT)
