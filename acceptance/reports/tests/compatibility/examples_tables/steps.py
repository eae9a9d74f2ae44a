from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


@step("there are {int} cucumbers")
def there_are_cucumbers(context: Context, count: int) -> None:
    context.count = count


@step("there are {int} friends")
def there_are_friends(context: Context, friends: int) -> None:
    context.friends = friends


@step("I eat {int} cucumbers")
def i_eat_cucumbers(context: Context, eaten: int) -> None:
    context.count -= eaten


@step("I should have {int} cucumbers")
def i_should_have_cucumbers(context: Context, left: int) -> None:
    assert context.count == left, (
        f"Expected values to be strictly equal:\n\n{context.count} !== {left}\n"
    )


@step("each person can eat {int} cucumbers")
def each_person_can_eat_cucumbers(context: Context, share: int) -> None:
    assert context.count // (1 + context.friends) == share
