"""Several runs told as one."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from acceptance.reports.merging import merge
from acceptance.reports.run_files import RecordedRun
from acceptance.reports.tests.behave_runs import Message
from acceptance.reports.tests.conftest import RunsFeature, check

FEATURE = """\
Feature: Lists

  Scenario: One
    Given it works
    And there is a picture

  Scenario: Two
    Given it {ends}
"""

LOCAL = {"place": "local", "site": "http://localhost:4711"}
STAGING = {"place": "staging", "site": "https://superlists-staging.example.com:8443"}

Records = Callable[..., RecordedRun]


@pytest.fixture
def recorded(run: RunsFeature, tmp_path: Path) -> Records:
    """Runs a feature, of which so much is known as is given."""

    def record(
        *arguments: str, ends: str = "works", facts: Message | None = None, name: str = "run"
    ) -> RecordedRun:
        environment = f"""
            def before_all(context):
                context.attach("application/json", {json.dumps(facts).encode()!r})
        """
        ran = run(FEATURE.format(ends=ends), environment=environment, arguments=arguments)
        return RecordedRun(tmp_path / f"{name}.ndjson", ran.messages)

    return record


@pytest.fixture
def merged(schema: Draft202012Validator) -> Callable[..., RecordedRun]:
    """Merges runs, into messages as they should be."""

    def merge_runs(*runs: RecordedRun) -> RecordedRun:
        messages = merge(runs)
        check([dict(message) for message in messages], schema)
        return RecordedRun(Path("merged.ndjson"), messages)

    return merge_runs


def names(run: RecordedRun) -> list[str]:
    """The scenarios that were run, in order, each with the file that it is in."""
    pickles = {pickle["id"]: pickle for pickle in run.all("pickle")}
    cases = (pickles[case["pickleId"]] for case in run.all("testCase"))
    return [f"{pickle['uri']}: {pickle['name']}" for pickle in cases]


def test_one_run_stays_as_it_is(recorded: Records, merged: Records) -> None:
    one = recorded()

    told = merged(one)

    assert sorted(map(json.dumps, told.messages)) == sorted(map(json.dumps, one.messages))


def test_workers_share_the_documents_and_the_run(recorded: Records, merged: Records) -> None:
    told = merged(recorded("--name", "One", facts=LOCAL), recorded("--name", "Two", facts=LOCAL))

    for kind in ("meta", "source", "gherkinDocument", "testRunStarted", "testRunFinished"):
        assert len(told.all(kind)) == 1, kind
    assert len(told.all("pickle")) == 2
    assert len(told.all("testCaseStarted")) == len(told.all("testCase"))
    assert {"1.feature: One", "1.feature: Two"} == set(names(told))
    assert told.all("testRunFinished")[0]["success"]


def test_places_are_told_apart_by_the_addresses_of_features(
    recorded: Records, merged: Records
) -> None:
    told = merged(recorded(facts=LOCAL), recorded(facts=STAGING))

    host = "superlists-staging.example.com:8443"
    assert names(told) == [
        "local/1.feature: One",
        "local/1.feature: Two",
        f"{host}/1.feature: One",
        f"{host}/1.feature: Two",
    ]
    assert len(told.all("gherkinDocument")) == 2


def test_two_workers_here_and_one_run_there_are_two_places(
    recorded: Records, merged: Records
) -> None:
    told = merged(recorded(facts=LOCAL), recorded(facts=LOCAL), recorded(facts=STAGING))

    assert len(told.all("gherkinDocument")) == 2
    assert len(names(told)) == 6


def test_a_run_that_does_not_say_where_is_told_apart_by_its_file(
    recorded: Records, merged: Records
) -> None:
    told = merged(recorded(facts=LOCAL), recorded(name="yesterday"))

    assert "yesterday/1.feature: One" in names(told)


@pytest.mark.parametrize(
    ("ends", "success"), [(("works", "works"), True), (("works", "is wrong"), False)]
)
def test_all_succeed_only_if_each_does(
    recorded: Records, merged: Records, ends: Sequence[str], *, success: bool
) -> None:
    told = merged(*(recorded(ends=end) for end in ends))

    assert told.all("testRunFinished")[0]["success"] is success


def test_a_run_that_was_interrupted_is_no_success(recorded: Records, merged: Records) -> None:
    interrupted = recorded()
    unfinished = [each for each in interrupted.messages if "testRunFinished" not in each]

    told = merged(recorded(), RecordedRun(Path("interrupted.ndjson"), unfinished))

    assert told.all("testRunFinished")[0]["success"] is False


def test_the_run_lasts_from_the_first_start_to_the_last_end(
    recorded: Records, merged: Records
) -> None:
    first, second = recorded(), recorded()

    told = merged(second, first)

    start, finish = "testRunStarted", "testRunFinished"
    assert told.all(start)[0]["timestamp"] == first.all(start)[0]["timestamp"]
    assert told.all(finish)[0]["timestamp"] == second.all(finish)[0]["timestamp"]
