from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from mutants.mutant import Kind, Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import copied_project
from mutants.unit_tests import suite
from mutants.unit_tests.choice import ReachOfUnitTests, UnitTestChoice
from mutants.unit_tests.servers import UnitTestServers
from mutants.unit_tests.suite import UnitTester
from testbeds import ROOT

Outcomes = Callable[[Mutant], Outcome]

ANSWER = (
    "superlists/tests/test_health.py::test_anyone_may_ask_for_the_commit_and_learns_nothing_else"
)
METHODS = "superlists/tests/test_health.py::test_health_is_only_read"
ELSEWHERE = "lists/tests/test_home.py::test_the_first_page_takes_no_posts"
HOME = "lists/tests/test_home.py::test_the_form_starts_a_list"
IN_DATABASE = "lists/tests/test_items.py::test_an_empty_list_is_said_to_be_empty"
SLOW = "superlists/tests/test_processes.py::test_the_check_for_servers_finds_nothing"
SLOWER = f"{SLOW}_at_all"

HEALTH = "superlists/health.py"
SCRIPT = "superlists/static/select_text.js"


def line_of(path: str, text: str) -> int:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def mutant(path: str, before: str, after: str) -> Mutant:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert before in source
    texts = {path: source.replace(before, after)}
    return Mutant("example", Kind.CODE, path, line_of(path, before), before, after, texts)


REACH = ReachOfUnitTests(
    seconds={
        IN_DATABASE: 0.05,
        ELSEWHERE: 0.1,
        HOME: 0.3,
        ANSWER: 0.2,
        METHODS: 0.2,
        SLOW: 3.5,
        SLOWER: 4.0,
    },
    lines={
        HEALTH: {
            str(line_of(HEALTH, "kind = ")): [ANSWER, SLOW],
            str(line_of(HEALTH, "return JsonResponse")): [ANSWER],
            # A process imports everything.
            str(line_of(HEALTH, "_COMMIT = ")): [SLOW, SLOWER],
        },
        "lists/templates/lists/home.html": {"1": [HOME]},
        SCRIPT: {"1": [METHODS]},
    },
    at_start={HEALTH: [line_of(HEALTH, "_COMMIT = ")]},
)


def chosen(
    changed: Mutant,
    reach: ReachOfUnitTests = REACH,
    *,
    imports: bool = False,
    after: str = "",
    may_survive: bool = True,
) -> list[str]:
    """Return the tests that a mutant meets, after one of them has noticed another mutant."""
    choice = UnitTestChoice(reach, {})
    if after:
        choice.note(changed, after)
    original = (ROOT / changed.path).read_text(encoding="utf-8")
    return choice.tests_for(
        changed, {changed.path: original}, imports=imports, may_survive=may_survive
    )


IN_FUNCTION = mutant(HEALTH, 'else "production"', 'else "staging"')
AT_IMPORT = mutant(HEALTH, "_COMMIT = deployed", "_COMMIT = not deployed")


def test_a_line_in_a_function_concerns_the_quick_tests_that_execute_it() -> None:
    assert chosen(IN_FUNCTION) == [ANSWER]


def test_a_line_that_only_slow_tests_execute_concerns_these() -> None:
    lines = {HEALTH: {str(line_of(HEALTH, "kind = ")): [SLOW]}}
    assert chosen(IN_FUNCTION, replace(REACH, lines=lines)) == [SLOW]


def test_what_runs_at_import_concerns_all_tests_up_to_a_limit() -> None:
    tests = chosen(AT_IMPORT, imports=True)
    assert tests[:2] == [ANSWER, METHODS]
    assert set(tests[2:5]) == {IN_DATABASE, ELSEWHERE, HOME}
    assert tests[5:] == [SLOW]


def test_a_mutant_that_no_test_should_miss_meets_more_tests() -> None:
    tests = chosen(AT_IMPORT, imports=True, may_survive=False)
    assert tests[5:] == [SLOW, SLOWER]


def test_a_module_that_the_site_does_not_import_concerns_the_tests_that_do() -> None:
    tests = chosen(AT_IMPORT, replace(REACH, at_start={}), imports=True)
    assert tests == [ANSWER, SLOW]


