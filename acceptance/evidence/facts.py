"""The facts of a run, as its reports state them: what was tested, and where."""

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
        place: the place of the site.
        site: its address, or "this machine".
        commit: the commit under test, 40 hexadecimal digits, or None if it is unknown.
        uncommitted: whether there were uncommitted changes.
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
        """The place in one word: "local", or the host of the deployed site."""
        if self.place is Place.LOCAL:
            return self.place
        return urlsplit(self.site).netloc or self.site or self.place

    def to_json(self) -> bytes:
        """Return the facts as a JSON object that has the attributes as its keys."""
        return _facts().dump_json(self)


def facts_in(text: str) -> Facts | None:
    """Return the facts in a JSON object; None if it is not one."""
    try:
        return _facts().validate_json(text)
    except ValidationError:
        return None


@cache
def _facts() -> TypeAdapter[Facts]:
    # Built only for a report, because that takes as long as importing a package.
    return TypeAdapter(Facts)
