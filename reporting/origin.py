"""What was tested, and where: what a run attaches to itself as JSON."""

import json
from dataclasses import dataclass
from enum import StrEnum


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


def read_origin(text: str) -> Origin | None:
    """Return what a text tells of where a run was made; None where it is about anything else."""
    try:
        said = json.loads(text)
        place = Place(said["place"])
        site, commit, browser = said["site"], said["commit"], said["browser"]
    except (ValueError, KeyError, TypeError):
        return None
    return Origin(
        place=place,
        site=str(site),
        commit=None if commit is None else str(commit),
        uncommitted=bool(said.get("uncommitted")),
        browser=str(browser),
    )
