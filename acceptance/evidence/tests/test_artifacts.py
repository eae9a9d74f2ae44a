from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from behave.parser import parse_feature

from acceptance.evidence.artifacts import KEPT, Artifacts
from acceptance.evidence.causes.search import Circumstances
from acceptance.evidence.failure import Failure
from acceptance.evidence.recorder import Recorder
from acceptance.hosts.secrets import secrets_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "artifacts"


def test_slots_that_fail_at_the_same_time_share_the_folder_of_their_run(root: Path) -> None:
    artifacts = Artifacts(root)
    with ThreadPoolExecutor(max_workers=8) as slots:
        names = map(str, range(40))
        folders = list(slots.map(lambda name: artifacts.folder_for("one.feature", name), names))

    assert len(set(folders)) == len(folders)
    assert {folder.parents[1] for folder in folders} == {artifacts.folder}


def test_nothing_is_made_before_there_is_something_to_keep(root: Path) -> None:
    Artifacts(root)

    assert not root.exists()


def test_a_scenario_has_a_folder_by_feature_and_name(root: Path) -> None:
    folder = Artifacts(root).folder_for("features/log_in.feature", "Edith opens her link -- @1.2 ")

    assert folder.is_dir()
    assert folder.relative_to(root).parts[1:] == ("log_in", "edith-opens-her-link-1-2")


def test_features_of_one_name_in_two_folders_have_two_folders(root: Path) -> None:
    artifacts = Artifacts(root)

    folders = [
        artifacts.folder_for(f"features/{feature}", "One", rule=rule).relative_to(root).parts[1:]
        for feature, rule in [("x.feature", ""), ("sub/x.feature", ""), ("x.feature", "Free")]
    ]

    assert folders == [("x", "one"), ("sub", "x", "one"), ("x", "free", "one")]


ODD_NAMES = [
    "../../etc/passwd",
    "/",
    "",
    "..",
    "!!!",
    "???",
    "con",
    "x" * 500,
    "x" * 501,
    "ж" * 500,
    "Ünïcode: $(reboot)\n",
    "Иван открывает ссылку",
    "伊迪丝分享清单",
    "רשימה של אדית",
    "🎉",
    "🎉 🎉",
    "a\0b",
    "caf\udce9",
    "Edith's list",
    "Edith s list",
    "edith s list",
]


def test_no_name_leads_outside_or_into_another_folder(root: Path) -> None:
    artifacts = Artifacts(root)

    folders = [artifacts.folder_for("features/x.feature", name) for name in ODD_NAMES]
    again = [artifacts.folder_for("features/x.feature", name) for name in ODD_NAMES]

    assert folders == again
    assert len(set(folders)) == len(ODD_NAMES)
    for folder in folders:
        assert folder.is_dir()
        assert folder.resolve().is_relative_to(root.resolve())
        assert len(folder.relative_to(root).parts) == 3
    readable = {folder.name for folder in folders}
    assert {"иван-открывает-ссылку", "伊迪丝分享清单", "רשימה-של-אדית", "🎉"} <= readable


def test_the_second_scenario_with_a_name_has_its_own_folder(root: Path) -> None:
    artifacts = Artifacts(root)

    first = artifacts.folder_for("a.feature", "One")
    second = artifacts.folder_for("a.feature", "One", occurrence=1)

    assert (first.name, second.name) == ("one", "one-2")


TWINS = """
Feature: F
  Scenario: Twin
  Rule: One
    Scenario: Twin
    Scenario Outline: Twin
      Given it <is>
      Examples:
        | is |
        | a  |
      Examples:
        | is |
        | a  |
  Rule: Two
    Scenario: Twin
    Scenario: Twin
"""


def test_each_of_several_scenarios_with_one_name_keeps_its_evidence(root: Path) -> None:
    feature = parse_feature(TWINS, filename="features/x.feature")
    recorder = Recorder(Artifacts(root), secrets_of({}), [], attach=lambda *_: None)

    for number, scenario in enumerate(feature.walk_scenarios()):
        recorder.record(Failure(f"failure {number}"), scenario, {}, list, Circumstances())

    kept = {
        str(file.parent.relative_to(root / "latest")): file.read_text("utf-8").split("\n")[0]
        for file in (root / "latest" / "x").rglob("failure.txt")
    }
    assert kept == {
        "x/twin": "failure 0",
        "x/one/twin": "failure 1",
        "x/one/twin-1-1": "failure 2",
        "x/one/twin-2-1": "failure 3",
        "x/two/twin": "failure 4",
        "x/two/twin-2": "failure 5",
    }


def test_latest_leads_to_the_run(root: Path) -> None:
    folder = Artifacts(root).folder_for("a.feature", "one")
    (folder / "failure.txt").write_text("why")

    assert (root / "latest" / "a" / "one" / "failure.txt").read_text() == "why"


def test_latest_leads_to_the_last_of_two_runs_in_the_same_second(root: Path) -> None:
    first = Artifacts(root).folder_for("a.feature", "one")
    second = Artifacts(root).folder_for("a.feature", "one")

    assert first != second
    assert (root / "latest").resolve() == second.parents[1].resolve()


def test_a_run_without_failures_leaves_no_latest(root: Path) -> None:
    folder = Artifacts(root).folder_for("a.feature", "one")

    Artifacts(root)

    assert not (root / "latest").exists()
    assert folder.exists()


def test_only_the_newest_runs_are_kept_and_nothing_else_is_touched(root: Path) -> None:
    old = [root / f"2030-01-{day:02}T120000Z" for day in range(1, KEPT + 3)]
    for folder in old:
        folder.mkdir(parents=True)
    (root / "mine").mkdir()

    new = Artifacts(root).folder_for("a.feature", "one")

    left = sorted(path.name for path in root.iterdir() if path.name.startswith("2030"))
    assert left == [folder.name for folder in old[-KEPT + 1 :]]
    assert new.exists()
    assert (root / "mine").exists()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "artifacts").write_text("a file where the folder should be")

    with pytest.raises(OSError, match="artifacts"):
        Artifacts(tmp_path / "artifacts").folder_for("a.feature", "one")
