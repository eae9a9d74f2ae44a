from behave.model import Scenario
from behave.runner import Context


def before_scenario(context: Context, scenario: Scenario) -> None:
    pass


def after_scenario(context: Context, scenario: Scenario) -> None:
    pass
