from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


class Error(Exception):
    pass


@step("a step passes")
def a_step_passes(context: Context) -> None:
    pass


@step("a step fails")
def a_step_fails(context: Context) -> None:
    raise Error("Exception in step")
