"""Formatters of others, whose errors never end a run."""

import json

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

# Each fails as a common formatter does: behave-html-formatter, allure-behave, behave's own JSON.
FOREIGN = """
from behave.formatter.base import Formatter


class Breaks(Formatter):
    where = "nowhere"

    def __init__(self, stream_opener, config):
        super().__init__(stream_opener, config)
        self.current_step = None
        self.break_in("__init__")

    def break_in(self, method):
        if method == self.where:
            raise KeyError(None)

    def rule(self, rule):
        self.break_in("rule")

    def result(self, step):
        self.break_in("result")

    def eof(self):
        self.break_in("eof")

    def close(self):
        self.break_in("close")


class InInit(Breaks):
    where = "__init__"


class InRule(Breaks):
    where = "rule"


class InResult(Breaks):
    where = "result"


class InEof(Breaks):
    where = "eof"


class InClose(Breaks):
    where = "close"


class InAttachment(Breaks):
    def embedding(self, mime_type, data):
        self.current_step.append(data)
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    made.write(
        "features/one.feature",
        """\
        Feature: One

          Rule: Pictures

            Scenario: Edith has pictures
              Given there are pictures
        """,
    )
    made.write(
        "steps/own_steps.py",
        """
        from behave import step

        @step("there are pictures")
        def pictures(context):
            context.attach("image/png", b"PNG")
            context.attach("text/plain", "no bytes")
        """,
    )
    made.write(
        "environment.py",
        """
        def after_scenario(context, scenario):
            context.attach("image/png", b"LATE")

        def after_all(context):
            context.attach("image/png", b"LATER")
        """,
    )
    made.write("foreign.py", FOREIGN)
    return made


@pytest.mark.parametrize(
    "name",
    [
        *("json", "json.pretty", "plain", "pretty", "progress", "progress2", "progress3"),
        *("rerun", "null", "tags", "tags.location", "steps", "steps.doc", "steps.usage"),
        *("steps.code", "steps.bad", "steps.missing", "sphinx.steps", "captured"),
        "foreign:InAttachment",
    ],
)
def test_an_attachment_never_ends_a_run(suite: Suite, name: str) -> None:
    ended = suite.behave("-f", name, "-o", f"out/{name}", "-f", "progress3", "--junit")

    assert ended.status == 0, ended.output
    assert "1 scenario passed, 0 failed" in ended.output
    reported = [line for line in ended.output.splitlines() if "formatter" in line]
    if name.startswith(("json", "foreign")):
        assert len(reported) == 1
        assert reported[0].startswith(f"The formatter {name} cannot take every attachment (")
        assert reported[0].endswith("), so some are missing in its report.")
    else:
        assert reported == []


def test_the_attachments_that_json_can_take_are_in_it(suite: Suite) -> None:
    suite.behave("-f", "json", "-o", "out.json")

    (feature,) = json.loads((suite.folder / "out.json").read_text("utf-8"))
    (scenario,) = feature["elements"]
    assert scenario["status"] == "passed"
    assert [each["mime_type"] for each in scenario["steps"][0]["embeddings"]] == ["image/png"]


@pytest.mark.parametrize("method", ["rule", "result", "eof", "close"])
def test_a_formatter_that_fails_is_named_and_the_run_continues(suite: Suite, method: str) -> None:
    name = f"foreign:In{method.capitalize()}"
    ended = suite.behave("-f", name, "-f", "progress3", "-o", "-", "-o", "-")

    assert ended.status == 0, ended.output
    assert "1 scenario passed, 0 failed" in ended.output
    assert "Traceback" not in ended.output
    assert ended.output.count("KeyError") == 1
    assert (
        f"The formatter {name} failed in {method} (KeyError: None): the run continues without it."
    ) in ended.output


def test_a_formatter_that_cannot_be_created_is_named(suite: Suite) -> None:
    ended = suite.behave("-f", "foreign:InInit")

    assert (ended.status, ended.output) == (
        1,
        (
            "ConfigError: the formatter foreign:InInit cannot be created (KeyError: None): "
            "name another one after -f."
        ),
    )


def test_a_folder_that_junit_cannot_use_is_named_before_anything_is_run(suite: Suite) -> None:
    (suite.folder / "file").touch()

    ended = suite.behave("--junit", "--junit-directory", "file")

    assert (ended.status, ended.output) == (
        1,
        (
            "JUnit's files cannot be written to file (File exists): "
            "name another folder after --junit-directory."
        ),
    )
