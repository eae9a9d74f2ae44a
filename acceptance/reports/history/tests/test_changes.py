"""What has changed since earlier runs."""

from acceptance.evidence.facts import Place
from acceptance.reports.feature_text import ExampleText, Identity
from acceptance.reports.history.changes import (
    Change,
    Kind,
    Standings,
    before_the_last,
    changes,
    up_to,
)
from acceptance.reports.history.history import History
from acceptance.reports.history.past_run import PastRun
from acceptance.reports.history.tests.past_runs import (
    DAY,
    NOON,
    STATUSES,
    example,
    identity,
    past_run,
    result,
)
from acceptance.reports.status import Status

NOW = NOON + 100 * DAY
HERE, THERE = Place.LOCAL, Place.STAGING


def standing(place: Place = HERE, **endings: str) -> dict[tuple[Identity, Place], Status]:
    return {(identity(name), place): STATUSES[ending] for name, ending in endings.items()}


def history(*runs: PastRun, examples: tuple[ExampleText, ...] = ()) -> History:
    return History(runs, examples, NOW)


def since_the_last(now: Standings, *runs: PastRun) -> tuple[Change, ...]:
    found = history(*runs, examples=tuple(example(each.name, uri=each.uri) for each, _ in now))
    return changes(found, before_the_last(found), now)


def test_without_an_earlier_run_nothing_has_changed() -> None:
    assert since_the_last(standing(Start="failed"), past_run(0, Start="failed")) == ()
    assert since_the_last(standing(Start="failed")) == ()


def test_what_fails_and_no_longer_fails_is_told_apart_worst_first() -> None:
    now = standing(Start="passed", Stop="failed", Same="passed", Still="failed")
    before = past_run(0, Start="failed", Stop="passed", Same="passed", Still="failed")

    assert since_the_last(now, before, past_run(1, Start="passed", Stop="failed")) == (
        Change(Kind.BROKEN, identity("Stop"), HERE, Status.PASSED, Status.FAILED),
        Change(Kind.REPAIRED, identity("Start"), HERE, Status.FAILED, Status.PASSED),
    )


def test_what_was_planned_and_is_built_has_changed() -> None:
    now = standing(Start="passed")

    assert since_the_last(now, past_run(0, Start="planned"), past_run(1, Start="passed")) == (
        Change(Kind.OTHER, identity("Start"), HERE, Status.PLANNED, Status.PASSED),
    )


def test_what_was_not_run_has_not_changed() -> None:
    now = standing(Start="left out")

    assert since_the_last(now, past_run(0, Start="failed"), past_run(1)) == ()


def test_a_run_that_left_a_scenario_out_is_passed_over() -> None:
    now = standing(Start="passed")
    runs = past_run(0, Start="failed"), past_run(1, Start="left out"), past_run(2, Start="passed")

    (change,) = since_the_last(now, *runs)
    assert change.before is Status.FAILED


def test_a_scenario_is_new_where_no_earlier_run_knew_it() -> None:
    now = standing(Start="passed", Stop="passed")

    assert since_the_last(now, past_run(0, Start="passed"), past_run(1, Stop="passed")) == (
        Change(Kind.NEW, identity("Stop")),
    )


def test_a_scenario_was_removed_where_the_features_no_longer_have_it() -> None:
    now = standing(Start="passed")

    assert since_the_last(now, past_run(0, Start="passed", Stop="failed"), past_run(1)) == (
        Change(Kind.REMOVED, identity("Stop")),
    )


def test_what_was_removed_before_is_not_removed_again() -> None:
    now = standing(Start="passed")
    runs = past_run(0, Stop="passed"), past_run(1, Start="passed"), past_run(2, Start="passed")

    assert since_the_last(now, *runs) == ()


def test_a_run_of_one_file_does_not_make_the_scenarios_of_others_new() -> None:
    elsewhere = identity("Elsewhere", "features/other.feature")
    now = standing(Start="passed", Stop="passed") | {(elsewhere, HERE): Status.PASSED}
    one_file = past_run(0, Start="passed", every_feature=False)

    found = since_the_last(now, one_file, past_run(1))

    assert found == (Change(Kind.NEW, identity("Stop")),)


def test_a_renamed_scenario_is_neither_new_nor_removed() -> None:
    runs = (
        past_run(0, result("Begin", "passed", "she starts")),
        past_run(1, result("Start", "failed", "she starts")),
    )
    found = history(*runs, examples=(example("Start", "she starts"),))

    assert changes(found, before_the_last(found), standing(Start="failed")) == (
        Change(Kind.BROKEN, identity("Start"), HERE, Status.PASSED, Status.FAILED),
        Change(Kind.RENAMED, identity("Start"), earlier=identity("Begin")),
    )


def test_the_last_run_is_that_of_each_place() -> None:
    now = standing(Start="passed") | standing(THERE, Start="failed")
    runs = (
        past_run(0, Start="failed"),
        past_run(1, Start="passed", place=THERE),
        past_run(2, Start="passed"),
        past_run(3, Start="failed", place=THERE),
    )

    assert [(each.kind, each.place) for each in since_the_last(now, *runs)] == [
        (Kind.BROKEN, THERE),
        (Kind.REPAIRED, HERE),
    ]


def test_changes_are_told_since_any_run() -> None:
    runs = [past_run(day, Start=end) for day, end in enumerate(["passed", "failed", "failed"])]
    found = history(*runs, examples=(example("Start"),))
    now = standing(Start="failed")

    assert [each.kind for each in changes(found, up_to(found, runs[0]), now)] == [Kind.BROKEN]
    assert changes(found, up_to(found, runs[1]), now) == ()
