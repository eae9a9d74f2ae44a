"""What the specification says of earlier runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from acceptance.reports.feature_reading import read_features
from acceptance.reports.history.history import History
from acceptance.reports.history.record import past_runs
from acceptance.reports.results import read_results
from acceptance.reports.run_files import read_run
from acceptance.reports.specification.markdown import markdown
from acceptance.reports.specification.model import Specification, specification
from acceptance.reports.specification.page import page
from acceptance.reports.specification.wording import release_in_words
from acceptance.reports.tests.runs import LOCAL, NOON, STAGING, failed, write_run

STARTS = "Edith starts"
TOO_LONG = "An item of 256 letters"
READY = [STARTS, "An item that looks like HTML", "An item of 255 letters", TOO_LONG]
DAY = timedelta(days=1)


class Runs:
    """Writes runs of a feature, one a day unless another pause is set."""

    def __init__(self, feature: Path) -> None:
        self.feature = feature
        self.files: list[Path] = []
        self.pause = DAY

    def __call__(
        self, *failing: str, facts: object = LOCAL, only: Sequence[str] = READY, **more: object
    ) -> None:
        day = len(self.files)
        commit = f"{day + 1:x}" * 40
        assert isinstance(facts, dict)
        file = write_run(
            Path(f"{day}.ndjson"),
            [self.feature],
            {name: failed("No.") for name in failing},
            facts={**facts, "commit": commit, **more},
            at=NOON + day * self.pause,
            only=only,
        )
        # Each run has an id of its own.
        file.write_text(file.read_text("utf-8").replace('"run"', f'"run-{day}"'), "utf-8")
        self.files.append(file)

    def document(self, now: datetime = NOON + 100 * DAY) -> Specification:
        """The specification with the last run of each place."""
        features = read_features([self.feature])
        last = {read_run(file).place(): file for file in self.files}
        examples = [example for feature in features for example in feature.examples]
        history = History(past_runs(map(read_run, self.files)), examples, now)
        return specification(features, read_results(last.values()), "Lists", history=history)


@pytest.fixture
def runs(feature: Path) -> Runs:
    return Runs(feature)


def changes(document: Specification, choice: int = 0) -> list[str]:
    """What has changed, such as "Fixed: Edith starts (Staging)"."""
    return [
        f"{kind.kind}: {change.title.text} ({change.words})".removesuffix(" ()")
        for kind in document.past.choices[choice].kinds
        for change in kind.changes
    ]


def remarks(document: Specification, title: str) -> list[str]:
    (found,) = [each for each in document.scenarios if each.title == title]
    return [remark.words for remark in found.past.remarks]


def test_after_the_first_run_nothing_is_said_of_earlier_ones(runs: Runs) -> None:
    runs()
    document = runs.document()

    assert document.past.choices == ()
    assert "Changes" not in page(document)


def test_it_says_what_has_changed_since_the_last_run(runs: Runs) -> None:
    runs(TOO_LONG)
    runs(STARTS)
    document = runs.document()

    assert changes(document) == [f"Now failing: {STARTS}", f"Fixed: {TOO_LONG}"]
    assert page(document).count(">the last run (2 changes)<") == 1


def test_the_title_of_a_change_has_its_feature_and_rule(runs: Runs) -> None:
    runs()
    runs(TOO_LONG)
    ((kind,),) = (choice.kinds for choice in runs.document().past.choices[:1])

    assert [each.title.where for each in kind.changes] == ["Items of a list › An item has a length"]
    assert "<h4>Items of a list › An item has a length</h4>" in page(runs.document())


def test_of_what_fails_it_says_what_is_new(runs: Runs) -> None:
    runs(STARTS)
    runs(STARTS, TOO_LONG)
    document = runs.document()
    old, new = document.failing

    assert document.past.newly_failing == {new.anchor}
    assert (old.title, new.title) == (STARTS, "An item of <length> letters")
    assert page(document).count(">Since 25 November 2026</p>") == 1
    assert page(document).count(">New, since 26 November 2026</p>") == 1


def test_it_says_what_has_changed_since_each_earlier_run(runs: Runs) -> None:
    runs(STARTS)
    runs(by="elspeth", release="v1.2")
    runs(facts=STAGING)
    document = runs.document()

    assert [choice.since for choice in document.past.choices] == [
        "the last run",
        "26 November 2026, 12:00 UTC, Local, v1.2 (2222222), by elspeth",
        "25 November 2026, 12:00 UTC, Local, 1111111",
    ]
    assert [changes(document, choice) for choice in range(3)] == [
        [f"Fixed: {STARTS} (Local)"],
        [],
        [f"Fixed: {STARTS} (Local)"],
    ]


def test_what_happened_at_both_places_is_said_once(runs: Runs) -> None:
    for failing in ([], [STARTS]):
        runs(*failing)
        runs(*failing, facts=STAGING)

    assert changes(runs.document()) == [f"Now failing: {STARTS} (Local and Staging)"]


def test_what_is_new_removed_and_renamed_is_said(runs: Runs, feature: Path) -> None:
    runs()
    text = feature.read_text("utf-8")
    text = text.replace(STARTS, "Edith begins").replace("| 255    | kept    |", "| 1 | kept |")
    feature.write_text(text, encoding="utf-8")
    runs(only=["Edith begins", *READY[1:], "An item of 1 letters"])
    document = runs.document()

    assert changes(document) == [
        "New: An item of 1 letters",
        "Removed: An item of 255 letters",
        "Renamed: Edith begins (called “Edith starts” before)",
    ]
    new, removed = (kind.changes[0].title for kind in document.past.choices[0].kinds[:2])
    assert new.anchor
    assert removed.anchor == ""


def test_it_says_since_when_a_scenario_has_been_failing(runs: Runs) -> None:
    runs()
    runs(STARTS, release="v1.2-14-g1234567")
    runs(STARTS)
    document = runs.document()

    assert remarks(document, STARTS) == [
        (
            "Failing since 26 November 2026, 12:00 UTC. "
            "It last passed on 25 November 2026, 12:00 UTC."
        )
    ]
    assert ">Since 26 November 2026</p>" in page(document)


def test_a_scenario_that_passed_on_the_same_day_says_only_when(runs: Runs) -> None:
    runs.pause = timedelta(minutes=5)
    runs()
    runs(STARTS)

    assert remarks(runs.document(), STARTS) == [
        "Failing since 25 November 2026, 12:05 UTC. It last passed at 12:00."
    ]


def test_a_failure_as_old_as_all_that_is_kept_may_be_older(runs: Runs) -> None:
    runs(STARTS, facts=STAGING)
    runs()

    (remark,) = remarks(runs.document(), STARTS)
    assert remark.startswith("Staging: Failing since 25 November 2026")
    assert remark.endswith("12:00 UTC, or longer: no earlier result is kept.")


def test_a_flaky_scenario_is_named(runs: Runs) -> None:
    runs(TOO_LONG)
    runs(commit="1" * 40)
    document = runs.document()

    assert [title.text for title in document.past.flaky] == ["An item of <length> letters"]
    assert remarks(document, "An item of <length> letters") == [
        (
            "256, refused: Flaky. It failed in 1 of its last 2 runs, and passed while the site was "
            "the same. It last failed on 25 November 2026, 12:00 UTC."
        )
    ]


def test_a_run_from_the_future_is_said_to_count_as_the_oldest(runs: Runs) -> None:
    runs()
    runs(STARTS)
    document = runs.document(now=NOON)

    assert document.troubles == (
        (
            "A kept run (Local) is dated 26 November 2026, 12:00 UTC, which is in the future: it "
            "counts as the oldest run."
        ),
    )


def test_a_run_that_ended_early_is_said_to_have(runs: Runs) -> None:
    runs()
    lines = runs.files[0].read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "testRunFinished" not in line]
    runs.files[0].write_text("".join(kept), "utf-8")
    runs()
    runs()

    assert runs.document().past.choices[-1].since.endswith("1111111, ended early")


def test_release_and_who_ran_it_stand_beside_the_commit(runs: Runs) -> None:
    job = "https://github.com/example/superlists/actions/runs/7"
    runs(release="v1.2", by="GitHub Actions, build 7", job=job)
    written = page(runs.document())

    assert "<dt>Release</dt><dd>v1.2</dd>" in written
    assert f'<dt>Run by</dt><dd><a href="{job}">GitHub Actions, build 7</a></dd>' in written


def test_markdown_says_what_has_changed_since_the_last_run(runs: Runs) -> None:
    runs(TOO_LONG)
    runs(STARTS, by="elspeth", release="v1.2")
    text = markdown(runs.document())

    assert (
        "## Changes\n\nSince the last run:\n\n**Now failing**\n\n- Items of a list: Edith starts\n"
        in text
    )
    assert "v1.2, commit 2222222, run by elspeth" in text
    assert "Failing since 26 November 2026" in text


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ("", ""),
        ("v1.2", "v1.2"),
        ("v1.2-rc-1", "v1.2-rc-1"),
        ("v1.2-1-g1444d18", "1 commit after v1.2"),
        ("v1.2-rc-1-14-g1444d18", "14 commits after v1.2-rc-1"),
    ],
)
def test_a_release_is_said_in_words(described: str, words: str) -> None:
    assert release_in_words(described) == words


def test_names_that_look_like_html_stay_text(runs: Runs, feature: Path) -> None:
    runs()
    text = feature.read_text("utf-8").replace(STARTS, "<script>alert(1)</script>")
    feature.write_text(text.replace('Edith adds "Buy milk"', "it is new"), encoding="utf-8")
    runs(only=READY, by="<script>alert(2)</script>")

    assert "<script>alert" not in page(runs.document())
