"""The messages of runs that go well, badly, and not at all."""

import base64
import json
import platform
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from behave.version import VERSION

from acceptance.evidence.failure import FAILURE, Failure, failure_in
from acceptance.reports.tests.behave_runs import Run, behave
from acceptance.reports.tests.conftest import RunsFeature
from testbeds.scenarios import place_of

PLAIN = "behave.runner:Runner"
ONE_SCENARIO = (place_of("layout", "The home page"),)


def feature(*steps: str) -> str:
    """A feature of one scenario, which begins on line 3."""
    lines = "\n".join(f"    Given {step}" for step in steps)
    return f"Feature: Things\n\n  Scenario: A thing\n{lines}\n"


def failure_attached(run: Run) -> Failure | None:
    """The failure that is attached to the one step or hook that failed."""
    attached = run.one("attachment")
    results = [(each, each["testStepResult"]) for each in run.all("testStepFinished")]
    results += [(each, each["result"]) for each in run.all("testRunHookFinished")]
    (failed,) = (finished for finished, result in results if result["status"] == "FAILED")
    ids = ("testCaseStartedId", "testStepId", "testRunHookStartedId")
    assert [attached.get(each) for each in ids] == [failed.get(each) for each in ids]
    assert (attached["mediaType"], attached["contentEncoding"]) == (FAILURE, "IDENTITY")
    return failure_in(attached["body"])


def verdict(run: Run) -> bool:
    """Whether the run passed, of which behave and the messages have to think the same."""
    told = run.one("testRunFinished")["success"]
    assert told == run.passed
    return bool(told)


def test_it_says_where_it_ran(run: RunsFeature) -> None:
    meta = run(feature("it works")).one("meta")

    assert meta["implementation"] == {"name": "behave", "version": VERSION}
    assert meta["runtime"] == {
        "name": platform.python_implementation(),
        "version": platform.python_version(),
    }
    assert meta["os"]["name"] == platform.system()
    assert meta["cpu"]["name"] == platform.machine()
    assert "ci" not in meta


def test_it_says_on_which_server_it_ran_and_of_which_commit(run: RunsFeature) -> None:
    variables = {
        "GITHUB_SERVER_URL": "https://code.example.com",
        "GITHUB_REPOSITORY": "edith/lists",
        "GITHUB_RUN_ID": "42",
        "GITHUB_SHA": "2436f28fad432a895bfc595bce16e907144b0dc3",
        "GITHUB_REF_NAME": "main",
    }

    told = run(feature("it works"), variables=variables).one("meta")["ci"]

    assert told["url"] == "https://code.example.com/edith/lists/actions/runs/42"
    assert told["git"]["revision"] == variables["GITHUB_SHA"]


def test_half_a_server_is_none(run: RunsFeature) -> None:
    ran = run(feature("it works"), variables={"GITHUB_SHA": "2436f28", "CI": "true"})

    assert "ci" not in ran.one("meta")


def test_the_times_are_true(run: RunsFeature) -> None:
    before = time.time()
    ran = run(feature("it works"))
    after = time.time()

    started = ran.one("testRunStarted")["timestamp"]["seconds"]
    finished = ran.one("testRunFinished")["timestamp"]["seconds"]
    assert int(before) <= started <= finished <= after


def test_a_step_takes_as_long_as_it_takes(run: RunsFeature) -> None:
    environment = """
        from behave import step
        import time

        @step("it takes a while")
        def takes_a_while(context):
            until = time.time() + 0.05
            while time.time() < until:
                pass
    """

    ran = run(feature("it works", "it takes a while"), environment=environment)

    quick, slow = (each["duration"]["nanos"] / 10**9 for each in ran.results())
    assert quick < 0.05 <= slow < 1
    started, finished = (ran.all(f"testStep{each}")[1] for each in ("Started", "Finished"))
    between = finished["timestamp"]["nanos"] - started["timestamp"]["nanos"]
    assert between % 10**9 >= 0.05 * 10**9


