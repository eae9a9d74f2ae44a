"""Mutants that may survive, each with the reason: `mutants/known.toml`."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from acceptance.errors import ExplainedError
from mutants.mutant import Mutant

KNOWN = Path(__file__).resolve().parents[1] / "known.toml"


class KnownError(ExplainedError):
    """The file cannot be read as a list of known mutants."""


@dataclass(frozen=True)
class Known:
    """A mutant, or several of one pattern, that may survive.

    In `path`, `before` and `after`, "*" stands for any text.

    Attributes:
        path: of the file.
        before: what stood there, as the mutant has it.
        after: what stands there instead.
        reason: why no test notices it, in a sentence.
        equivalent: whether no one could tell it from the site as it is.

    """

    path: str
    before: str
    after: str
    reason: str
    equivalent: bool

    def matches(self, mutant: Mutant) -> bool:
        """Whether the mutant is meant."""
        texts = (mutant.path, mutant.before, mutant.after)
        return all(
            pattern.fullmatch(text) for pattern, text in zip(self._patterns, texts, strict=True)
        )

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [
            re.compile(".*".join(re.escape(part) for part in text.split("*")))
            for text in (self.path, self.before, self.after)
        ]


def read_known(file: Path = KNOWN) -> list[Known]:
    """Read the file, in which each mutant is a table of the array `mutant`.

    Raises:
        KnownError: it is no TOML, or an entry lacks something or has too much.

    """
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("mutant", [])
    except tomllib.TOMLDecodeError as error:
        message = f"{file.name} cannot be read: {error}; correct that line."
        raise KnownError(message) from None
    return [
        _known(entry, f"entry {place} of {file.name}") for place, entry in enumerate(entries, 1)
    ]


def _known(entry: dict[str, Any], place: str) -> Known:
    for field in fields(Known):
        if not isinstance(entry.get(field.name), bool if field.type is bool else str):
            message = f"{place[:1].upper()}{place[1:]} has no {field.name}: add it."
            raise KnownError(message)
    if unknown := set(entry) - {field.name for field in fields(Known)}:
        message = (
            f"{place[:1].upper()}{place[1:]} has a {min(unknown)}, which means nothing: remove it."
        )
        raise KnownError(message)
    return Known(**entry)


def known_of(mutant: Mutant, known: Sequence[Known]) -> Known | None:
    """Return the first entry that means the mutant, or None."""
    return next((entry for entry in known if entry.matches(mutant)), None)
