from pathlib import Path

from behave import step
from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions
from behave.runner import Context

use_step_matcher_for_cucumber_expressions()


class Error(Exception):
    pass


SAMPLE = Path(__file__).parents[1]


@step("the string {string} is attached as {string}")
def attach(context: Context, text: str, media_type: str) -> None:
    context.attach(media_type, text.encode())


@step("the string {string} is logged")
def log(context: Context, text: str) -> None:
    context.attach("text/x.cucumber.log+plain", text.encode())


@step("text with ANSI escapes is logged")
def log_in_colour(context: Context) -> None:
    colours = zip("rainbow", (31, 91, 33, 32, 34, 95, 35), strict=True)
    rainbow = "".join(f"\x1b[{number}m{letter}\x1b[0m" for letter, number in colours)
    context.attach("text/x.cucumber.log+plain", f"This displays a {rainbow}".encode())


@step("the following string is attached as {string}:")
def attach_text(context: Context, media_type: str) -> None:
    assert context.text
    context.attach(media_type, context.text.encode())


@step("an array with {int} bytes is attached as {string}")
def attach_bytes(context: Context, length: int, media_type: str) -> None:
    context.attach(media_type, bytes(range(length)))


@step("a PDF document is attached and renamed")
def attach_document(context: Context) -> None:
    document = (SAMPLE / "document.pdf").read_bytes()
    context.attach('application/pdf; name="renamed.pdf"', document)


@step("a link to {string} is attached")
def link(context: Context, address: str) -> None:
    context.attach("text/uri-list", address.encode())


@step("the string {string} is attached as {string} before a failure")
def attach_and_fail(context: Context, text: str, media_type: str) -> None:
    context.attach(media_type, text.encode())
    raise Error("whoops")