@pytest.mark.parametrize(
    ("steps", "statuses", "passed"),
    [
        (["it works"], ["PASSED"], True),
        (["it is wrong", "it works"], ["FAILED", "SKIPPED"], False),
        (["it breaks", "it works"], ["FAILED", "SKIPPED"], False),
        (["it is unheard of", "it works"], ["UNDEFINED", "SKIPPED"], False),
        (["it breaks", "it is unheard of"], ["FAILED", "UNDEFINED"], False),
        (["it is not written yet", "it works"], ["PENDING", "SKIPPED"], False),
        (["it works", "it is skipped", "it works"], ["PASSED", "SKIPPED", "SKIPPED"], True),
    ],
)
@pytest.mark.parametrize("runner", ["acceptance.reports.runner:ReportingRunner", PLAIN])
def test_steps_end_as_behave_says(
    run: RunsFeature, runner: str, steps: list[str], statuses: list[str], *, passed: bool
) -> None:
    ran = run(feature(*steps), runner=runner)

    assert ran.steps() == list(zip(steps, statuses, strict=True))
    assert verdict(ran) is passed


def test_a_wrong_thing_is_told_in_a_sentence(run: RunsFeature) -> None:
    ran = run(feature("it is wrong"))

    (result,) = ran.results()
    assert result["message"] == "ASSERT FAILED: 2 is not 3"
    assert result["exception"]["type"] == "AssertionError"
    assert result["exception"]["message"] == "2 is not 3"
    assert failure_attached(ran) == Failure("2 is not 3")


def test_a_broken_thing_is_told_with_where_it_broke(run: RunsFeature) -> None:
    (result,) = run(feature("it breaks")).results()

    assert result["exception"]["type"] == "OSError"
    assert result["exception"]["message"] == "no such disk"
    assert "in breaks" in result["exception"]["stackTrace"]
    assert result["message"].endswith("OSError: no such disk")


def test_a_skipped_step_says_why(run: RunsFeature) -> None:
    (result,) = run(feature("it is skipped")).results()

    assert result["message"] == "not here"


def test_an_undefined_step_comes_with_a_frame_for_it(run: RunsFeature) -> None:
    ran = run(feature("it isn't there"))

    suggestion = ran.one("suggestion")
    assert suggestion["pickleStepId"] == ran.one("pickle")["steps"][0]["id"]
    (snippet,) = suggestion["snippets"]
    assert snippet["language"] == "python"
    assert "def step_impl(context):" in snippet["code"]


def test_a_pending_step_of_work_in_progress_is_pending_and_fails_nothing(run: RunsFeature) -> None:
    ran = run("@wip\n" + feature("it is not written yet"))

    assert ran.steps() == [("it is not written yet", "PENDING")]
    assert verdict(ran)


@pytest.mark.parametrize("runner", ["acceptance.reports.runner:ReportingRunner", PLAIN])
@pytest.mark.parametrize("arguments", [["--no-skipped"], ["--show-skipped"]])
def test_what_is_left_out_by_its_tag_never_looks_failed(
    run: RunsFeature, arguments: list[str], runner: str
) -> None:
    planned = "@planned\n" + feature("it is unheard of")

    ran = run(feature("it works"), planned, arguments=["--tags=not @planned", *arguments])

    assert {status for _, status in ran.steps()} <= {"PASSED", "SKIPPED"}
    assert verdict(ran)


def test_what_is_left_out_is_told_of_and_not_as_run(run: RunsFeature) -> None:
    planned = "@planned\n" + feature("it is unheard of")
    without_planned = ["--tags=not @planned", "--no-skipped"]

    ran = run(feature("it works"), planned, arguments=without_planned)

    works, is_planned = ran.all("pickle")
    assert is_planned["uri"] == "2.feature"
    assert ran.one("testCase")["pickleId"] == works["id"]


def test_a_dry_run_tells_what_is_undefined_and_fails_nothing_else(run: RunsFeature) -> None:
    ran = run(feature("it is wrong", "it is unheard of"), arguments=["--dry-run"])

    assert ran.steps() == [("it is wrong", "SKIPPED"), ("it is unheard of", "UNDEFINED")]


HOOKS = """
    def {hook}(context, *_):
        raise OSError("no such hook")
"""


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        ("before_scenario", [("before_scenario", "FAILED"), ("it works", "SKIPPED")]),
        ("after_scenario", [("it works", "PASSED"), ("after_scenario", "FAILED")]),
        ("before_tag", [("before_tag", "FAILED"), ("it works", "SKIPPED")]),
        ("after_tag", [("it works", "PASSED"), ("after_tag", "FAILED")]),
        ("before_step", [("it works", "FAILED")]),
        ("after_step", [("it works", "FAILED")]),
    ],
)
def test_a_hook_that_breaks_is_told_with_what_it_said(
    run: RunsFeature, hook: str, expected: list[tuple[str, str]]
) -> None:
    tagged = feature("it works").replace("  Scenario", "  @tag\n  Scenario")

    ran = run(tagged, environment=HOOKS.format(hook=hook))

    assert ran.steps() == expected
    (failed,) = (result for result in ran.results() if result["status"] == "FAILED")
    assert "OSError: no such hook" in failed["message"]
    assert failed["exception"]["message"] == "no such hook"
    assert failure_attached(ran) == Failure("OSError: no such hook")
    assert not verdict(ran)


