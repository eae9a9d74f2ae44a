"""Runs with odd features, failures and attachments, which are reported all the same."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from acceptance.reports.__main__ import main
from acceptance.reports.attachments import Attached
from acceptance.reports.tests.behave_runs import Run
from acceptance.reports.tests.conftest import RunsFeature

OUTLINE = """\
Feature: Lists
  A text with {separator}a break in it.

  Scenario Outline: <who> starts
    Given it <ends>

    Examples:
      | who     | ends     |
      | Edith   | is wrong |
      | Francis | works    |
      | Oni     | works    |
"""

SEPARATORS = ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r"]


def outcomes(run: Run) -> dict[str, str]:
    """How each scenario ended, by its name."""
    pickles = {pickle["id"]: pickle["name"] for pickle in run.all("pickle")}
    names = {case["id"]: pickles[case["pickleId"]] for case in run.all("testCase")}
    started = {each["id"]: names[each["testCaseId"]] for each in run.all("testCaseStarted")}
    found: dict[str, str] = {}
    for each in run.all("testStepFinished"):
        status = each["testStepResult"]["status"]
        name = started[each["testCaseStartedId"]]
        found[name] = status if status != "PASSED" else found.get(name, status)
    return found


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_wherever_behave_breaks_lines_the_right_example_fails(
    run: RunsFeature, separator: str
) -> None:
    ran = run(OUTLINE.format(separator=separator))

    assert outcomes(ran) == {
        "Edith starts": "FAILED",
        "Francis starts": "PASSED",
        "Oni starts": "PASSED",
    }


def test_what_other_parsers_cannot_read_is_reported_as_behave_ran_it(run: RunsFeature) -> None:
    dutch = """\
        # language: nl
        Functionaliteit: Lijsten
          Regel: Een

            Scenario: One
              Stel it is wrong

            Scenario: Both
              Gegeven a table is told
                | a |
                | b |
                '''json
                []
                '''
    """

    ran = run(dutch)

    assert outcomes(ran) == {"One": "FAILED", "Both": "PASSED"}
    (step,) = ran.all("pickle")[1]["steps"]
    assert step["argument"]["docString"] == {
        # behave takes indents for a part of the text, where a table comes before it.
        "content": "        []",
        "mediaType": "json",
    }
    assert [row["cells"][0]["value"] for row in step["argument"]["dataTable"]["rows"]] == ["a", "b"]


def test_what_a_hook_makes_of_a_scenario_is_reported_as_it_was_run(run: RunsFeature) -> None:
    environment = """
        def before_scenario(context, scenario):
            scenario.steps[0].name = "it is wrong"
    """

    ran = run("Feature: F\n  Scenario: One\n    Given it works\n", environment=environment)

    assert ran.steps() == [("before_scenario", "PASSED"), ("it is wrong", "FAILED")]
    assert [each["uri"] for each in ran.all("gherkinDocument")] == ["1.feature", "1.feature#2"]


def test_a_scenario_that_runs_twice_is_reported_twice(run: RunsFeature, tmp_path: Path) -> None:
    environment = """
        from behave import step

        tries = []

        @step("it works once")
        def works_once(context):
            tries.append("again")
            assert len(tries) == 1, "once was enough"
    """
    one = "Feature: F\n  Scenario: One\n    Given it works once\n"

    ran = run(one, "Feature: G\n", environment=environment, arguments=["1.feature"])

    assert [status for _, status in ran.steps()] == ["PASSED", "FAILED"]
    assert [each["uri"] for each in ran.all("pickle")] == ["1.feature", "1.feature#2"]


def test_a_scenario_that_cannot_be_reported_is_named_and_fails_the_run(run: RunsFeature) -> None:
    environment = """
        def after_scenario(context, scenario):
            if scenario.name == "One":
                scenario.feature = None
                scenario.steps.append(scenario.steps[0])
    """
    two = "Feature: F\n  Scenario: One\n    Given it works\n  Scenario: Two\n    Given it works\n"

    ran = run(two, environment=environment)

    assert outcomes(ran) == {"Two": "PASSED"}
    sentence = "1.feature:2 (One: passed) is missing from the report (ValueError: it belongs to no"
    assert sentence in ran.output
    (result,) = (
        each["result"]
        for each in ran.all("testRunHookFinished")
        if each["result"]["status"] == "FAILED"
    )
    assert sentence in result["message"]
    assert not ran.passed
    assert not ran.one("testRunFinished")["success"]


ATTACHING = """
    def before_scenario(context, scenario):
        context.attach({media_type}, {data})

    def after_scenario(context, scenario):
        context.attach("text/plain", b"still there")
