"""The kinds of words that may stand in a step: names, quoted texts and lists of them."""

import re

from behave.matchers import register_type
from parse import with_pattern

from features.support.places import PLACES

_QUOTED = r'"[^"]*"'


@with_pattern(r"[A-Z][a-z]+")
def parse_name(text: str) -> str:
    """Read the name of a person: `Edith`."""
    return text


@with_pattern(_QUOTED)
def parse_text(text: str) -> str:
    """Read a text between double quotes: `"Buy milk"`."""
    return text[1:-1]


@with_pattern(rf"{_QUOTED}(?:(?:, | and ){_QUOTED})*")
def parse_texts(text: str) -> list[str]:
    """Read several texts: `"Buy milk", "Make tea" and "Drink it"`."""
    return [quoted[1:-1] for quoted in re.findall(_QUOTED, text)]


@with_pattern(r"her|his|their")
def parse_possessive(text: str) -> str:
    """Read a word that stands for a person's own."""
    return text


@with_pattern(r"her|him|them")
def parse_pronoun(text: str) -> str:
    """Read a word that stands for a person."""
    return text


@with_pattern("|".join(re.escape(place) for place in sorted(PLACES, key=len, reverse=True)))
def parse_place(text: str) -> str:
    """Read the description of a page: `list that is shared`."""
    return text


def register_parameter_types() -> None:
    """Let step sentences use `{:Name}`, `{:Text}` and the other types."""
    register_type(
        Name=parse_name,
        Text=parse_text,
        Texts=parse_texts,
        Possessive=parse_possessive,
        Pronoun=parse_pronoun,
        Place=parse_place,
    )
