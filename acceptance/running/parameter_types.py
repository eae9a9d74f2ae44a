"""The types of parameters in step sentences: names, quoted texts and lists of texts."""

import re
from collections.abc import Callable, Iterable

from behave.matchers import register_type
from parse import with_pattern

_QUOTED = r'"[^"]*"'
# The words before the last of several texts, in the languages of features.
TEXTS = rf"{_QUOTED}(?:(?:, | (?:and|und) ){_QUOTED})"


@with_pattern(r"[A-Z][a-z]+")
def parse_name(text: str) -> str:
    """Read the name of a person: `Edith`."""
    return text


@with_pattern(_QUOTED)
def parse_text(text: str) -> str:
    """Read a text between double quotes: `"Buy milk"`."""
    return text[1:-1]


@with_pattern(rf"{TEXTS}*")
def parse_texts(text: str) -> list[str]:
    """Read several texts: `"Buy milk", "Make tea" and "Drink it"`, or `"Milch" und "Tee"`."""
    return [quoted[1:-1] for quoted in re.findall(_QUOTED, text)]


@with_pattern(r"her|his|their")
def parse_possessive(text: str) -> str:
    """Read a possessive pronoun."""
    return text


@with_pattern(r"her|him|them")
def parse_pronoun(text: str) -> str:
    """Read a pronoun that stands for a person."""
    return text


def one_of(texts: Iterable[str]) -> Callable[[str], str]:
    """Return a function that reads one of these texts; if two match, the longer one."""

    def parse(text: str) -> str:
        return text

    pattern = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    reader: Callable[[str], str] = with_pattern(pattern)(parse)
    return reader


def register_parameter_types(**of_the_project: Callable[[str], object]) -> None:
    """Register `{:Name}`, `{:Text}` and the other types for step sentences, and a project's own."""
    register_type(
        Name=parse_name,
        Text=parse_text,
        Texts=parse_texts,
        Possessive=parse_possessive,
        Pronoun=parse_pronoun,
        **of_the_project,
    )
