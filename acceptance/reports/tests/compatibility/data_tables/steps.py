from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


@step("the following table is transposed:")
def transpose(context: Context) -> None:
    assert context.table
    rows = [context.table.headings, *(row.cells for row in context.table.rows)]
    context.transposed = [list(row) for row in zip(*rows, strict=True)]


@step("it should be:")
def compare(context: Context) -> None:
    assert context.table
    rows = [context.table.headings, *(row.cells for row in context.table.rows)]
    assert context.transposed == rows
