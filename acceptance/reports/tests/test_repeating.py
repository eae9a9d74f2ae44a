"""Scenarios that were run again: the new result counts, and the old one stays readable."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from acceptance.evidence.facts import Place
from acceptance.reports.errors import ReportError
from acceptance.reports.history.keeping import file_name
from acceptance.reports.history.record import past_runs
from acceptance.reports.page import page
from acceptance.reports.repeating import Attempts, attempts_in, failed_places, repeated
from acceptance.reports.results import results_of
from acceptance.reports.run_files import RecordedRun
from acceptance.reports.tests.conftest import RunsFeature, check

FEATURE = """\
Feature: Lists

  Scenario: One
    Given it works

  Scenario: Two
    Given it depends

  Scenario Outline: Three
    Given it <ends>

    Examples:
      | ends    |
      | works   |
      | depends |
"""
HOOKS = """
import os
from behave import step

@step("it depends")
def depends(context):
    assert os.environ["SHALL"] == "pass", "2 is not 3"

def before_all(context):
    context.attach("application/json", b'{"place": "local", "site": "this machine", "commit": null,'
        b' "uncommitted": false, "browser": ""}')

def after_all(context):
    assert os.environ.get("AFTER") != "fail"
"""

Runs = Callable[..., RecordedRun]


@pytest.fixture
def recorded(run: RunsFeature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Runs the feature, or places in it."""
    monkeypatch.chdir(tmp_path)

    def record(shall: str, *places: str, after: str = "") -> RecordedRun:
        ran = run(
            FEATURE,
            environment=HOOKS,
            arguments=[word for place in places for word in ("--name", place)],
            variables={"SHALL": shall, "AFTER": after},
        )
        return RecordedRun(Path("run.ndjson"), ran.messages)

    return record


def both(before: RecordedRun, again: RecordedRun, schema: Draft202012Validator) -> RecordedRun:
    messages = repeated(before, again)
    check([dict(message) for message in messages], schema)
    return RecordedRun(Path("both.ndjson"), messages)


def success(run: RecordedRun) -> bool:
    (end,) = run.all("testRunFinished")
    return bool(end["success"])


def test_what_failed_is_found_where_it_stands(recorded: Runs) -> None:
    assert failed_places(recorded("fail")) == ["1.feature:6", "1.feature:15"]
    assert failed_places(recorded("pass")) == []


def test_a_feature_that_has_changed_since_is_not_run_again(recorded: Runs) -> None:
    run = recorded("fail")
    Path("1.feature").write_text(f"# More\n{FEATURE}", encoding="utf-8")

    with pytest.raises(ReportError, match="has changed since"):
        failed_places(run)


def test_a_failure_that_passes_when_repeated_passed(
    recorded: Runs, schema: Draft202012Validator
) -> None:
    told = both(recorded("fail"), recorded("pass", "Two", "Three"), schema)

    assert success(told)
    assert sorted(attempts_in(told.messages), key=lambda each: each.name) == [
        Attempts("Three", (False, True)),
        Attempts("Three", (True, True)),
        Attempts("Two", (False, True)),
    ]
    assert [bool(result.failure) for result in results_of(told)] == [False] * 4
    (two,) = (each for each in results_of(told) if each.identity.name == "Two")
    assert [failure and failure.why.reason for failure in two.before] == ["2 is not 3"]
    assert two.facts.place is Place.LOCAL


def test_what_was_not_repeated_stays_failed(recorded: Runs, schema: Draft202012Validator) -> None:
    told = both(recorded("fail"), recorded("pass", "Two"), schema)

    assert not success(told)
    assert failed_places(told) == ["1.feature:15"]


def test_what_fails_again_has_failed_and_can_be_run_once_more(
    recorded: Runs, schema: Draft202012Validator
) -> None:
    twice = both(recorded("fail"), recorded("fail", "Two"), schema)
    assert Attempts("Two", (False, False)) in attempts_in(twice.messages)

    told = both(twice, recorded("pass", "Two"), schema)

    assert attempts_in(told.messages) == [Attempts("Two", (False, False, True))]
    attempts = {start["id"]: start["attempt"] for start in told.all("testCaseStarted")}
    last = [end for end in told.all("testCaseFinished") if not end["willBeRetried"]]
    assert sorted(attempts[end["testCaseStartedId"]] for end in last) == [0, 0, 0, 2]


def test_what_failed_besides_scenarios_cannot_be_mended(
    recorded: Runs, schema: Draft202012Validator
) -> None:
    told = both(recorded("fail", after="fail"), recorded("pass", "Two", "Three"), schema)

    assert not success(told)


def test_the_page_says_what_was_run_again(recorded: Runs, schema: Draft202012Validator) -> None:
    told = both(recorded("fail"), recorded("pass", "Two"), schema)

    shown = page(told.messages, "Lists")

    assert "<h1>Run again:</h1>" in shown
    assert "<li>Two: failed, then passed when repeated</li>" in shown
    assert "<li>Two:" not in page(recorded("fail").messages, "Lists")


def test_the_kept_run_has_both_results_and_the_name_of_the_first(
    recorded: Runs, schema: Draft202012Validator
) -> None:
    before = recorded("fail")
    (first,) = past_runs([before])
    (again,) = past_runs([both(before, recorded("pass", "Two"), schema)])

    assert file_name(again) == file_name(first)
    assert {each.identity.name: each.earlier for each in again.results if each.is_unsteady} == {
        "Two": (False,)
    }
