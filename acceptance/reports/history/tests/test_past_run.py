"""The lines in which a run is kept."""

import json

import pytest

from acceptance.reports.feature_text import Identity
from acceptance.reports.history.past_run import (
    FORMAT,
    DamagedRunError,
    PastResult,
    lines_of,
    runs_in,
)
from acceptance.reports.history.tests.past_runs import past_run, result
from acceptance.reports.status import Status

OUTLINE = PastResult(
    Identity("features/lists.feature", "A rule", "<n> items", (("n", "2"),), 1),
    Status.FAILED,
    "0123456789ab",
    (False, True),
)
RUN = past_run(0, OUTLINE, result("Édith\u2028starts\n", "passed"), Later="planned")
LINES = list(lines_of(RUN))


def damage(text: str) -> str:
    with pytest.raises(DamagedRunError) as refused:
        list(runs_in(text))
    return str(refused.value)


def test_a_run_is_read_as_it_was_kept() -> None:
    other = past_run(1, Start="undefined")

    assert list(runs_in("".join([*LINES, *lines_of(other)]))) == [RUN, other]


def test_each_scenario_is_a_line_of_json() -> None:
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in LINES)
    assert [len(LINES), json.loads(LINES[0])["scenarios"]] == [4, 3]
    assert json.loads(LINES[3]) == {
        "feature": "features/lists.feature",
        "name": "Later",
        "status": "planned",
        "text": RUN.results[2].text,
    }


def test_a_scenario_takes_little_room() -> None:
    assert len(LINES[3]) < 150


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", "line 1 is not the beginning of a run"),
        ("[1]\n", "line 1 is not the beginning of a run"),
        ("<!DOCTYPE html>\n", "line 1 is not JSON"),
        ("[" * 100_000, "line 1 is not JSON"),
        ('{"meta":{"protocolVersion":"32.0.0"}}\n', "line 1 is not the beginning of a run"),
        ("".join(LINES[:-1]), "it ends before its scenario 3"),
        ("".join(LINES)[:-20], "line 4 is not JSON"),
        ("".join([*LINES[:2], LINES[0], *LINES[3:]]), "line 3 is not a scenario"),
        ("".join([*LINES, LINES[1]]), "line 5 is not the beginning of a run"),
        (
            LINES[0].replace(f'"format":{FORMAT}', '"format":99'),
            f"its format 99 is newer than {FORMAT}, which this release reads",
        ),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert damage(text) == reason


def test_a_negative_number_of_scenarios_does_not_read_for_ever() -> None:
    head = LINES[0].replace('"scenarios":3', '"scenarios":-1')

    assert damage(head) == "line 1 is not the beginning of a run"
