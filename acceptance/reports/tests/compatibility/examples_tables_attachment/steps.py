from pathlib import Path

from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


SAMPLE = Path(__file__).parents[1]


@step("a JPEG image is attached")
def attach_jpeg(context: Context) -> None:
    context.attach("image/jpeg", (SAMPLE / "cucumber.jpeg").read_bytes())


@step("a PNG image is attached")
def attach_png(context: Context) -> None:
    context.attach("image/png", (SAMPLE / "cucumber.png").read_bytes())
