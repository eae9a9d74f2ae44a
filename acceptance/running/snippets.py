"""Snippets: the beginnings of step definitions for sentences without one."""

import keyword
import re
from itertools import chain, count

from behave.model import Step

from acceptance.running.parameter_types import TEXTS

_NO_NAMES = {
    "A",
    "An",
    "Anyone",
    "Everyone",
    "It",
    "My",
    "No",
    "Nothing",
    "Someone",
    "That",
    "The",
    "There",
    "This",
}
"""Capitalized words that begin sentences or titles, and are not names."""

_QUOTED = r'"[^"]*"'
# For each type: its pattern in a sentence, the names of its arguments, and their type in Python.
# The first type that matches is used.
_TYPES = (
    ("Texts", rf"{TEXTS}+", ("texts", "other_texts"), "list[str]"),
    ("Text", _QUOTED, ("text", "other_text"), "str"),
    ("d", r"\b\d+\b", ("number", "other_number"), "int"),
    ("Possessive", r"\b(?:her|his|their)\b(?= \w)", ("whose",), "str"),
    ("Pronoun", r"\b(?:her|him|them)\b(?! \w)", ("pronoun",), "str"),
    ("Name", r"\b[A-Z][a-z]+\b", ("name", "other"), "str"),
)
_WORDS = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern, _, _ in _TYPES))
_BY_NAME = {name: (arguments, python) for name, _, arguments, python in _TYPES}


def step_snippet(step: Step) -> str:
    """Return a definition of a step in the style of the files in `steps/`."""
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
    # In "Edith's list", the "s" belongs to the name.
    words = re.findall(r"[^\W_]+", re.sub(r"'s\b", "", text).lower())
    name = "_".join(words) or "does_something"
    if name[0].isdigit() or keyword.iskeyword(name):
        name = f"does_{name}"
    return name
