from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


class Error(Exception):
    pass


@step("a step throws an exception")
def a_step_throws_an_exception(context: Context) -> None:
    raise Error("BOOM")
