import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest
from jsonschema import Draft202012Validator

from acceptance.reports.tests.behave_runs import Message, Run, run_behave
from acceptance.reports.tests.stream_checks import check_stream
from testbeds import ROOT

SCHEMA = ROOT / "setup/report/node_modules/@cucumber/messages/messages.schema.json"

STEPS = """
from behave import step
from behave.api.pending_step import StepNotImplementedError


@step("it works")
def works(context):
    pass


@step("it is wrong")
def is_wrong(context):
    assert False, "2 is not 3"


@step("it breaks")
def breaks(context):
    raise OSError("no such disk")


@step("it is not written yet")
def is_not_written_yet(context):
    raise StepNotImplementedError("later")


@step("it is skipped")
def is_skipped(context):
    context.scenario.skip("not here")


@step("there is a picture")
def there_is_a_picture(context):
    context.attach('image/webp; name="What Édith sees.webp"', b"RIFF")


@step("{thing} is told")
def is_told(context, thing):
    pass
"""


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    """What Cucumber says that its messages look like."""
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


class RunsFeature(Protocol):
    def __call__(
        self,
        *features: str,
        environment: str = "",
        arguments: Sequence[str] = (),
        runner: str = "acceptance.reports.runner:ReportingRunner",
        variables: dict[str, str] | None = None,
    ) -> Run: ...


@pytest.fixture
def run(tmp_path: Path, schema: Draft202012Validator) -> RunsFeature:
    """Runs features, each of which has messages as they should be."""

    def run_features(
        *features: str,
        environment: str = "",
        arguments: Sequence[str] = (),
        runner: str = "acceptance.reports.runner:ReportingRunner",
        variables: dict[str, str] | None = None,
    ) -> Run:
        (tmp_path / "steps").mkdir(exist_ok=True)
        files = {"steps/steps.py": STEPS, "environment.py": environment} | {
            f"{number}.feature": feature for number, feature in enumerate(features, 1)
        }
        for name, text in files.items():
            (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
        ran = run_behave(tmp_path, ".", *arguments, runner=runner, environment=variables)
        check(ran.messages, schema)
        return ran

    return run_features


def check(messages: Sequence[Message], schema: Draft202012Validator) -> None:
    for message in messages:
        schema.validate(message)
    check_stream(messages)
