"""The content of the specification, from features and runs."""

from datetime import timedelta
from pathlib import Path

import pytest

from acceptance.evidence.failure import Failure
from acceptance.reports.feature_reading import read_features
from acceptance.reports.plain_words import MOST_CHARACTERS, SUITE_BROKE
from acceptance.reports.results import read_results
from acceptance.reports.specification.evidence import MOST_LINES, Detail, FailureView, Line
from acceptance.reports.specification.model import ScenarioView, Specification, specification
from acceptance.reports.status import Status
from acceptance.reports.tests.runs import COMMIT, LOCAL, NOON, STAGING, Ending, failed, write_run

STARTS = "Edith starts"
LIKE_HTML = "An item that looks like HTML"
TICKS_OFF = "Edith ticks off an item"
LENGTHS = "An item of <length> letters"
TOO_LONG = "An item of 256 letters"
READY = [STARTS, LIKE_HTML, "An item of 255 letters", TOO_LONG]

LATER = NOON + timedelta(days=1)
OTHER_COMMIT = "37bd75964ba68ce15036e0914cd9c7f1e5849fcf"


def specified(feature: Path, *runs: Path) -> Specification:
    return specification(read_features([feature]), read_results(runs), "Lists")


def scenario(document: Specification, name: str) -> ScenarioView:
    (found,) = [
        scenario
        for capability in document.capabilities
        for scenario in capability.scenarios
        if scenario.title == name
    ]
    return found


def standings(document: Specification, name: str) -> list[str]:
    """How a scenario stands, such as "Staging: 1 of 2 failed, other words"."""
    return [
        f"{each.place_name}: {each.count} {each.status.value}".replace("  ", " ")
        + (", other words" if each.outdated else "")
        for each in scenario(document, name).standings
    ]


def tallies(document: Specification) -> list[dict[str, int]]:
    return [
        {tally.status.value: tally.count for tally in place.tallies} for place in document.places
    ]


def test_without_any_run_there_are_no_places(feature: Path) -> None:
    document = specified(feature)

    assert document.places == ()
    assert standings(document, STARTS) == []
    assert document.extent == "1 feature, 2 rules, 5 scenarios"
    assert [choice.status for choice in document.choices] == [Status.PLANNED]


def test_scenarios_have_no_status_at_a_place_without_results(feature: Path) -> None:
    document = specified(feature, write_run(Path("local.ndjson"), [feature], only=READY))

    assert standings(document, STARTS) == ["Local: passed"]
    assert tallies(document) == [{"passed": 4}, {"not run": 4}]
    assert document.places[1].runs == ()
    assert [place.verdict for place in document.places] == [Status.PASSED, Status.NOT_RUN]


def test_both_places_stand_side_by_side(feature: Path) -> None:
    document = specified(
        feature,
        write_run(Path("staging.ndjson"), [feature], {STARTS: failed("No.")}, facts=STAGING),
        write_run(Path("local.ndjson"), [feature]),
    )

    assert standings(document, STARTS) == ["Local: passed", "Staging: failed"]
    assert tallies(document) == [{"passed": 4}, {"passed": 3, "failed": 1}]


def test_what_is_planned_is_neither_failed_nor_not_run(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {TICKS_OFF: failed("No such step.")})
    document = specified(feature, run)

    planned = scenario(document, TICKS_OFF)
    assert planned.planned
    assert planned.statuses == "planned"
    assert planned.failures == ()
    assert document.failing == ()
    assert [each.title for each in document.planned] == [TICKS_OFF]
    assert sum(tallies(document)[0].values()) == document.count - 1
    assert sum(tally.percent for tally in document.places[0].tallies) == 100


def test_results_from_several_commits_are_told_apart(feature: Path) -> None:
    changed = {**LOCAL, "commit": OTHER_COMMIT, "uncommitted": True}
    document = specified(
        feature,
        write_run(Path("all.ndjson"), [feature], only=READY),
        write_run(Path("again.ndjson"), [feature], only=[STARTS], at=LATER, facts=changed),
    )

    newest, older = document.places[0].runs
    assert (newest.short_commit, newest.uncommitted, newest.count) == ("37bd759", True, "1 result")
    assert (older.commit, older.uncommitted, older.count) == (COMMIT, False, "3 results")
    assert newest.finished == LATER


