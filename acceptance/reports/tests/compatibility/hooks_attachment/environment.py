from pathlib import Path

from behave.model import Scenario
from behave.runner import Context

PICTURE = Path(__file__).with_name("cucumber.svg")


def before_scenario(context: Context, scenario: Scenario) -> None:
    context.attach("image/svg+xml", PICTURE.read_bytes())


def after_scenario(context: Context, scenario: Scenario) -> None:
    context.attach("image/svg+xml", PICTURE.read_bytes())
