from behave import step
from behave.api.pending_step import StepNotImplementedError
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


class PendingException(StepNotImplementedError):  # noqa: N818 (the kit calls it so)
    pass


@step("an unimplemented pending step")
def an_unimplemented_pending_step(context: Context) -> None:
    raise PendingException("TODO")