def test_workers_of_one_run_are_one(feature: Path) -> None:
    document = specified(
        feature,
        write_run(Path("one.ndjson"), [feature], only=[STARTS]),
        write_run(Path("two.ndjson"), [feature], only=[LIKE_HTML], at=NOON + timedelta(seconds=3)),
    )

    (run,) = document.places[0].runs
    assert run.count == "2 results"
    assert run.finished == NOON + timedelta(seconds=3)


@pytest.mark.parametrize(
    ("pause", "when"),
    [
        (timedelta(seconds=3), "25 November 2026, 12:00 UTC"),
        (timedelta(minutes=7), "25 November 2026, 12:00 to 12:07 UTC"),
        (timedelta(days=1), "25 November 2026, 12:00 UTC to 26 November 2026, 12:00 UTC"),
    ],
)
def test_results_of_the_same_code_say_from_when_to_when_they_are(
    feature: Path, pause: timedelta, when: str
) -> None:
    document = specified(
        feature,
        write_run(Path("one.ndjson"), [feature], only=[STARTS]),
        write_run(Path("two.ndjson"), [feature], only=[LIKE_HTML], at=NOON + pause),
    )

    assert document.places[0].runs[0].when == when


@pytest.mark.parametrize(("commit", "different"), [(COMMIT, False), (OTHER_COMMIT, True)])
def test_it_says_when_the_places_had_different_commits(
    feature: Path, commit: str, *, different: bool
) -> None:
    document = specified(
        feature,
        write_run(Path("local.ndjson"), [feature]),
        write_run(Path("staging.ndjson"), [feature], facts={**STAGING, "commit": commit}),
    )

    assert document.different_commits is different


def test_an_outline_stands_as_its_worst_example_does(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {TOO_LONG: failed("It was kept.")}, only=READY)
    document = specified(feature, run)

    assert standings(document, LENGTHS) == ["Local: 1 of 2 failed"]
    (table,) = scenario(document, LENGTHS).tables
    assert [(row.cells, row.outcomes[0].status) for row in table.rows] == [
        (("255", "kept"), Status.PASSED),
        (("256", "refused"), Status.FAILED),
    ]


def test_an_outline_of_which_an_example_did_not_run_has_not_run(feature: Path) -> None:
    document = specified(feature, write_run(Path("local.ndjson"), [feature], only=[TOO_LONG]))

    assert standings(document, LENGTHS)[0] == "Local: 1 of 2 not run"


def test_a_failure_names_place_example_sentence_and_reason(feature: Path) -> None:
    run = write_run(Path("s.ndjson"), [feature], {TOO_LONG: failed("Kept.")}, facts=STAGING)
    (failure,) = scenario(specified(feature, run), LENGTHS).failures

    assert failure.place_names == "Staging"
    assert failure.example == "256, refused"
    assert failure.what == "This sentence failed:"
    assert (failure.keyword, "".join(part.text for part in failure.sentence)) == (
        "Then",
        "it is refused",
    )
    assert failure.reason == "Kept."
    assert failure.expected == failure.shown == ()


@pytest.mark.parametrize(
    ("hook", "what"),
    [
        ("before", "The scenario could not start:"),
        ("after", "Every sentence passed, but something else went wrong:"),
    ],
)
def test_a_failure_besides_the_sentences_says_so(feature: Path, hook: str, what: str) -> None:
    run = write_run(Path("local.ndjson"), [feature], {STARTS: failed("Gone.", at=hook)})
    (failure,) = scenario(specified(feature, run), STARTS).failures

    assert (failure.what, failure.sentence) == (what, ())


def test_a_result_of_other_words_is_told_as_such(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {LIKE_HTML: failed("No.")})
    reword(feature, 'adds "Buy milk"', 'adds "Make tea"')
    document = specified(feature, run)

    assert standings(document, STARTS)[0] == "Local: passed, other words"
    assert standings(document, LIKE_HTML)[0] == "Local: failed"
    assert document.places[0].outdated == 1


def test_a_changed_background_changes_what_a_result_was_about(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], only=READY)
    reword(feature, "Given Edith is logged in", "Given Edith is here")

    assert specified(feature, run).places[0].outdated == len(READY)


