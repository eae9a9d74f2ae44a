from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from mutants import suite
from mutants.mutant import Kind, Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import ProjectCopy
from mutants.results import Results

MUTANT = Mutant(
    "lists/views.py 1", Kind.CODE, "lists/views.py", 1, "a", "b", {"lists/views.py": "b"}
)
PLACE = "features/a.feature:1"
OUTCOME = Outcome(MUTANT.name, Stage.IN_BROWSER, PLACE, "it broke", 1.5, 2)


class SuiteOf:
    """A suite with these tests."""

    stage = Stage.IN_BROWSER

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def digest(self) -> str:
        return str(self._texts)

    def says(self, test: str) -> str:
        return self._texts.get(test, "")

    def name_now(self, test: str, said: str) -> str:
        return next((name for name in [test, *self._texts] if self.says(name) == said), "")

    def prepare(self, project: ProjectCopy) -> None:
        raise NotImplementedError

    def opened(self, project: ProjectCopy) -> AbstractContextManager[suite.Tester]:
        raise NotImplementedError


SUITE = SuiteOf({PLACE: "Edith waits"})


def test_outcomes_are_known_to_the_next_run(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, SUITE.digest(), OUTCOME, SUITE.says(PLACE))

    assert Results(tmp_path / "outcomes").known(MUTANT, SUITE.digest()) == OUTCOME


def test_outcomes_with_other_sources_are_not_known(tmp_path: Path) -> None:
    results = Results(tmp_path / "outcomes")
    results.add(MUTANT, SUITE.digest(), OUTCOME, SUITE.says(PLACE))

    assert results.known(MUTANT, "other") is None


def test_a_kill_stays_when_other_tests_are_added(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, SUITE.digest(), OUTCOME, SUITE.says(PLACE))
    results = Results(tmp_path / "outcomes")
    moved = SuiteOf({PLACE: "Edith leaves", "features/a.feature:9": "Edith waits"})

    kill = results.kept_kill(MUTANT, [moved])
    assert kill
    assert kill.killed_by == "features/a.feature:9"


def test_a_kill_is_forgotten_when_its_test_or_its_file_changes(tmp_path: Path) -> None:
    results = Results(tmp_path / "outcomes")
    results.add(MUTANT, SUITE.digest(), OUTCOME, SUITE.says(PLACE))

    elsewhere = replace(MUTANT, texts={"lists/views.py": "b\n"})
    assert results.kept_kill(elsewhere, [SUITE]) is None
    assert results.kept_kill(MUTANT, [SuiteOf({PLACE: "Edith leaves"})]) is None
    assert results.kept_kill(MUTANT, []) is None


def test_a_line_that_was_cut_short_is_ignored(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, SUITE.digest(), OUTCOME, SUITE.says(PLACE))
    with (tmp_path / "outcomes").open("a") as file:
        file.write('{"key": "ab')

    assert Results(tmp_path / "outcomes").known(MUTANT, SUITE.digest()) == OUTCOME


def test_all_is_forgotten_on_request(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, SUITE.digest(), OUTCOME, SUITE.says(PLACE))

    assert Results(tmp_path / "outcomes", again=True).known(MUTANT, SUITE.digest()) is None
