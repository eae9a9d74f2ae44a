from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


@step("a step that is used")
def a_step_that_is_used(context: Context) -> None:
    pass


@step("a step that is not used")
def a_step_that_is_not_used(context: Context) -> None:
    pass