@pytest.mark.parametrize("hook", ["before_all", "after_all", "before_feature", "after_feature"])
def test_a_hook_of_the_run_that_breaks_is_told_too(run: RunsFeature, hook: str) -> None:
    ran = run(feature("it works"), environment=HOOKS.format(hook=hook))

    result = ran.one("testRunHookFinished")["result"]
    assert ran.one("hook")["name"] == hook
    assert ran.one("testRunHookStarted")["hookId"] == ran.one("hook")["id"]
    assert result["status"] == "FAILED"
    assert result["exception"]["message"] == "no such hook"
    assert failure_attached(ran) == Failure("OSError: no such hook")
    assert not verdict(ran)


@pytest.mark.parametrize("hook", ["before_scenario", "after_scenario"])
def test_behaves_own_runner_tells_less_but_never_better_of_a_hook(
    run: RunsFeature, hook: str
) -> None:
    ran = run(feature("it works"), environment=HOOKS.format(hook=hook), runner=PLAIN)

    (failed,) = (result for result in ran.results() if result["status"] == "FAILED")
    assert "OSError: no such hook" in failed["message"]
    assert not verdict(ran)


CLEANUP = """
    def undo():
        raise OSError("cannot be undone")

    def {hook}(context, *_):
        context.add_cleanup(undo)
"""


@pytest.mark.parametrize("runner", ["acceptance.reports.runner:ReportingRunner", PLAIN])
def test_what_a_scenario_cannot_undo_is_told_with_it(run: RunsFeature, runner: str) -> None:
    environment = CLEANUP.format(hook="before_scenario")

    ran = run(feature("it works"), environment=environment, runner=runner)

    name, status = ran.steps()[-1]
    assert (name, status) == ("Clean-up", "FAILED")
    assert "OSError: cannot be undone" in ran.results()[-1]["message"]
    assert "cannot be undone" in ran.output
    assert not verdict(ran)


def test_what_a_run_cannot_undo_is_told_too(run: RunsFeature) -> None:
    ran = run(feature("it works"), environment=CLEANUP.format(hook="before_all"))

    result = ran.all("testRunHookFinished")[-1]["result"]
    assert result["status"] == "FAILED"
    assert "OSError: cannot be undone" in result["message"]
    assert not verdict(ran)


def test_hooks_that_do_their_work_are_told_in_their_places(run: RunsFeature) -> None:
    environment = "".join(
        f"def {name}(context, *_): pass\n"
        for name in ("before_all", "before_scenario", "after_scenario", "after_feature")
    )

    ran = run(feature("it works"), environment=environment)

    assert ran.steps() == [
        ("before_scenario", "PASSED"),
        ("it works", "PASSED"),
        ("after_scenario", "PASSED"),
    ]
    types = {hook["name"]: hook.get("type") for hook in ran.all("hook")}
    assert types == {
        "before_all": "BEFORE_TEST_RUN",
        "before_scenario": "BEFORE_TEST_CASE",
        "after_scenario": "AFTER_TEST_CASE",
        "after_feature": None,
    }
    assert ran.all("hook")[0]["sourceReference"] == {
        "uri": "environment.py",
        "location": {"line": 1},
    }


def test_a_file_has_a_name_and_stays_with_its_step(run: RunsFeature) -> None:
    ran = run(feature("it works", "there is a picture"))

    picture = ran.one("attachment")
    assert picture["mediaType"] == "image/webp"
    assert picture["fileName"] == "What Édith sees.webp"
    assert picture["contentEncoding"] == "BASE64"
    assert base64.b64decode(picture["body"]) == b"RIFF"
    assert picture["testStepId"] == ran.one("testCase")["testSteps"][1]["id"]
    assert picture["testCaseStartedId"] == ran.one("testCaseStarted")["id"]


ATTACHES = """
    def {hook}(context, *_):
        context.attach("application/json", '{{"place": "löcal"}}'.encode())
"""