"""


@pytest.mark.parametrize(
    ("media_type", "data", "body"),
    [
        ("'text/plain'", "None", "is a NoneType, and only text and bytes"),
        ("'image/png'", "{'a': 1}", "attached here as image/png that cannot be shown"),
        ("None", "b''", "as None, which is not a media type"),
        ("'pictures'", "b''", "as 'pictures', which is not a media type"),
        ("'text/plain\\r\\nx: y'", "b''", "which is not a media type"),
        ("'text/plain; charset=iso-8859-1'", "b'caf\\xe9'", "café"),
        ("'text/html; charset=\"utf-16\"'", "'café'.encode('utf-16')", "café"),
        ("'text/plain; charset=klingon'", "'café'.encode()", "café"),
        ("'text/plain; charset=base64'", "'café'.encode()", "café"),
        ("'text/plain'", "'caf\\udce9'", r"caf\udce9"),
        ("'text/plain; name=\"\\udce9\"'", "bytearray(b'x')", "x"),
    ],
)
def test_an_attachment_that_cannot_be_is_reported_as_that_and_the_rest_goes_on(
    run: RunsFeature, media_type: str, data: str, body: str
) -> None:
    environment = ATTACHING.format(media_type=media_type, data=data)

    ran = run("Feature: F\n  Scenario: One\n    Given it works\n", environment=environment)

    first, last = ran.all("attachment")
    assert body in first["body"]
    assert "charset" not in first["mediaType"]
    assert last["body"] == "still there"
    assert ran.passed, ran.output


def test_bytes_of_no_known_kind_stay_as_they_are() -> None:
    message = Attached.of("application/x-thing; charset=binary", b"\xff", 0).message()

    assert message.media_type == 'application/x-thing; charset="binary"'
    assert message.body == "/w=="


TEXT = "caf\udce9 \x1b[31m \0 \uffff ]]> \N{PARTY POPPER}"


def test_text_that_no_file_can_hold_is_shown_as_far_as_it_can_be(
    run: RunsFeature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = f"""
        from behave import step

        @step("it says so")
        def says_so(context):
            print({TEXT!a})
            assert False, {TEXT!a}

        def before_all(context):
            facts = b'{{"place": "local", "site": "here", "commit": null, "browser": "none"}}'
            for formatter in context._runner.formatters:
                if formatter.name == "messages":
                    formatter.embedding("application/json", facts)
    """
    odd = 'Feature: \x1b[31m \uffff\n  Scenario: ]]> \x01 <&"\n    Given it says so\n'
    junit = tmp_path / "junit"
    more = ["-f", "plain", "-o", "plain.txt", "-f", "json", "-o", "run.json"]

    ran = run(
        odd,
        environment=environment,
        arguments=["-o", "-", *more, "--junit", "--junit-directory", str(junit)],
        # As if no one has set up a language.
        variables={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )

    assert ran.steps() == [("it says so", "FAILED")]
    assert ran.results()[0]["exception"]["message"].startswith(r"caf\udce9")
    assert r"caf\udce9" in ran.output
    assert r"caf\udce9" in (tmp_path / "plain.txt").read_text("utf-8")
    (file,) = junit.iterdir()
    suite = ET.parse(file).getroot()  # noqa: S314 (behave has just written it)
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.attrib["message"] == "cafU+DCE9  U+0000 U+FFFF ]]> \N{PARTY POPPER}"
    output = tmp_path / "it.html"
    monkeypatch.chdir(tmp_path)
    arguments = ["--features", "1.feature", "--output", str(output)]
    assert main(["specification", "run.ndjson", *arguments]) == 0
    assert r"Caf\udce9" in output.read_text("utf-8")
    assert main(["html", str(tmp_path / "run.ndjson"), "--output", str(output)]) == 0
    assert json.dumps(r"caf\udce9")[1:-1] in output.read_text("utf-8")


UNREADABLE = {
    "latin": "Feature: Café\n".encode("latin-1"),
    "language": b"# language: xx\nFeature: F\n",
    "empty": b"",
    "mark": "\ufeffFeature: F\n".encode(),
    "wide": "Feature: F\n".encode("utf-16"),
    "syntax": b"Feature: F\n  Nonsense:\n  Scenario: S\n    Given x\n    Nonsense\n",
}


def test_features_that_behave_cannot_read_are_named_each_and_the_page_says_so(
    run: RunsFeature, tmp_path: Path
) -> None:
    for name, content in UNREADABLE.items():
        (tmp_path / f"{name}.feature").write_bytes(content)

    ran = run("Feature: F\n  Scenario: One\n    Given it works\n")

    sentences = ran.output.splitlines()[1:]
    assert [sentence.split()[3] for sentence in sentences] == [
        f"{name}.feature" for name in sorted(UNREADABLE)
    ]
    assert [error["message"] for error in ran.all("parseError")] == sentences
    assert not ran.passed
    output = tmp_path / "it.html"
    main(["html", str(tmp_path / "run.ndjson"), "--output", str(output)])
    assert "<h1>This run failed.</h1>" in output.read_text("utf-8")
    for sentence in sentences:
        assert sentence.replace("'", "&#x27;") in output.read_text("utf-8")


def test_the_page_of_a_run_that_failed_besides_its_scenarios_says_so(
    run: RunsFeature, tmp_path: Path
) -> None:
    environment = """
        def after_all(context):
            raise AssertionError("the server is still there")
    """
    run("Feature: F\n  Scenario: One\n    Given it works\n", environment=environment)

    output = tmp_path / "it.html"
    main(["html", str(tmp_path / "run.ndjson"), "--output", str(output)])

    assert "after_all failed: the server is still there" in output.read_text("utf-8")


def test_the_page_of_a_run_that_was_killed_says_so(run: RunsFeature, tmp_path: Path) -> None:
    run("Feature: F\n  Scenario: One\n    Given it works\n")
    file = tmp_path / "run.ndjson"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")

    output = tmp_path / "it.html"
    main(["html", str(file), "--output", str(output)])

    assert "This run failed" in output.read_text("utf-8")
    assert "The run ended early" in output.read_text("utf-8")


def test_the_page_of_a_run_that_passed_has_no_such_thing(run: RunsFeature, tmp_path: Path) -> None:
    run("Feature: F\n  Scenario: One\n    Given it works\n")

    output = tmp_path / "it.html"
    main(["html", str(tmp_path / "run.ndjson"), "--output", str(output)])

    assert "This run failed" not in output.read_text("utf-8")
