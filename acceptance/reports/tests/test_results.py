"""What is read from the files of runs."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cucumber_compatibility_kit.compatibility_kit import CompatibilityKit

from acceptance.evidence.facts import Facts, Place
from acceptance.reports.errors import ReportError
from acceptance.reports.feature_reading import read_features
from acceptance.reports.feature_text import Sentence
from acceptance.reports.results import Result, newest_results, read_results
from acceptance.reports.tests.runs import (
    COMMIT,
    LOCAL,
    NOON,
    PASSED,
    Ending,
    failed,
    write_run,
)

FEATURE = """
Feature: Lists
  Background:
    Given Edith is logged in

  Scenario: Add
    When Edith adds "Buy milk"
    Then Edith's list reads "Buy milk"

  Scenario Outline: Refuse
    When Edith adds <what>
    Then Edith is told why

    Examples:
      | what    |
      | nothing |
      | twice   |
"""

# Of a scenario that never began.
FINISHED = {"testCaseStartedId": "x", "timestamp": {"seconds": 0, "nanos": 0}}
PICTURE = {"testCaseStartedId": "x", "contentEncoding": "BASE64", "mediaType": "image/png"}

# How many scenarios of a sample are skipped, or have no steps.
LEFT_OUT = {
    "all-statuses": 1,
    "empty": 1,
    "failedish-combinations": 1,
    "hooks-skipped": 3,
    "skipped": 2,
    "skipped-exception": 1,
}
KIT = CompatibilityKit().cck_features_folder_location


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = Path("lists.feature")
    file.write_text(FEATURE, encoding="utf-8")
    return file


def result_of(feature: Path, ending: Ending) -> Result:
    """The result of the scenario "Add", when it ends like that."""
    run = write_run(Path("run.ndjson"), [feature], {"Add": ending}, only=["Add"])
    (result,) = read_results([run])
    return result


def refusal(file: Path) -> str:
    """The one line with which a run is refused."""
    with pytest.raises(ReportError) as refused:
        read_results([file])
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_scenario_passes(feature: Path) -> None:
    result = result_of(feature, PASSED)

    assert result.failure is None
    assert result.finished == NOON
    assert result.facts == Facts(
        place=Place.LOCAL,
        site="this machine",
        commit=COMMIT,
        uncommitted=False,
        browser="chromium",
    )


def test_results_are_known_by_what_the_features_say(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature])
    (read,) = read_features([feature])

    assert [result.identity for result in read_results([run])] == [
        example.identity for example in read.examples
    ]


def test_a_failed_scenario_tells_which_sentence_failed_and_why(feature: Path) -> None:
    failure = result_of(feature, failed("It reads nothing.", at=2)).failure

    assert failure is not None
    assert failure.sentence == Sentence("Then", 'Edith\'s list reads "Buy milk"')
    assert failure.why.reason == "It reads nothing."


def test_a_sentence_of_the_background_can_fail(feature: Path) -> None:
    failure = result_of(feature, failed("No session.", at=0)).failure

    assert failure is not None
    assert failure.sentence == Sentence("Given", "Edith is logged in")


def test_an_example_fails_in_its_own_words(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature], {"Refuse": failed("No one knows.", at=1)})
    (_, _, twice) = read_results([run])

    assert twice.failure is not None
    assert twice.failure.sentence == Sentence("When", "Edith adds twice")
    assert twice.identity.example == (("what", "twice"),)


@pytest.mark.parametrize(("hook", "prepared"), [("before", False), ("after", True)])
def test_a_scenario_can_fail_besides_its_sentences(
    feature: Path, hook: str, *, prepared: bool
) -> None:
    failure = result_of(feature, failed("The site is gone.", at=hook)).failure

    assert failure is not None
    assert failure.sentence is None
    assert failure.prepared is prepared


@pytest.mark.parametrize("status", ["UNDEFINED", "PENDING", "AMBIGUOUS"])
def test_a_sentence_without_a_check_fails_and_says_so(feature: Path, status: str) -> None:
    failure = result_of(feature, Ending(status, at=1)).failure

    assert failure is not None
    assert "sentence" in failure.why.reason


def test_a_scenario_that_was_left_out_has_no_result(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature], {"Add": Ending("SKIPPED", at=0)}, only=["Add"])

    assert read_results([run]) == ()


def test_a_scenario_that_was_interrupted_has_no_result(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature], {"Add": Ending(finished=False)}, only=["Add"])

    assert read_results([run]) == ()


def test_only_the_last_of_several_attempts_counts(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature], {"Add": Ending(attempts=3)}, only=["Add"])

    assert len(read_results([run])) == 1


def test_pictures_are_named_after_their_files(feature: Path) -> None:
    result = result_of(feature, Ending(pictures=["What Edith sees.webp", "What Oni sees.webp"]))

    assert [picture.title for picture in result.pictures] == ["What Edith sees", "What Oni sees"]
    assert {picture.media_type for picture in result.pictures} == {"image/webp"}


def test_the_newest_result_wins_in_whatever_order_the_runs_are_given(feature: Path) -> None:
    old = write_run(Path("old.ndjson"), [feature], {"Add": failed("Broken.")})
    later = NOON + timedelta(hours=1)
    new = write_run(Path("new.ndjson"), [feature], at=later, only=["Add"])

    for files in ([old, new], [new, old]):
        newest = newest_results(read_results(files))
        assert {
            (identity.name, result.failure is None, result.finished)
            for (identity, _), result in newest.items()
        } == {("Add", True, later), ("Refuse", True, NOON)}


def test_a_result_is_about_the_sentences_that_it_was_made_with(feature: Path) -> None:
    result = result_of(feature, PASSED)
    as_it_is, other = result.sentences, [*result.sentences]
    other[-1] = Sentence("Then", "Edith sees nothing")

    assert result.is_of(as_it_is)
    assert not result.is_of(tuple(other))
    assert not result.is_of(as_it_is[:-1])
    # Another keyword is another word for the same.
    assert result.is_of((Sentence("*", as_it_is[0].text), *as_it_is[1:]))


def test_a_run_whose_commit_nobody_knows_is_read(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature], facts={**LOCAL, "commit": None})

    assert {result.facts.commit for result in read_results([run])} == {None}


@pytest.mark.parametrize(
    "facts",
    [None, {"place": "local"}, {**LOCAL, "place": "production"}, {"something": "else"}],
    ids=["nothing", "half", "an unknown place", "something else"],
)
def test_a_run_that_does_not_say_where_it_was_made_is_refused(
    feature: Path, facts: dict[str, object] | None
) -> None:
    run = write_run(Path("run.ndjson"), [feature], facts=facts)

    assert refusal(run) == (
        "run.ndjson has no usable results (it does not say where it was run): "
        "run it again with `behave -f messages -o run.ndjson`, or remove the file."
    )


@pytest.mark.parametrize(
    "message",
    [
        {"testCaseStarted": {}},
        {"testCaseFinished": {**FINISHED, "willBeRetried": False}},
        {"testStepFinished": {**FINISHED, "testStepId": "x", "testStepResult": {"status": "LATE"}}},
        {"attachment": {**PICTURE, "body": "no picture"}},
    ],
)
def test_whatever_else_is_wrong_with_a_line_is_told(feature: Path, message: object) -> None:
    run = write_run(Path("run.ndjson"), [feature])
    whole = run.read_text(encoding="utf-8")
    run.write_text(f"{whole}{json.dumps(message)}\n", encoding="utf-8")

    last = whole.count("\n") + 1
    assert refusal(run).startswith(f"run.ndjson has no usable results (line {last}: ")


def test_a_scenario_that_no_feature_of_the_run_has_is_told(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature])
    lines = run.read_text(encoding="utf-8").splitlines()
    run.write_text("\n".join(line for line in lines if "gherkinDocument" not in line))

    assert "which is not in it" in refusal(run)


@pytest.mark.parametrize("sample", sorted(KIT.rglob("*.ndjson")), ids=lambda file: file.stem)
def test_the_runs_of_every_cucumber_can_be_read(sample: Path, tmp_path: Path) -> None:
    attachment = {
        "body": json.dumps(LOCAL),
        "contentEncoding": "IDENTITY",
        "mediaType": "application/json",
        "testRunStartedId": "run",
    }
    text = sample.read_text(encoding="utf-8").rstrip("\n")
    run = tmp_path / "run.ndjson"
    run.write_text(f"{text}\n{json.dumps({'attachment': attachment})}\n", encoding="utf-8")

    messages = [json.loads(line) for line in text.split("\n")]
    retried = sum(
        message.get("testCaseFinished", {}).get("willBeRetried", False) for message in messages
    )
    attempts = sum("testCaseStarted" in message for message in messages)

    results = read_results([run])
    assert len(results) == attempts - retried - LEFT_OUT.get(sample.stem, 0)
