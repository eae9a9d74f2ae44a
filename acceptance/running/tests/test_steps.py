"""The hook around steps, however they are matched, and sentences that no step defines."""

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

MATCHERS = {
    "parse": 'use_step_matcher("parse")\n\n@step("parse {word}")',
    "cfparse": 'use_step_matcher("cfparse")\n\n@step("cfparse {word}")',
    "re": 'use_step_matcher("re")\n\n@step("re (?P<word>.*)")',
    "re0": 'use_step_matcher("re0")\n\n@step("re0 (?P<word>.*)")',
    "cucumber": (
        "from behave.cucumber_expression import use_step_matcher_for_cucumber_expressions\n"
        "use_step_matcher_for_cucumber_expressions()\n\n@step('cucumber {word}')"
    ),
    "own": (
        "from behave.matchers import Match, Matcher, register_step_matcher_class\n\n"
        "class Own(Matcher):\n"
        "    NAME = 'own'\n"
        "    ONLY = {}\n"
        "    def describe(self): return self.pattern\n"
        "    def check_match(self, text): return []\n"
        "    def compile(self): return self\n"
        "    @property\n"
        "    def regex_pattern(self): return self.pattern\n"
        "    def match(self, text):\n"
        "        if text.startswith('own'):\n"
        "            return self.ONLY.setdefault('it', OwnMatch(self.func, []))\n\n"
        "class OwnMatch(Match):\n"
        "    def run(self, context): self.func(context, 'word')\n\n"
        "register_step_matcher_class('own', Own)\n"
        "use_step_matcher('own')\n\n@step('own')"
    ),
    "deco": (
        "def foreign(text):\n"
        "    def decorate(function):\n"
        "        return step(text)(lambda context, word: function(context, word))\n"
        "    return decorate\n\n@foreign('deco {word}')"
    ),
}
ENVIRONMENT = """\
from contextlib import contextmanager


@contextmanager
def around_step(context, step):
    note("begin", step.name)
    try:
        yield
    except BaseException as error:
        note("broke", step.name, type(error).__name__)
        raise AssertionError("EXPLAINED") from None
    note("end", step.name)


def note(*words):
    with open("seen.txt", "a") as file:
        print(*words, file=file)
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    made.write("environment.py", ENVIRONMENT)
    for name, head in MATCHERS.items():
        body = f'{head}\ndef {name}(context, word):\n    assert word != "wrong", "WRONG"\n'
        made.write(f"steps/{name}_steps.py", f"from behave import step, use_step_matcher\n{body}")
    made.write(
        "steps/later_steps.py",
        """
        from behave import step
        from behave.api.async_step import async_run_until_complete

        @step("async {word}")
        @async_run_until_complete
        async def asynchronous(context, word):
            assert word != "wrong", "WRONG"

        @step("it consists of others")
        def made_of_others(context):
            context.execute_steps("Given parse this\\nAnd re that")

        @step("it consists of {what}")
        def made_of(context, what):
            context.execute_steps(f"Given {what}")

        @step("{number:d} is a number")
        def is_a_number(context, number): ...
        """,
    )
    return made


def seen(suite: Suite) -> list[str]:
    file = suite.folder / "seen.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return lines


def write_scenario(suite: Suite, *steps: str) -> None:
    lines = "".join(f"    Given {step}\n" for step in steps)
    suite.write("features/one.feature", f"Feature: One\n\n  Scenario: A thing\n{lines}")


ALL = ["async", *MATCHERS]


def test_steps_of_every_matcher_are_run_inside_the_hook(suite: Suite) -> None:
    write_scenario(suite, *(f"{name} {word}" for name in ALL for word in ("this", "that")))

    ended = suite.behave()

    assert ended.status == 0, ended.output
    assert seen(suite) == [
        f"{when} {name} {word}"
        for name in ALL
        for word in ("this", "that")
        for when in ("begin", "end")
    ]


@pytest.mark.parametrize("name", [name for name in ALL if name != "own"])
def test_the_failure_that_the_hook_raises_is_reported(suite: Suite, name: str) -> None:
    write_scenario(suite, f"{name} wrong", f"{name} this")

    ended = suite.behave()

    assert ended.status == 1
    assert ended.output.count("ASSERT FAILED: EXPLAINED") == 1
    assert seen(suite) == [f"begin {name} wrong", f"broke {name} wrong AssertionError"]


def test_steps_that_a_step_executes_run_inside_its_hook(suite: Suite) -> None:
    write_scenario(suite, "it consists of others")

    assert suite.behave().status == 0
    assert seen(suite) == [
        "begin it consists of others",
        *("begin parse this", "end parse this", "begin re that", "end re that"),
        "end it consists of others",
    ]


def test_a_sentence_that_no_step_defines_is_named(suite: Suite) -> None:
    write_scenario(suite, "parse this", "no one defines this", "nor that", "parse that")

    for words in ([], ["--dry-run", "-f", "null"]):
        ended = suite.behave(*words)

        assert ended.status == 1
        assert ended.output.endswith(
            "No step is defined for these 2 sentences:\n"
            "  features/one.feature:5  Given no one defines this\n"
            "  features/one.feature:6  Given nor that"
        )
        assert "None" not in ended.output


def test_a_sentence_that_no_step_defines_is_named_within_a_step_too(suite: Suite) -> None:
    write_scenario(suite, "it consists of no one defines this")

    ended = suite.behave()

    assert ended.status == 1
    assert "No step is defined for this sentence:\n" in ended.output
    assert "Given no one defines this" in ended.output


def test_behave_reports_an_argument_that_cannot_be_converted(suite: Suite) -> None:
    write_scenario(suite, "ten is a number")

    ended = suite.behave()

    assert "Given ten is a number" in ended.output
