"""Snippets, which are correct for every sentence of the features."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from behave.matchers import ParseMatcher
from behave.parser import parse_file

from acceptance.running.parameter_types import one_of, register_parameter_types
from acceptance.running.snippets import step_snippet
from features.support.places import PLACES
from testbeds import ROOT

if TYPE_CHECKING:
    from behave.model import Step

SENTENCES = sorted(
    {
        step.name
        for file in (ROOT / "features").glob("*.feature")
        for scenario in parse_file(str(file)).walk_scenarios()
        for step in scenario.all_steps
    }
)
ODD = ["it costs {5} \\ more", '"', "", "class", "2 by 2 is 4", 'a "b" and a "c"', "Édith's list"]


def snippet(sentence: str) -> str:
    return step_snippet(cast("Step", SimpleNamespace(name=sentence, step_type="when")))


def test_it_has_the_style_of_the_steps_here() -> None:
    assert snippet('Edith ticks off "Buy milk"') == (
        '@when("{name:Name} ticks off {text:Text}")\n'
        "def ticks_off(context: ScenarioContext, name: str, text: str) -> None:\n"
        "    context.world.person(name).ticks_off(text)"
    )
    assert snippet('Edith and Oni see "A", "B" and "C" in her 2 lists') == (
        '@when("{name:Name} and {other:Name} see {texts:Texts} in {whose:Possessive} '
        '{number:d} lists")\n'
        "def and_see_in_lists(context: ScenarioContext, name: str, other: str, texts: list[str], "
        "whose: str, number: int) -> None:\n"
        "    context.world.person(name).and_see_in_lists(other, texts, whose, number)"
    )
    assert "eat {texts:Texts}" in snippet('Edith und Oni eat "A", "B" und "C"')


@pytest.mark.parametrize("sentences", [SENTENCES, ODD], ids=["of the features", "odd"])
def test_it_defines_its_own_sentence(sentences: list[str]) -> None:
    register_parameter_types(Place=one_of(PLACES))
    assert len(sentences) >= len(ODD)
    for sentence in sentences:
        defined = []

        def when(pattern: str) -> object:
            def define(function: object) -> None:
                defined.append(ParseMatcher(function, pattern, "when"))  # noqa: B023

            return define

        known = {"when": when, "ScenarioContext": object}
        exec(compile(snippet(sentence), sentence or "empty", "exec"), known)  # noqa: S102

        (definition,) = defined
        match = definition.match(sentence)
        assert match is not None, snippet(sentence)
