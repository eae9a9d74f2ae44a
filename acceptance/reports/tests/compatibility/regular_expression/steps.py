from behave import step
from behave.matchers import use_step_matcher
from behave.runner import Context

use_step_matcher("re0")


@step("^a (.*?)(?: and a (.*?))?(?: and a (.*?))?$")
def vegetables(context: Context, *names: str | None) -> None:
    pass
