from collections import Counter

from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


class Error(Exception):
    pass


TRIES: Counter[str] = Counter()


def fail_before(sentence: str, attempt: int) -> None:
    TRIES[sentence] += 1
    if TRIES[sentence] < attempt:
        raise Error("Exception in step")


@step("a step that always passes")
def a_step_that_always_passes(context: Context) -> None:
    pass


@step("a step that passes the second time")
def a_step_that_passes_the_second_time(context: Context) -> None:
    fail_before("second", 2)


@step("a step that passes the third time")
def a_step_that_passes_the_third_time(context: Context) -> None:
    fail_before("third", 3)


@step("a step that always fails")
def a_step_that_always_fails(context: Context) -> None:
    raise Error("Exception in step")
