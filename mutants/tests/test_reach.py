import pytest

from mutants.mutant import Kind, Mutant
from mutants.reach import Reach

PATH = "superlists/states.py"
TEXT = "STATES = 1\n\n\ndef state():\n    return STATES\n"
CHANGED = "STATES = 2\n\n\ndef state():\n    return STATES\n"
ORIGINALS = {PATH: TEXT}
MUTANT = Mutant("name", Kind.CODE, PATH, 1, "1", "2", {PATH: CHANGED})
SCENARIO = "features/a.feature:1"


@pytest.mark.parametrize(
    ("lines", "at_start", "tests"),
    [
        ({"5": [SCENARIO]}, [], [SCENARIO]),
        ({}, [5], [SCENARIO]),
        ({"1": [SCENARIO]}, [], []),
    ],
)
def test_what_is_defined_for_functions_concerns_no_test_if_none_runs_them(
    lines: dict[str, list[str]], at_start: list[int], tests: list[str]
) -> None:
    reach = Reach({SCENARIO: 1.0}, {PATH: lines}, {PATH: at_start})
    assert reach.tests_of(MUTANT, ORIGINALS) == tests


def test_what_a_module_without_functions_defines_concerns_all_tests() -> None:
    mutant = Mutant("name", Kind.CODE, PATH, 1, "1", "2", {PATH: "STATES = 2\n"})
    reach = Reach({SCENARIO: 1.0}, {}, {})
    assert reach.tests_of(mutant, {PATH: "STATES = 1\n"}) == [SCENARIO]
