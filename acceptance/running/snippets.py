"""A definition to start from, for a sentence that no step defines."""

import keyword
import re
from itertools import chain, count

from behave.model import Step

_NO_NAMES = {
    "A",
    "An",
    "Everybody",
    "It",
    "My",
    "Nobody",
    "Nothing",
    "That",
    "The",
    "There",
    "This",
}
"""Words that begin sentences, or titles, and are nobody's name."""

_QUOTED = r'"[^"]*"'
# What each type looks like in a sentence, and what its arguments are called and are in Python; the
# first that fits is taken.
_TYPES = (
    ("Texts", rf"{_QUOTED}(?:(?:, | and ){_QUOTED})+", ("texts", "other_texts"), "list[str]"),
    ("Text", _QUOTED, ("text", "other_text"), "str"),
    ("d", r"\b\d+\b", ("number", "other_number"), "int"),
    ("Possessive", r"\b(?:her|his|their)\b(?= \w)", ("whose",), "str"),
    ("Pronoun", r"\b(?:her|him|them)\b(?! \w)", ("whom",), "str"),
    ("Name", r"\b[A-Z][a-z]+\b", ("name", "other"), "str"),
)
_WORDS = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern, _, _ in _TYPES))
_BY_NAME = {name: (arguments, python) for name, _, arguments, python in _TYPES}


def step_snippet(step: Step) -> str:
    """Write a definition of a step as the files in `steps/` have them."""
    arguments: dict[str, str] = {}
    pattern = ""
    rest = ""
    end = 0
    for found in _WORDS.finditer(step.name):
        kind = str(found.lastgroup)
        if found[0] in _NO_NAMES:
            continue
        between = step.name[end : found.start()]
        names, python = _BY_NAME[kind]
        name = _unused(names, arguments)
        arguments[name] = python
        pattern += f"{_as_literal(between)}{{{name}:{kind}}}"
        rest += f"{between} "
        end = found.end()
    pattern += _as_literal(step.name[end:])
    function = _as_function(rest + step.name[end:])
    parameters = "".join(f", {name}: {python}" for name, python in arguments.items())
    who = "person(name)" if "name" in arguments else "profile"
    passed = ", ".join(name for name in arguments if name != "name")
    quoted = "'''" if '"' in pattern else '"'
    return (
        f"@{step.step_type}({quoted}{pattern}{quoted})\n"
        f"def {function}(context: ScenarioContext{parameters}) -> None:\n"
        f"    context.world.{who}.{function}({passed})"
    )


def _unused(names: tuple[str, ...], arguments: dict[str, str]) -> str:
    more = (f"{names[-1]}_{number}" for number in count(2))
    return next(name for name in chain(names, more) if name not in arguments)


def _as_literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}").replace("\\", "\\\\")


def _as_function(text: str) -> str:
    # Of "Edith's list", the s belongs to the name.
    words = re.findall(r"[^\W_]+", re.sub(r"'s\b", "", text).lower())
    name = "_".join(words) or "does_something"
    if name[0].isdigit() or keyword.iskeyword(name):
        name = f"does_{name}"
    return name
