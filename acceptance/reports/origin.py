"""What was tested, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Place(StrEnum):
    """Where the site ran that was tested."""

    LOCAL = "local"
    STAGING = "staging"


@dataclass(frozen=True)
class Origin:
    """What was tested.

    Attributes:
        place: where it ran.
        site: its address, or "this machine".
        commit: the commit under test, in hexadecimal, or None where nobody knows.
        uncommitted: whether there were changes besides.
        browser: the browser's name.

    """

    place: Place
    site: str
    commit: str | None
    uncommitted: bool
    browser: str


def origin_of(facts: Mapping[str, Any]) -> Origin | None:
    """Return what the facts of a run tell of where it was made; None where they do not."""
    try:
        place, commit = Place(facts["place"]), facts["commit"]
        site, browser = str(facts["site"]), str(facts["browser"])
    except (ValueError, KeyError):
        return None
    return Origin(
        place=place,
        site=site,
        commit=None if commit is None else str(commit),
        uncommitted=bool(facts.get("uncommitted")),
        browser=browser,
    )
