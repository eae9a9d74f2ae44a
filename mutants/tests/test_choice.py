from collections import Counter
from dataclasses import replace

from mutants.choice import MOST_IN_BROWSER, MOST_OF_STATIC_FILE, Choice
from mutants.mutant import Kind, Mutant
from mutants.reach import Reach

PATH = "lists/views.py"
ORIGINALS = {PATH: "def view():\n    return 1\n"}
MUTANT = Mutant("name", Kind.CODE, PATH, 2, "1", "2", {PATH: "def view():\n    return 2\n"})

NAMES = [f"features/{number:02}.feature:1" for number in range(MOST_OF_STATIC_FILE + 1)]
REACH = Reach(dict.fromkeys(NAMES, 1.0), {PATH: {"2": NAMES}}, {})
NOTHING = Reach({}, {}, {})


def scenarios(choice: Choice) -> list[str]:
    return choice.scenarios_for(MUTANT, ORIGINALS)


def test_what_noticed_a_mutant_nearby_comes_first() -> None:
    choice = Choice(REACH, {}, {}, seen=None)
    choice.note(replace(MUTANT, line=1), NAMES[7])
    assert scenarios(choice)[0] == NAMES[7]


def test_what_noticed_mutants_of_the_file_in_an_earlier_run_comes_first() -> None:
    choice = Choice(REACH, {}, {PATH: Counter([NAMES[7]])}, seen=None)
    assert scenarios(choice)[0] == NAMES[7]


def test_what_noticed_mutants_of_similar_files_comes_early() -> None:
    choice = Choice(REACH, {}, {"accounts/views.py": Counter([NAMES[7]])}, seen=None)
    choice.note(replace(MUTANT, path="lists/list.html"), NAMES[8])
    assert NAMES[7] in scenarios(choice)[:2]


def test_code_that_scenarios_without_a_browser_reach_meets_none_in_a_browser() -> None:
    assert scenarios(Choice(REACH, {}, {}, seen=REACH)) == []


def test_code_that_is_only_reached_in_a_browser_meets_more() -> None:
    assert len(scenarios(Choice(REACH, {}, {}, seen=NOTHING))) == MOST_IN_BROWSER


def test_a_script_meets_most() -> None:
    mutant = replace(MUTANT, path="a.js", texts={"a.js": "2"})
    reach = replace(REACH, lines={"a.js": {"0": NAMES}})
    choice = Choice(reach, {}, {}, seen=REACH)
    assert len(choice.scenarios_for(mutant, {"a.js": "1"})) == MOST_OF_STATIC_FILE
