"""What was tested, and where: the facts of a run, as its reports state them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

FACTS = 'application/json; name="What was tested"'
"""The media type under which the facts of a run are attached to it."""


class Place(StrEnum):
    """Where the tested site ran."""

    LOCAL = "local"
    STAGING = "staging"


@dataclass(frozen=True)
class Facts:
    """What was tested.

    Attributes:
        place: where it ran.
        site: its address, or "this machine".
        commit: the commit under test, 40 hexadecimal digits, or None where no one knows.
        uncommitted: whether there were changes besides.
        browser: the browser's name, or "".
        release: the tag of the commit, or the last one before it as `git describe` names it, or "".
        by: who or what ran it: the user, or the CI job, such as "GitHub Actions, build 12"; or "".
        job: the address of that CI job's page, or "".

    """

    place: Place
    site: str
    commit: str | None = None
    uncommitted: bool = False
    browser: str = ""
    release: str = ""
    by: str = ""
    job: str = ""

    @property
    def where(self) -> str:
        """The place in a word: "local", or the host of the deployed site."""
        if self.place is Place.LOCAL:
            return self.place
        return urlsplit(self.site).netloc or self.site or self.place

    def to_json(self) -> bytes:
        """Return the facts as a JSON object that has the attributes as its keys."""
        return _facts().dump_json(self)


def facts_in(text: str) -> Facts | None:
    """Return the facts in a JSON object; None where it is something else."""
    try:
        return _facts().validate_json(text)
    except ValidationError:
        return None


@cache
def _facts() -> TypeAdapter[Facts]:
    # Made when a report wants it: that takes as long as to import a package.
    return TypeAdapter(Facts)
