from behave import step
from behave.cucumber_expression import (
    define_parameter_type_with,
    use_step_matcher_for_cucumber_expressions,
)
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


define_parameter_type_with(
    name="flight", regexp="([A-Z]{3})-([A-Z]{3})", type=tuple, transformer=lambda *route: route
)


@step("{flight} has been delayed")
def delayed(context: Context, flight: tuple[str, str]) -> None:
    assert flight == ("LHR", "CDG")
