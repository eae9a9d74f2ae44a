"""Whatever features say, a report says of each scenario and step what behave's own JSON says.

GENERATED_FEATURES=20000 GENERATED_FROM=1000 pytest … tries more of them than a test run can.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import pytest
from behave.parser import ParserError, State, parse_feature

from acceptance.reports.documents import read_document
from acceptance.reports.feature_files import UnreadableFeatureError, parsed
from acceptance.reports.feature_reading import by_nodes, feature_text
from acceptance.reports.results import read_results
from acceptance.reports.tests.behave_runs import Message, Run, run_behave
from acceptance.reports.tests.generated_features import features
from acceptance.reports.tests.runs import LOCAL

COUNT = int(os.environ.get("GENERATED_FEATURES", "200"))
FIRST = int(os.environ.get("GENERATED_FROM", "1"))

STEPS = """
from behave import step, use_step_matcher
from behave.api.pending_step import StepNotImplementedError

use_step_matcher("re")

@step("pass.*")
def passes(context): pass

@step("fail.*")
def fails(context): assert False, "caf\\udce9 \\x1b[31m \\0 ]]> \\uffff"

@step("break.*")
def breaks(context): raise KeyError("caf\\udce9")

@step("skip")
def skips(context): context.scenario.skip("not \\udce9 here")

@step("pend")
def pends(context): raise StepNotImplementedError("later")
"""

ENVIRONMENT = """
from copy import deepcopy

def before_feature(context, feature):
    for scenario in feature.walk_scenarios(with_outlines=True):
        tables = [each.table for each in getattr(scenario, "examples", []) if each.table]
        if "example_added" in scenario.tags and tables:
            tables[0].add_row(["hook", "fail"], tables[0].line)

def before_scenario(context, scenario):
    if "step_added" in scenario.effective_tags and scenario.steps:
        scenario.steps.append(deepcopy(scenario.steps[0]))
    if "step_renamed" in scenario.effective_tags and scenario.steps:
        scenario.steps[0].name = "fail"
"""

STATUSES = {
    "passed": {"PASSED"},
    "failed": {"FAILED"},
    "error": {"FAILED"},
    "undefined": {"UNDEFINED"},
    "pending": {"PENDING"},
    "pending_warn": {"PENDING"},
    "skipped": {"SKIPPED"},
    # behave does not come to these, and looks only whether they are defined.
    "untested": {"SKIPPED", "UNDEFINED"},
}
FAILURES = {"FAILED", "UNDEFINED", "PENDING"}
NOT_RUN = {"untested", "skipped"}


@dataclass(frozen=True)
class Played:
    """A run of generated features, as messages have it and as behave's own JSON has it."""

    folder: Path
    run: Run
    said: list[Message]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "steps").mkdir()
    (folder / "steps" / "steps.py").write_text(STEPS, encoding="utf-8")
    (folder / "environment.py").write_text(ENVIRONMENT, encoding="utf-8")
    names = []
    for number, text in enumerate(features(FIRST, COUNT), FIRST):
        file = folder / f"{number}.feature"
        file.write_bytes(text.encode())
        try:
            parsed(file)
        except UnreadableFeatureError:
            file.rename(file.with_suffix(".unreadable"))
        else:
            names.append(file.name)
    # Some twice, but not one after the other, which behave would put together.
    again = [name for name in names if int(name.partition(".")[0]) % 10 == 0]
    outputs = ("-o", "-", "-f", "json", "-o", "said.json")
    run = run_behave(folder, *outputs, *names, *again)
    said = json.loads((folder / "said.json").read_text("utf-8"))
    return Played(folder, run, said)


def scenarios_said(said: list[Message]) -> Iterator[tuple[str, Message]]:
    """The scenarios of behave's JSON, each with the file and line where it is."""
    for feature in said:
        elements = feature.get("elements", [])
        for index, element in enumerate(elements):
            if element["type"] != "background":
                # behave writes the status of what comes before a background into that.
                behind = takewhile(lambda each: each["type"] == "background", elements[index + 1 :])
                found = (each.get("status") for each in [element, *behind])
                yield element["location"], {**element, "status": next(filter(None, found))}