@pytest.mark.parametrize(
    ("hook", "step"),
    [
        ("before_scenario", "before_scenario"),
        ("before_step", "it works"),
        ("after_step", "it works"),
        ("after_scenario", "after_scenario"),
    ],
)
@pytest.mark.parametrize("runner", ["acceptance.reports.runner:ReportingRunner", PLAIN])
def test_what_a_hook_attaches_stays_with_it(
    run: RunsFeature, hook: str, step: str, runner: str
) -> None:
    ran = run(feature("it works"), environment=ATTACHES.format(hook=hook), runner=runner)

    attachment = ran.one("attachment")
    assert attachment["contentEncoding"] == "IDENTITY"
    assert json.loads(attachment["body"]) == {"place": "löcal"}
    ids = [each["id"] for each in ran.one("testCase")["testSteps"]]
    assert ran.steps()[ids.index(attachment["testStepId"])] == (step, "PASSED")


@pytest.mark.parametrize("runner", ["acceptance.reports.runner:ReportingRunner", PLAIN])
@pytest.mark.parametrize("hook", ["before_all", "after_all"])
def test_what_the_run_attaches_stays_with_the_run(run: RunsFeature, hook: str, runner: str) -> None:
    ran = run(feature("it works"), environment=ATTACHES.format(hook=hook), runner=runner)

    attachment = ran.one("attachment")
    assert attachment["testRunStartedId"] == ran.one("testRunStarted")["id"]
    assert "testStepId" not in attachment


def test_what_is_attached_is_kept_as_it_was_then(run: RunsFeature) -> None:
    environment = """
        def after_step(context, step):
            drawing = bytearray(b"before")
            context.attach("image/png", drawing)
            drawing[:] = b"after"
    """

    ran = run(feature("it works"), environment=environment)

    assert base64.b64decode(ran.one("attachment")["body"]) == b"before"


def test_text_that_is_no_utf8_is_still_told(run: RunsFeature) -> None:
    environment = """
        def after_step(context, step):
            context.attach("text/plain", b"half a letter: \\xc3")
    """

    ran = run(feature("it works"), environment=environment)

    assert ran.one("attachment")["body"] == "half a letter: \N{REPLACEMENT CHARACTER}"


def test_a_run_that_is_told_to_end_tells_what_it_came_to(run: RunsFeature) -> None:
    environment = """
        from behave import step

        @step("someone presses Ctrl-C")
        def presses(context):
            raise KeyboardInterrupt
    """
    two = (
        feature("someone presses Ctrl-C", "it works") + "\n  Scenario: Never\n    Given it works\n"
    )

    ran = run(two, environment=environment)

    assert ran.steps() == [("someone presses Ctrl-C", "FAILED"), ("it works", "SKIPPED")]
    assert not verdict(ran)


def test_a_scenario_that_is_tried_again_is_told_with_each_attempt(run: RunsFeature) -> None:
    environment = """
        from behave import step
        from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry

        tries = []

        @step("it works the second time")
        def works_the_second_time(context):
            tries.append("again")
            assert len(tries) == 2

        def before_feature(context, feature):
            for scenario in feature.walk_scenarios():
                patch_scenario_with_autoretry(scenario, max_attempts=2)
    """

    ran = run(feature("it works the second time"), environment=environment)

    case = ran.one("testCase")["id"]
    attempts = [(each["testCaseId"], each["attempt"]) for each in ran.all("testCaseStarted")]
    assert attempts == [(case, 0), (case, 1)]
    assert [each["willBeRetried"] for each in ran.all("testCaseFinished")] == [True, False]


EVERYTHING = """\
# language: en
@site
Feature: Lists

  Background:
    Given it works

  Rule: All that is told

    Background:
      Given a background is told

    @first
    Scenario: With a table and a text
      Given a table is told
        | item | done |
        | milk | yes  |
      And a text is told
        \"\"\"
        Buy milk
        \"\"\"

    Scenario Outline: <who> tells <what>
      Given <what> is told

      @some
      Examples: few
        | who   | what |
        | Edith | milk |
      Examples:
        | who | what  |
        | Oni | bread |
"""


def test_backgrounds_rules_outlines_and_tags_are_all_in_their_places(run: RunsFeature) -> None:
    ran = run(EVERYTHING)

    assert [pickle["name"] for pickle in ran.all("pickle")] == [
        "With a table and a text",
        "Edith tells milk",
        "Oni tells bread",
    ]
    assert [[tag["name"] for tag in pickle["tags"]] for pickle in ran.all("pickle")] == [
        ["@site", "@first"],
        ["@site", "@some"],
        ["@site"],
    ]
    cases = [case["pickleId"] for case in ran.all("testCase")]
    assert cases == [pickle["id"] for pickle in ran.all("pickle")]
    background = [("it works", "PASSED"), ("a background is told", "PASSED")]
    assert ran.steps() == [
        *background,
        ("a table is told", "PASSED"),
        ("a text is told", "PASSED"),
        *background,
        ("milk is told", "PASSED"),
        *background,
        ("bread is told", "PASSED"),
    ]
    assert verdict(ran)


