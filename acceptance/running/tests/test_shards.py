"""Machines with one shard each run every scenario once."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from acceptance.evidence.shard_plan import SHARD, shard_plan_in
from acceptance.running.shards import divide
from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

FEATURES = {
    "one": """\
        Feature: One

          Scenario: Edith waits
            Given it is done

          @slow
          Scenario: Francis waits
            Given it is done

          @planned
          Scenario: Oni will wait
            Given it is done
        """,
    "two": """\
        Feature: Two

          Rule: The first

            Scenario Outline: <name> goes
              Given it is done

              Examples:
                | name    |
                | Edith   |
                | Francis |
                | Oni     |

          Rule: The second

            @slow
            Scenario: Edith comes
              Given it is done
        """,
}
ALL = ["Edith waits", "Francis waits", "Edith goes", "Francis goes", "Oni goes", "Edith comes"]
SLOW = ["Francis waits", "Edith comes"]


@pytest.fixture
def suite(tmp_path: Path, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path, runs)
    for name, text in FEATURES.items():
        made.write(f"features/{name}.feature", text)
    made.write(
        "steps/own_steps.py",
        """
        from behave import step

        @step("it is done")
        def done(context): ...
        """,
    )
    made.write(
        "environment.py",
        """
        def before_all(context):
            print("STARTED")

        def before_scenario(context, scenario):
            with open("ran.txt", "a") as file:
                print(scenario.name.partition(" -- ")[0], file=file)
        """,
    )
    return made


def ran(suite: Suite, *words: str) -> list[str]:
    """Run a suite and return the names of the scenarios that were run."""
    ended = suite.behave(*words)
    assert ended.status == 0, ended.output
    file = suite.folder / "ran.txt"
    names = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return names


@pytest.mark.parametrize("seed", range(50))
def test_each_scenario_is_in_one_part(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same each time)
    count = chance.randint(1, 12)
    names = [f"{chance.randint(0, 30)}" for _ in range(chance.randint(0, 60))]
    times = {name: chance.choice([0.0, chance.random() * 20]) for name in names[::2]}

    parts = divide(names, times, count)

    assert len(parts) == count
    assert Counter(place for part in parts for place in part) == Counter(range(len(names)))
    assert parts == divide(names, dict(reversed(times.items())), count)


@pytest.mark.parametrize("seed", range(50))
def test_no_part_takes_longer_than_another_by_more_than_its_last_scenario(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same each time)
    names = [f"scenario {number}" for number in range(chance.randint(1, 60))]
    times = {name: chance.randint(1, 20_000) / 1000 for name in names}

    parts = divide(names, times, chance.randint(1, 12))

    loads = [[times[names[place]] for place in part] for part in parts]
    lightest = min(map(sum, loads))
    assert all(sum(load) - min(load) <= lightest + 0.001 for load in loads if load)


def test_without_times_parts_have_the_same_number_of_scenarios() -> None:
    parts = divide([f"{number}" for number in range(17)], {}, 5)

    assert sorted(map(len, parts)) == [3, 3, 3, 4, 4]


def test_a_scenario_of_unknown_length_takes_as_long_as_most() -> None:
    parts = divide(["long", "a", "b", "new"], {"long": 3.0, "a": 1.0, "b": 1.0}, 2)

    assert sorted(map(sorted, parts)) == [[0], [1, 2, 3]]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], ALL),
        (["--tags", "@slow"], SLOW),
        (["--tags", "not @slow"], [name for name in ALL if name not in SLOW]),
        (["-n", "Edith"], ["Edith waits", "Edith goes", "Edith comes"]),
        (["features/two.feature:10"], ["Edith goes"]),
        (["@some.txt"], ["Edith waits", "Edith comes"]),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_shards_together_run_the_selected_scenarios(
    suite: Suite, words: list[str], names: list[str], count: int
) -> None:
    suite.write("some.txt", "features/one.feature:3\nfeatures/two.feature:17\n")

    parts = [ran(suite, *words, "-D", f"shard={number}/{count}") for number in range(1, count + 1)]

    assert sorted(name for part in parts for name in part) == sorted(names)
    sizes = sorted(map(len, parts))
    assert sizes[-1] - sizes[0] <= 1


def test_shards_take_equally_long_by_the_given_times(suite: Suite) -> None:
    suite.write(
        "times.txt",
        "9.0 features/one.feature: Edith waits\n1 features/one.feature: Francis waits\n",
    )

    # The machine must not use the times of its own last run.
    for last_run in ("", "99 features/two.feature: The second: Edith comes\n"):
        suite.write("artifacts/scenario_times.txt", last_run)
        assert ran(suite, "-D", "shard=1/2", "-D", "shard_times=times.txt") == ["Edith waits"]


def test_a_run_shows_which_part_it_runs(suite: Suite) -> None:
    ended = suite.behave("-D", "shard=2/4")

    assert "Shard 2 of 4: 2 of 6 scenarios.\n" in ended.output


def test_features_of_other_shards_have_no_heading(suite: Suite) -> None:
    suite.write("times.txt", "9 features/one.feature: Edith waits\n")

    ended = suite.behave("-D", "shard=1/6", "-D", "shard_times=times.txt", "-f", "plain")

    assert "Edith waits" in ended.output
    assert "Two" not in ended.output
    assert "Francis" not in ended.output


@pytest.mark.parametrize("words", [["-n", "Oni"], ["@none.txt"]])
def test_a_shard_without_scenarios_starts_nothing_and_passes(
    suite: Suite, words: Sequence[str]
) -> None:
    suite.write("none.txt", "# Nothing failed.\n")

    ended = suite.behave(*words, "-D", "shard=2/2")

    assert ended.status == 0
    assert "Shard 2 of 2: " in ended.output
    assert "nothing is run" in ended.output
    assert "STARTED" not in ended.output


def test_scenarios_that_do_not_exist_fail_every_shard(suite: Suite) -> None:
    ended = suite.behave("-n", "zzz", "-D", "shard=2/2")

    assert ended.status == 1
    assert ended.output.startswith("No scenario was run: none in features matches -n zzz")


@pytest.mark.parametrize("text", ["0/5", "6/5", "a/b", "1/0", "1", "1/2/3", "-1/2", "1.5/2", ""])
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_an_impossible_shard_is_refused(suite: Suite, text: str, more: list[str]) -> None:
    ended = suite.behave("-D", f"shard={text}", *more)

    sentence = (
        f"-D shard is {text!r}, which cannot be used: give the number of this machine's shard and "
        "the number of shards, such as 2/5."
    )
    assert (ended.status, ended.output) == (1, sentence)


def test_a_file_of_times_that_is_missing_is_refused(suite: Suite) -> None:
    ended = suite.behave("-D", "shard=1/2", "-D", "shard_times=nowhere.txt")

    sentence = (
        "-D shard_times is 'nowhere.txt', which cannot be read (No such file or directory): give a "
        "file with the lines that runs write to artifacts/scenario_times.txt, which may be empty."
    )
    assert (ended.status, ended.output) == (1, sentence)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_messages_of_a_shard_list_once_what_all_shards_run(suite: Suite, jobs: str) -> None:
    suite.behave(
        *("-D", "shard=1/2", "-n", "Edith", "-j", jobs),
        *("-f", "acceptance.reports.formatter:MessagesFormatter", "-o", "run.ndjson"),
    )

    lines = (suite.folder / "run.ndjson").read_text("ascii").splitlines()
    (plan,) = (
        shard_plan_in(message["attachment"]["body"])
        for message in map(json.loads, lines)
        if message.get("attachment", {}).get("mediaType") == SHARD.partition(";")[0]
    )
    assert plan is not None
    assert (plan.shard, plan.shards) == (1, 2)
    assert plan.scenarios == (
        "features/one.feature:3",
        "features/two.feature:10",
        "features/two.feature:17",
    )
