from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


@step("a step that does not skip")
def a_step_that_does_not_skip(context: Context) -> None:
    pass


@step("a step that is skipped")
def a_step_that_is_skipped(context: Context) -> None:
    pass


@step("I skip a step")
def i_skip_a_step(context: Context) -> None:
    context.scenario.skip()
