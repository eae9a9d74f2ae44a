from pathlib import Path

from mutants.mutant import Kind, Mutant
from mutants.outcome import Outcome, Stage
from mutants.results import Results

MUTANT = Mutant(
    "lists/views.py 1", Kind.CODE, "lists/views.py", 1, "a", "b", {"lists/views.py": "b"}
)
OUTCOME = Outcome(MUTANT.name, Stage.IN_BROWSER, "features/a.feature:1", "it broke", 1.5, 2)


def test_outcomes_are_known_to_the_next_run(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, "digest", OUTCOME)

    assert Results(tmp_path / "outcomes").known(MUTANT, "digest") == OUTCOME


def test_outcomes_with_other_sources_are_not_known(tmp_path: Path) -> None:
    results = Results(tmp_path / "outcomes")
    results.add(MUTANT, "digest", OUTCOME)

    assert results.known(MUTANT, "other") is None


def test_a_line_that_was_cut_short_is_ignored(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, "digest", OUTCOME)
    with (tmp_path / "outcomes").open("a") as file:
        file.write('{"key": "ab')

    assert Results(tmp_path / "outcomes").known(MUTANT, "digest") == OUTCOME


def test_all_is_forgotten_on_request(tmp_path: Path) -> None:
    Results(tmp_path / "outcomes").add(MUTANT, "digest", OUTCOME)

    assert Results(tmp_path / "outcomes", again=True).known(MUTANT, "digest") is None
