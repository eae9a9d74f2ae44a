from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


@step("a {string} with a table")
def a_with_a_table(context: Context, thing: str) -> None:
    pass