def test_it_goes_together_with_what_ci_servers_read(run: RunsFeature, tmp_path: Path) -> None:
    junit = ["--junit", "--junit-directory", str(tmp_path / "junit")]

    ran = run(EVERYTHING, feature("it works", "it is wrong"), arguments=junit)

    suites = [
        ET.parse(file).getroot()  # noqa: S314 (behave has just written it)
        for file in (tmp_path / "junit").iterdir()
    ]
    cases = [case for suite in suites for case in suite.iter("testcase")]
    assert len(cases) == len(ran.all("testCase")) == 4
    (failed,) = (case for case in cases if case.find("failure") is not None)
    assert failed.get("name") == "A thing"


def test_the_documents_of_two_runs_are_the_same_and_nothing_else_is(run: RunsFeature) -> None:
    first, second = run(EVERYTHING), run(EVERYTHING)

    for kind in ("source", "gherkinDocument", "pickle"):
        assert first.all(kind) == second.all(kind)
    for kind in ("testCase", "testRunStarted", "stepDefinition"):
        assert not {each["id"] for each in first.all(kind)} & {
            each["id"] for each in second.all(kind)
        }


def test_a_step_is_told_with_its_definition_and_what_that_finds(run: RunsFeature) -> None:
    ran = run(feature("milk is told"))

    (step,) = ran.one("testCase")["testSteps"]
    (definition,) = step["stepDefinitionIds"]
    told = {each["id"]: each for each in ran.all("stepDefinition")}
    assert told[definition]["sourceReference"]["uri"] == "steps/steps.py"
    (arguments,) = step["stepMatchArgumentsLists"]
    assert arguments["stepMatchArguments"] == [{"group": {"start": 0, "value": "milk"}}]


def test_one_scenario_of_a_feature_can_be_run(run: RunsFeature, tmp_path: Path) -> None:
    two = feature("it works") + "\n  Scenario: Another thing\n    Given it is wrong\n"

    ran = run(two, arguments=["--name", "Another"])

    assert ran.steps() == [("it is wrong", "FAILED")]


def test_a_scenario_without_steps_fails_with_its_background(run: RunsFeature) -> None:
    empty = "Feature: F\n\n  Background:\n    Given it is wrong\n\n  Scenario: Empty\n"

    ran = run(empty)

    assert ran.steps() == [("it is wrong", "FAILED")]
    assert not verdict(ran)


def test_a_feature_that_behave_cannot_read_is_told(run: RunsFeature) -> None:
    ran = run(feature("it works"), "Feature: F\n  Scenario: S\n    Nonsense\n    Given it works\nX")

    error = ran.one("parseError")
    assert error["source"] == {"uri": "2.feature", "location": {"line": 5}}
    assert error["message"] == (
        "behave cannot read 2.feature (line 5: it does not understand 'X'): correct it there."
    )
    assert ran.output.splitlines()[1:] == [error["message"]]
    assert not verdict(ran)


@pytest.mark.parametrize(
    ("name", "reason"), [("", "Is a directory"), ("file/run.ndjson", "its folder is a file")]
)
def test_what_cannot_be_written_is_told_in_a_sentence_and_nothing_is_run(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "file").touch()

    refused = behave(*ONE_SCENARIO, "-f", "messages", "-o", str(tmp_path / name))

    assert refused.returncode == 1
    sentence = (
        f"ConfigError: the messages of the run cannot be written to {tmp_path / name} "
        f"({reason}): name another file after -o."
    )
    assert refused.stdout.splitlines()[1:] == [sentence]


def test_a_disk_that_is_full_ends_the_messages_and_not_the_run() -> None:
    ran = behave(*ONE_SCENARIO, "-f", "messages", "-o", "/dev/full", "-f", "progress3")

    assert ran.returncode == 0, ran.stdout
    (told,) = (line for line in ran.stdout.splitlines() if "end early" in line)
    assert "No space left on device" in told


def test_it_is_known_to_behave_by_its_name() -> None:
    listed = behave("--format", "help").stdout

    assert "messages" in listed
    assert "UNAVAILABLE" not in listed
