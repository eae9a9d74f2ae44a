"""The shards of a run are one run again, or the merge says what they lack."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from acceptance.reports.__main__ import main
from acceptance.reports.errors import ReportError
from acceptance.reports.history.keeping import kept_runs
from acceptance.reports.run_files import RecordedRun, read_run
from acceptance.reports.shards import merge_shards
from acceptance.reports.status import Status
from acceptance.reports.tests.conftest import RunsFeature, check
from acceptance.reports.verdict import troubles as troubles_of

FEATURE = """\
Feature: Lists

  Scenario: One
    Given it works

  Scenario: Two
    Given it works

  Scenario Outline: Three <n>
    Given it works

    Examples:
      | n |
      | 1 |
      | 2 |
"""
ALL = ["One", "Three 1", "Three 2", "Two"]

Shards = Callable[..., RecordedRun]


@pytest.fixture
def shard(run: RunsFeature, tmp_path: Path) -> Shards:
    """Runs a shard of a feature."""

    def run_shard(
        number: str,
        *words: str,
        feature: str = FEATURE,
        commit: str | None = "a" * 40,
        name: str = "",
        runner: str = "acceptance.running.runner:SuiteRunner",
    ) -> RecordedRun:
        facts = {"place": "local", "site": "this machine", "commit": commit}
        environment = f"""
            def before_all(context):
                context.attach("application/json", {json.dumps(facts).encode()!r})
        """
        given = ["-D", f"shard={number}"] if number else []
        ran = run(feature, environment=environment, arguments=[*given, *words], runner=runner)
        file = tmp_path / f"{name or number.replace('/', '-of-')}.ndjson"
        file.write_text("".join(f"{json.dumps(each)}\n" for each in ran.messages), "utf-8")
        return read_run(file)

    return run_shard


def names(run: RecordedRun) -> list[str]:
    pickles = {pickle["id"]: pickle["name"] for pickle in run.all("pickle")}
    return sorted(pickles[case["pickleId"]] for case in run.all("testCase"))


def merged(
    runs: Sequence[RecordedRun], schema: Draft202012Validator
) -> tuple[RecordedRun, list[str]]:
    messages, troubles = merge_shards(runs)
    check([dict(message) for message in messages], schema)
    return RecordedRun(Path("merged.ndjson"), messages), troubles


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_shards_of_a_run_are_that_run(
    shard: Shards, schema: Draft202012Validator, count: int
) -> None:
    shards = [shard(f"{number}/{count}") for number in range(1, count + 1)]

    run, troubles = merged(shards[::-1], schema)

    assert troubles == []
    assert names(run) == ALL
    assert run.place() == "local"
    assert len(run.all("gherkinDocument")) == 1
    assert run.all("testRunFinished")[0]["success"]
    assert list(troubles_of(run)) == []


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (
            (1, 3),
            "Shard 2 of 3 is missing: merge them all, or run again with `behave -D shard=N/3`.",
        ),
        ((1,), "Shards 2, 3 of 3 are missing: "),
    ],
)
def test_a_shard_that_is_missing_is_named_and_the_run_is_no_success(
    shard: Shards, schema: Draft202012Validator, numbers: Sequence[int], sentence: str
) -> None:
    run, troubles = merged([shard(f"{number}/3") for number in numbers], schema)

    assert troubles[0].startswith(sentence)
    assert re.fullmatch(
        r"\d scenarios? (was|were) not run by any of the shards that are here: type `behave "
        r"1\.feature:\d+` for the first\.",
        troubles[1],
    )
    assert not run.all("testRunFinished")[0]["success"]
    # In every report of the run, too.
    assert list(troubles_of(run)) == [f"The run failed: {trouble}" for trouble in troubles]


def test_a_scenario_that_no_shard_came_to_is_named(
    shard: Shards, schema: Draft202012Validator
) -> None:
    first, second = shard("1/2"), shard("2/2")
    kinds = {"testCase", "testCaseStarted", "testCaseFinished"}
    kept = [
        each
        for each in second.messages
        if not kinds & each.keys() and "testCaseStartedId" not in json.dumps(each)
    ]

    _, troubles = merged([first, RecordedRun(second.path, kept)], schema)

    assert len(troubles) == 1
    assert troubles[0].startswith("2 scenarios were not run by any of the shards that are here: ")


def test_a_scenario_that_two_shards_ran_is_named(
    shard: Shards, schema: Draft202012Validator, tmp_path: Path
) -> None:
    times = tmp_path / "times.txt"
    times.write_text("9 1.feature: Two\n0.1 1.feature: One\n", "utf-8")

    _, troubles = merged([shard("1/2"), shard("2/2", "-D", f"shard_times={times}")], schema)

    assert re.fullmatch(
        r"1\.feature:\d+ was run in .*1-of-2\.ndjson and in .*2-of-2\.ndjson.*: give all shards "
        r"the same file with -D shard_times=FILE\.",
        troubles[-1],
    )


def test_a_shard_comes_once(shard: Shards) -> None:
    with pytest.raises(ReportError, match=r"one\.ndjson and .*two\.ndjson are both shard 1 of 2: "):
        merge_shards([shard("1/2", name="one"), shard("1/2", name="two")])


def test_shards_are_of_one_run(shard: Shards) -> None:
    with pytest.raises(ReportError, match=r"is one of 2 shards, and .* one of 3: "):
        merge_shards([shard("1/2"), shard("2/3")])


def test_shards_are_of_one_commit(shard: Shards) -> None:
    with pytest.raises(ReportError, match=f"from commit {'a' * 40}, and .* from {'b' * 40}: "):
        merge_shards([shard("1/2"), shard("2/2", commit="b" * 40)])


def test_shards_are_of_the_same_features(shard: Shards) -> None:
    other = FEATURE.replace("it works", "something is told", 1)
    with pytest.raises(ReportError, match=r"^1\.feature differs between .* and .*: run all"):
        merge_shards([shard("1/2"), shard("2/2", feature=other)])


def test_shards_are_of_the_same_scenarios(shard: Shards) -> None:
    with pytest.raises(ReportError, match="are shards of different scenarios: run all shards on"):
        merge_shards([shard("1/2"), shard("2/2", "-n", "Three")])


def test_a_run_that_is_no_shard_is_refused(shard: Shards) -> None:
    with pytest.raises(ReportError, match=r"plain\.ndjson is not a shard of a run: make one with"):
        merge_shards([shard("", name="plain")])


def test_the_command_writes_a_run_that_is_no_shard_any_more(
    shard: Shards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(shard(f"{number}/2").path) for number in (1, 2)]
    output = tmp_path / "whole.ndjson"

    assert main(["merge", *files, "--output", str(output)]) == 0
    assert names(read_run(output)) == ALL
    assert main(["merge", str(output), "--output", str(output)]) == 1
    assert "is not a shard of a run" in capsys.readouterr().err


def test_the_command_writes_what_there_is_and_is_red(
    shard: Shards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, page = tmp_path / "part.ndjson", tmp_path / "part.html"

    status = main(["merge", str(shard("1/2").path), "--output", str(output), "--page", str(page)])

    assert status == 1
    assert "Shard 2 of 2 is missing: " in capsys.readouterr().err
    assert "Shard 2 of 2 is missing: " in page.read_text("utf-8")
    assert not read_run(output).all("testRunFinished")[0]["success"]


def test_the_shards_of_a_run_are_kept_as_one_run(
    shard: Shards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(shard(number).path) for number in ("1/2", "2/2")]
    output = ["--output", str(tmp_path / "run.ndjson"), "--history", str(tmp_path / "runs")]

    assert main(["merge", *files, *output]) == 0

    (kept,) = kept_runs(tmp_path / "runs").runs
    assert [result.status for result in kept.results] == [Status.PASSED] * len(ALL)


def test_a_merged_run_that_cannot_be_kept_is_written_and_the_command_fails(
    shard: Shards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(shard(number).path) for number in ("1/2", "2/2")]
    run, runs = tmp_path / "run.ndjson", tmp_path / "runs"
    runs.touch()

    assert main(["merge", *files, "--output", str(run), "--history", str(runs)]) == 1

    assert "The run cannot be kept" in capsys.readouterr().err
    assert run.exists()