def test_another_keyword_or_another_place_in_the_file_changes_nothing(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature])
    reword(feature, 'When Edith adds "Buy milk"', '\n    * Edith adds "Buy milk"')

    assert specified(feature, run).places[0].outdated == 0


def test_of_a_scenario_with_a_new_name_nothing_is_known(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {STARTS: failed("No.")})
    reword(feature, STARTS, "Edith begins")
    document = specified(feature, run)

    assert standings(document, "Edith begins")[0] == "Local: not run"
    assert document.failing == ()


def test_of_an_example_with_a_new_value_nothing_is_known(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature])
    reword(feature, "| 256    |", "| 300    |")

    assert standings(specified(feature, run), LENGTHS)[0] == "Local: 1 of 2 not run"


def test_where_all_went_well_a_picture_of_one_place_is_enough(feature: Path) -> None:
    with_picture = {STARTS: Ending(pictures=["What Edith sees.webp"])}
    document = specified(
        feature,
        write_run(Path("local.ndjson"), [feature], with_picture),
        write_run(Path("staging.ndjson"), [feature], with_picture, facts=STAGING),
    )

    (picture,) = scenario(document, STARTS).pictures
    assert picture.caption == "What Edith sees, Staging"


def test_a_failure_has_the_pictures_of_its_place(feature: Path) -> None:
    picture = ["What Edith sees.webp"]
    document = specified(
        feature,
        write_run(Path("local.ndjson"), [feature], {STARTS: Ending(pictures=picture)}),
        write_run(
            Path("staging.ndjson"),
            [feature],
            {STARTS: Ending("FAILED", pictures=picture)},
            facts=STAGING,
        ),
    )

    shown = scenario(document, STARTS)
    assert [picture.caption for picture in shown.pictures] == ["What Edith sees, Local"]
    (failure,) = shown.failures
    assert [picture.caption for picture in failure.pictures] == ["What Edith sees, Staging"]


def test_the_picture_of_an_example_says_which_one_it_is(feature: Path) -> None:
    endings = {TOO_LONG: Ending(pictures=["What Edith sees.webp"])}
    document = specified(feature, write_run(Path("local.ndjson"), [feature], endings))

    (picture,) = scenario(document, LENGTHS).pictures
    assert picture.caption == "What Edith sees, 256, refused, Local"


def test_every_part_has_an_id_of_its_own(feature: Path) -> None:
    text = feature.read_text(encoding="utf-8")
    other = feature.with_name("other.feature")
    other.write_text(text, encoding="utf-8")
    document = specification(read_features([feature.parent]), [], "Lists")

    anchors = [
        anchor
        for capability in document.capabilities
        for anchor in (
            capability.anchor,
            *(rule.anchor for rule in capability.rules if rule.anchor),
            *(scenario.anchor for scenario in capability.scenarios),
        )
    ]
    assert len(anchors) == len(set(anchors)) == 14
    assert anchors[0] == "items"


def test_an_anchor_does_not_move_when_a_scenario_is_added(feature: Path) -> None:
    before = [each.anchor for each in specified(feature).capabilities[0].scenarios]
    reword(
        feature,
        "  Rule: An item says",
        f"  Rule: New\n    Scenario: {LIKE_HTML}\n  Rule: An item says",
    )
    reword(feature, "  Rule: New", "  Rule: Новое\n    Scenario: Эдит начинает!\n  Rule: New")

    after = [each.anchor for each in specified(feature).capabilities[0].scenarios]

    assert set(before) < set(after)
    assert len(after) == len(set(after)) == len(before) + 2
    (cyrillic,) = (each for each in after if "новое" in each)
    assert cyrillic.startswith("items--новое--эдит-начинает-")


@pytest.mark.parametrize(
    ("at", "marks"),
    [
        (2, ["failed", "not-run", "not-run"]),
        (3, ["", "failed", "not-run"]),
        ("before", ["not-run", "not-run", "not-run"]),
        ("after", ["", "", ""]),
    ],
)
def test_a_failing_sentence_is_marked_and_so_are_those_that_were_not_run(
    feature: Path, at: int | str, marks: list[str]
) -> None:
    run = write_run(Path("local.ndjson"), [feature], {LIKE_HTML: failed("No.", at=at)})

    steps = scenario(specified(feature, run), LIKE_HTML).steps

    assert [step.mark for step in steps] == marks


