from behave.model import Scenario
from behave.runner import Context


class Error(Exception):
    pass


def after_scenario(context: Context, scenario: Scenario) -> None:
    raise Error("whoops")