def cases(run: Run) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The scenarios of messages: the file and line, and the steps with how they ended."""
    pickles = {pickle["id"]: pickle for pickle in run.all("pickle")}
    steps = {step["id"]: step for case in run.all("testCase") for step in case["testSteps"]}
    texts = {step["id"]: step["text"] for each in pickles.values() for step in each["steps"]}
    ended: dict[str, list[tuple[str, str]]] = {}
    for each in run.all("testStepFinished"):
        step = texts.get(steps[each["testStepId"]].get("pickleStepId", ""))
        if step is not None:
            status = each["testStepResult"]["status"]
            ended.setdefault(each["testCaseStartedId"], []).append((step, status))
    of_cases = {case["id"]: pickles[case["pickleId"]] for case in run.all("testCase")}
    for started in run.all("testCaseStarted"):
        pickle = of_cases[started["testCaseId"]]
        place = f"{pickle['uri'].partition('#')[0]}:{pickle['location']['line']}"
        yield place, ended.get(started["id"], [])


def test_most_features_can_be_read(played: Played) -> None:
    assert len(list(played.folder.glob("*.feature"))) > COUNT / 3
    assert len(list(played.folder.glob("*.unreadable"))) > COUNT / 100


def test_what_is_refused_is_what_behave_cannot_read(played: Played) -> None:
    for file in played.folder.glob("*.unreadable"):
        text = file.read_bytes().decode()
        try:
            feature = parse_feature(text, None, "x.feature")
        except (ParserError, KeyError, AttributeError, TypeError, ValueError, AssertionError):
            continue
        assert feature is None or feature.parser.state is State.MULTILINE_TEXT, file


def test_each_scenario_is_reported_as_often_as_it_was_run(played: Played) -> None:
    said = Counter(
        place for place, each in scenarios_said(played.said) if each["status"] not in NOT_RUN
    )
    reported = Counter(place for place, _ in cases(played.run))

    assert said - reported == Counter()
    every = Counter(place for place, _ in scenarios_said(played.said))
    assert reported - every == Counter()


def test_each_step_ended_as_behave_says(played: Played) -> None:
    said: dict[str, list[list[tuple[str, str]]]] = {}
    for place, element in scenarios_said(played.said):
        steps = [
            (step["name"], step.get("result", {}).get("status", "untested"))
            for step in element["steps"]
        ]
        said.setdefault(place, []).append(steps)
    compared = 0
    for place, steps in cases(played.run):
        expected = said[place].pop(0)
        assert [name for name, _ in steps] == [name for name, _ in expected], place
        for (name, status), (_, behaves) in zip(steps, expected, strict=True):
            assert status in STATUSES[behaves], (place, name)
            compared += 1
    assert compared > COUNT


def test_a_scenario_failed_where_behave_says_so(played: Played) -> None:
    said: dict[str, list[str]] = {}
    for place, element in scenarios_said(played.said):
        said.setdefault(place, []).append(element["status"])
    for place, steps in cases(played.run):
        status = said[place].pop(0)
        failed = any(each in FAILURES for _, each in steps)
        # What is pending in work in progress (@wip) fails nothing to behave.
        pending = any(each == "PENDING" for _, each in steps)
        behaves = status not in {"passed", "skipped", "untested"}
        assert failed == behaves or (pending and not behaves), (place, status)


def test_the_run_failed_and_nothing_is_missing(played: Played) -> None:
    assert not played.run.one("testRunFinished")["success"]
    assert "missing from the report" not in played.run.output
    assert "end early" not in played.run.output


def test_the_specification_says_the_same(played: Played) -> None:
    attachment = {
        "body": json.dumps(LOCAL),
        "contentEncoding": "IDENTITY",
        "mediaType": "application/json",
        "testRunStartedId": played.run.one("testRunStarted")["id"],
    }
    file = played.folder / "run.ndjson"
    messages = [*played.run.messages, {"attachment": attachment}]
    file.write_text("".join(f"{json.dumps(each)}\n" for each in messages), encoding="utf-8")
    results = {result.identity: result for result in read_results([file])}
    failed: dict[str, bool] = {}
    for place, steps in cases(played.run):
        failed[place] = failed.get(place, False) or any(each in FAILURES for _, each in steps)
    compared = 0
    for feature in played.folder.glob("*.feature"):
        document = read_document(str(feature))
        text = feature_text(document.tree, by_nodes(pickle for _, pickle in document.pickles))
        for (scenario, pickle), example in zip(document.pickles, text.examples, strict=True):
            result = results.get(replace(example.identity, uri=feature.name))
            place = f"{feature.name}:{scenario.line}"
            if result is not None:
                assert (result.failure is not None) == failed[place], place
                compared += 1
            else:
                assert not failed.get(place), (place, pickle.name)
    assert compared > COUNT / 2