def test_a_sentence_that_one_example_came_to_is_not_called_not_run(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {TOO_LONG: failed("No.", at=1)})

    shown = scenario(specified(feature, run), LENGTHS)

    assert [step.mark for step in shown.steps] == ["failed", ""]
    assert shown.failures[0].unreached == "1 sentence was not run because of that."


@pytest.mark.parametrize("status", ["UNDEFINED", "PENDING"])
def test_a_sentence_that_the_suite_does_not_know_is_not_automated_yet(
    feature: Path, status: str
) -> None:
    run = write_run(Path("local.ndjson"), [feature], {STARTS: Ending(status)}, only=READY)
    document = specified(feature, run)

    assert standings(document, STARTS)[0] == "Local: not automated yet"
    assert tallies(document)[0] == {"passed": 3, "not automated yet": 1}
    assert document.failing == ()
    assert [each.title for each in document.unwritten] == [STARTS]
    assert scenario(document, STARTS).failures[0].what == "This sentence is not automated yet:"
    assert [step.mark for step in scenario(document, STARTS).steps] == ["not-automated-yet"]


def test_a_mistake_of_the_suite_is_told_without_its_code(feature: Path) -> None:
    mistake = Failure("KeyError: 'sharer'", is_mistake=True)
    broken = Ending("FAILED", at="before", message="KeyError: 'sharer'", failure=mistake)
    run = write_run(Path("local.ndjson"), [feature], {STARTS: broken})

    (failure,) = scenario(specified(feature, run), STARTS).failures

    assert failure.what == "The scenario could not start:"
    assert failure.reason == SUITE_BROKE
    assert failure.details[0] == Detail("Reason", "KeyError: 'sharer'")


def test_a_failure_says_what_was_expected_and_what_was_shown(feature: Path) -> None:
    failure = failure_with(
        feature, Failure("the list is wrong", expected="1: milk\n\n2: tea", shown="1: milk\n2: rum")
    )

    assert failure.reason == "the list is wrong"
    assert failure.expected == (Line("1: milk", differs=False), Line("2: tea", differs=True))
    assert failure.shown == (Line("1: milk", differs=False), Line("2: rum", differs=True))


def failure_with(feature: Path, why: Failure) -> FailureView:
    ending = Ending("FAILED", message="ASSERT FAILED: in prose", failure=why)
    run = write_run(Path("local.ndjson"), [feature], {STARTS: ending})
    (failure,) = scenario(specified(feature, run), STARTS).failures
    return failure


def test_a_known_cause_is_the_first_detail_of_what_was_expected_and_shown(feature: Path) -> None:
    why = Failure("no", cause="the site broke", expected="milk", shown="tea")

    failure = failure_with(feature, why)

    assert [failure.expected[0].text, failure.shown[0].text] == ["milk", "tea"]
    assert failure.details[:2] == (Detail("Cause", "the site broke"), Detail("Reason", "no"))


def test_a_known_cause_comes_before_a_reason_without_a_comparison(feature: Path) -> None:
    failure = failure_with(feature, Failure("there is no field", cause="the site broke"))

    assert failure.reason == "the site broke\nthere is no field"


def test_a_text_of_one_line_differs_as_a_whole_and_has_no_mark(feature: Path) -> None:
    failure = failure_with(feature, Failure("no", expected="Buy milk", shown="Buy tea"))

    assert failure.expected == (Line("Buy milk", differs=False),)
    assert failure.shown == (Line("Buy tea", differs=False),)


def test_a_long_list_ends_after_a_few_lines(feature: Path) -> None:
    lines = [f"{number}: item" for number in range(MOST_LINES + 1)]

    failure = failure_with(feature, Failure("no", expected="1: milk", shown="\n".join(lines)))

    assert [line.text for line in failure.shown] == [*lines[:-2], f"{lines[-2]} …"]


def test_the_whole_page_is_a_detail_and_not_what_was_shown(feature: Path) -> None:
    page = "The page http://localhost/ said:\nTo-Do"

    failure = failure_with(
        feature, Failure("no", expected="milk", shown=page, seen=page, again="behave x.feature:3")
    )

    assert failure.shown == ()
    assert Detail("Page", page) in failure.details
    assert Detail("Run it again", "behave x.feature:3") in failure.details