def test_what_has_noticed_a_mutant_nearby_comes_first() -> None:
    assert chosen(AT_IMPORT, imports=True, after=METHODS)[0] == METHODS


def test_a_file_without_code_concerns_the_tests_that_read_it() -> None:
    assert chosen(mutant(SCRIPT, "select", "blur")) == [METHODS]


NOTICED = mutant(HEALTH, '"commit": _COMMIT, ', "")
IN_TEMPLATE = mutant("lists/templates/lists/home.html", "{% block title", "{% blck title")
UNNOTICED = mutant(HEALTH, '"kind": kind}', '"kind": str(kind)}')
NOT_STARTING = mutant("superlists/settings.py", '    "lists",', '    "list",')
BROKEN_MIGRATION = mutant(
    "lists/migrations/0003_list_name.py", "operations = [", "operations = 1 / 0 and ["
)
IMPORTED = mutant("lists/urls.py", 'app_name = "lists"', 'app_name = "list"')
ENDLESS = mutant(HEALTH, "    kind = ", "    while True:\n        kind = ")


def meet(changes: Sequence[Mutant], folder: Path) -> list[Outcome]:
    """Let mutants meet the tests, in a process that has not imported the site."""
    with copied_project(ROOT) as project:
        servers = UnitTestServers(project.folder, [METHODS, HOME, IN_DATABASE])
        try:
            tester = UnitTester(
                ROOT, UnitTestChoice(REACH, {}), servers, folder / "current", lambda _: True
            )
            outcomes = []
            for changed in changes:
                if changed == ENDLESS:
                    suite._STARTING_TIME = 8.0
                # What is replaced in a loaded site is not read from its files.
                with nullcontext() if changed == NOTICED else project.changed(changed):
                    outcomes.append(tester.meet(changed))
            with project.changed(BROKEN_MIGRATION), project.changed(IMPORTED):
                outcomes.append(tester.meet(IMPORTED))
            return outcomes
        finally:
            servers.stop()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    changes = [NOTICED, IN_TEMPLATE, UNNOTICED, NOT_STARTING, BROKEN_MIGRATION, ENDLESS]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(meet, changes, tmp_path_factory.mktemp("tester")).result()
    return lambda changed: found[[*changes, IMPORTED].index(changed)]


def test_the_first_test_that_fails_notices_a_mutant(outcomes: Outcomes) -> None:
    outcome = outcomes(NOTICED)

    assert outcome.killed_in is Stage.UNIT_TESTS
    assert outcome.killed_by == ANSWER
    assert outcome.first_line.startswith("AssertionError: assert ['kind'] == ['commit', 'kind']")
    assert outcome.tried == 1


def test_a_changed_template_is_noticed(outcomes: Outcomes) -> None:
    assert outcomes(IN_TEMPLATE).killed_by == HOME
    assert "block" in outcomes(IN_TEMPLATE).first_line


def test_a_mutant_survives_tests_that_pass(outcomes: Outcomes) -> None:
    assert outcomes(UNNOTICED).killed_in is None
    assert outcomes(UNNOTICED).tried == 1


def test_a_site_that_does_not_start_is_noticed(outcomes: Outcomes) -> None:
    outcome = outcomes(NOT_STARTING)

    assert outcome.killed_in is Stage.UNIT_TESTS
    assert outcome.killed_by == "the unit tests do not start"
    assert "No module named 'list'" in outcome.first_line


def test_a_changed_migration_is_noticed(outcomes: Outcomes) -> None:
    assert outcomes(BROKEN_MIGRATION).first_line == "ZeroDivisionError: division by zero"


def test_nothing_is_migrated_for_other_changes(outcomes: Outcomes) -> None:
    assert outcomes(IMPORTED).killed_by == IN_DATABASE
    assert "NoReverseMatch" in outcomes(IMPORTED).first_line


def test_a_mutant_that_never_ends_is_noticed(outcomes: Outcomes) -> None:
    assert outcomes(ENDLESS).killed_by == ANSWER
    assert outcomes(ENDLESS).first_line == "it did not end within 10 s"
