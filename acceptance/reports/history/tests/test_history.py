"""Since when something has been failing, what is flaky, and what was called otherwise."""

from acceptance.evidence.facts import Place
from acceptance.reports.history.history import RECENT, FailingSince, Flakiness, History
from acceptance.reports.history.past_run import PastRun
from acceptance.reports.history.tests.past_runs import (
    DAY,
    NOON,
    example,
    identity,
    past_run,
    result,
)

NOW = NOON + 100 * DAY


def history(*runs: PastRun, now: tuple[str, ...] = ("Start",)) -> History:
    return History(runs, [example(name) for name in now], NOW)


def failing(*runs: PastRun, place: Place = Place.LOCAL) -> FailingSince | None:
    return history(*runs).failing_since(identity("Start"), place)


def flaky(*runs: PastRun) -> Flakiness | None:
    return history(*runs).flakiness(identity("Start"), Place.LOCAL)


def test_it_has_been_failing_since_the_first_run_after_the_last_that_passed() -> None:
    runs = [past_run(day, Start=end) for day, end in enumerate(["failed", "passed", "failed"])]
    again = past_run(3, Start="failed")

    assert failing(*runs, again) == FailingSince(runs[2], 2, runs[1])


def test_runs_in_which_it_was_left_out_do_not_matter() -> None:
    first, passed, again = (
        past_run(1, Start="failed"),
        past_run(0, Start="passed"),
        past_run(3, Start="failed"),
    )

    since = failing(
        passed, first, past_run(2, Start="left out"), past_run(4, Other="passed"), again
    )

    assert since == FailingSince(first, 2, passed)


def test_it_may_have_been_failing_for_longer_than_runs_are_kept() -> None:
    first = past_run(0, Start="failed")

    assert failing(first, past_run(1, Start="failed")) == FailingSince(first, 2, None)


def test_what_passed_last_is_not_failing() -> None:
    assert failing(past_run(0, Start="failed"), past_run(1, Start="passed")) is None
    assert failing() is None


def test_each_place_has_its_own_history() -> None:
    here, there = past_run(0, Start="failed"), past_run(1, Start="failed", place=Place.STAGING)
    passes = past_run(2, Start="passed", place=Place.STAGING)

    assert failing(here, there, passes) == FailingSince(here, 1, None)
    assert failing(here, there, passes, place=Place.STAGING) is None


def test_the_order_in_which_runs_are_read_does_not_matter() -> None:
    failed, passed = past_run(0, Start="failed"), past_run(1, Start="passed")

    assert failing(passed, failed) is None


def test_a_run_that_is_dated_in_the_future_counts_as_the_oldest() -> None:
    ahead = past_run(1000, Start="passed")
    failed = past_run(0, Start="failed")
    found = history(ahead, failed)

    assert found.failing_since(identity("Start"), Place.LOCAL) == FailingSince(failed, 1, ahead)
    assert found.misdated == (ahead,)


def test_what_fails_and_passes_at_one_commit_is_flaky() -> None:
    runs = [
        past_run(day, Start=end, commit="a" * 40)
        for day, end in enumerate(["passed", "failed", "passed"])
    ]

    assert flaky(*runs) == Flakiness(1, 3, runs[1])


def test_what_a_commit_broke_is_not_flaky() -> None:
    assert flaky(past_run(0, Start="passed"), past_run(1, Start="failed")) is None


def test_nothing_is_known_of_changes_that_were_not_committed() -> None:
    runs = [
        past_run(day, Start=end, commit="a" * 40, uncommitted=True)
        for day, end in enumerate(["passed", "failed"])
    ]

    assert flaky(*runs) is None


def test_what_passed_when_it_was_repeated_is_flaky() -> None:
    run = past_run(0, result("Start", "passed", earlier=(False,)))

    assert flaky(run, past_run(1, Start="passed")) == Flakiness(1, 2, run)


def test_what_failed_each_time_it_was_repeated_is_not_flaky() -> None:
    assert flaky(past_run(0, result("Start", "failed", earlier=(False, False)))) is None


def test_what_was_flaky_long_ago_is_so_no_longer() -> None:
    flaky_once = past_run(0, result("Start", "passed", earlier=(False,)))

    assert (
        flaky(flaky_once, *(past_run(day, Start="passed") for day in range(1, RECENT))) is not None
    )
    assert (
        flaky(flaky_once, *(past_run(day, Start="passed") for day in range(1, RECENT + 1))) is None
    )


def test_a_renamed_scenario_keeps_its_history() -> None:
    passed, failed = (
        past_run(0, result("Begin", "passed", "she starts")),
        past_run(1, result("Begin", "failed", "she starts")),
    )
    now = past_run(2, result("Start", "failed", "she starts"))
    found = History([passed, failed, now], [example("Start", "she starts")], NOW)

    assert found.current == {identity("Begin"): identity("Start")}
    assert found.failing_since(identity("Start"), Place.LOCAL) == FailingSince(failed, 2, passed)


def test_two_scenarios_that_one_run_knew_are_two() -> None:
    runs = [past_run(0, result("Begin", "passed", "x"), result("Start", "passed", "x"))]

    assert History(runs, [example("Start", "x")], NOW).current == {}


def test_of_two_scenarios_with_the_same_sentences_none_is_another_one_renamed() -> None:
    runs = [past_run(0, result("Begin", "passed", "x"))]

    assert History(runs, [example("Start", "x"), example("Go", "x")], NOW).current == {}