def test_a_failure_of_one_endless_line_ends(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {STARTS: failed("x" * 10_000)})

    (failure,) = scenario(specified(feature, run), STARTS).failures

    assert failure.reason == "x" * MOST_CHARACTERS + " …"


def test_a_failure_without_words_says_so(feature: Path) -> None:
    run = write_run(Path("local.ndjson"), [feature], {STARTS: failed("")})

    (failure,) = scenario(specified(feature, run), STARTS).failures

    assert failure.reason == "The run reported no reason."


def reword(feature: Path, old: str, new: str) -> None:
    text = feature.read_text(encoding="utf-8")
    assert old in text
    feature.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_scenario_that_was_run_again_says_what_came_of_it_each_time(feature: Path) -> None:
    run = write_run(Path("run.ndjson"), [feature], {"Edith starts": Ending(attempts=2)})

    document = specified(feature, run)

    (repeat,) = scenario(document, "Edith starts").repeats
    assert repeat.words == "Local: passed, then passed when repeated."
    assert scenario(document, "An item that looks like HTML").repeats == ()


def test_a_failure_that_is_the_same_at_both_places_is_told_once(feature: Path) -> None:
    runs = [
        write_run(Path(f"{name}.ndjson"), [feature], {STARTS: failed("No.")}, facts=facts)
        for name, facts in {"local": LOCAL, "staging": STAGING}.items()
    ]

    (failure,) = scenario(specified(feature, *runs), STARTS).failures

    assert failure.place_names == "Local, Staging"


def test_failures_that_differ_are_told_for_each_place(feature: Path) -> None:
    document = specified(
        feature,
        write_run(Path("local.ndjson"), [feature], {STARTS: failed("No.")}),
        write_run(Path("staging.ndjson"), [feature], {STARTS: failed("Gone.")}, facts=STAGING),
    )

    failures = scenario(document, STARTS).failures

    assert [each.place_names for each in failures] == ["Local", "Staging"]


def test_the_filter_finds_a_status_at_its_place(feature: Path) -> None:
    document = specified(
        feature,
        write_run(Path("local.ndjson"), [feature]),
        write_run(Path("staging.ndjson"), [feature], {STARTS: failed("No.")}, facts=STAGING),
    )

    assert scenario(document, STARTS).statuses == "passed@local failed@staging"


def test_tags_are_to_filter_by_but_for_those_that_the_page_shows_in_another_way(
    feature: Path,
) -> None:
    reword(
        feature, "  Scenario: Edith starts", "  @browser @gallery @urgent\n  Scenario: Edith starts"
    )
    document = specified(feature)

    assert [(each.words, each.count) for each in document.tags] == [
        ("Needs a browser", 2),
        ("@urgent", 1),
    ]
    assert scenario(document, STARTS).tags == ("browser", "urgent")
    assert scenario(document, STARTS).tags_in_words == ("Needs a browser", "@urgent")


def test_the_gallery_has_the_last_picture_of_each_scenario_with_its_tag(feature: Path) -> None:
    reword(feature, "  Scenario: Edith starts", "  @gallery\n  Scenario: Edith starts")
    pictures = {STARTS: Ending(pictures=["What Edith sees.webp", "What Oni sees.webp"])}
    document = specified(feature, write_run(Path("local.ndjson"), [feature], pictures))

    (page,) = document.gallery
    assert page.title == STARTS
    assert page.anchor == scenario(document, STARTS).anchor
    assert page.picture.title == "What Oni sees"


def test_a_feature_in_another_language_keeps_its_keywords(tmp_path: Path) -> None:
    file = tmp_path / "listen.feature"
    file.write_text(
        """# language: de
Funktionalität: Listen
  Grundlage:
    Angenommen Edith ist hier
  Regel: Eine Liste hat Einträge
    Szenario: Edith beginnt
      Wenn Edith "Milch" hinzufügt
""",
        encoding="utf-8",
    )

    (capability,) = specified(file).capabilities

    assert capability.language == "de"
    assert capability.background is not None
    assert capability.background.keyword == "Grundlage"
    (rule,) = capability.rules
    assert rule.keyword == "Regel"
    assert [step.keyword for step in rule.scenarios[0].steps] == ["Wenn"]
