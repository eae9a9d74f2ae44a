"""Whether what a deployment brings finds room on the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from fabfile.errors import DeploymentError
from fabfile.survey import Survey

# Static files are collected beside the source, and again compressed.
_COPIES = 3
_MARGIN_BYTES = 2_000_000
_MARGIN_FILES = 50

# As measured, of this site's packages on Debian 12, and rounded up.
_ENVIRONMENT_BYTES = 100_000_000
_ENVIRONMENT_FILES = 10_000


@dataclass(frozen=True)
class Need:
    """What a folder of the site is to hold more than now.

    Attributes:
        folder: its name as `Survey.room` takes it.
        bytes: how much.
        files: how many.

    """

    folder: str
    bytes: int
    files: int


def for_release(unpacked: int, packed: int, files: int) -> Need:
    """Return what a release needs.

    Args:
        unpacked: the bytes of its files.
        packed: those of the archive that brings them.
        files: how many there are.

    """
    return Need(
        "releases", packed + _COPIES * unpacked + _MARGIN_BYTES, _COPIES * files + _MARGIN_FILES
    )


def for_environment(survey: Survey) -> Need:
    """Return what one more environment needs, which is much like those that are there."""
    size = max(survey.environment_bytes, _ENVIRONMENT_BYTES)
    return Need("virtualenvs", size, _ENVIRONMENT_FILES)


def for_database(survey: Survey) -> Need:
    """Return what migrations of an SQLite file may need: a journal of all of it."""
    size = (survey.database or {}).get("bytes") or 0
    return Need("database", size + _MARGIN_BYTES, _MARGIN_FILES)


def see_room(survey: Survey, needs: Sequence[Need]) -> str:
    """See that all of it finds room, and return how much there is.

    Raises:
        DeploymentError: it does not, or nothing can be written there at all; says why.

    """
    told: dict[int, str] = {}
    for first in needs:
        room = survey.room(first.folder)
        if room.device in told:
            continue
        together = [each for each in needs if survey.room(each.folder).device == room.device]
        needed = sum(each.bytes for each in together)
        files = sum(each.files for each in together)
        path = survey.path(first.folder)
        if room.bytes < needed:
            message = (
                f"There is too little room in {path} on {survey.site.host} "
                f"({_megabytes(room.bytes)} are free, and deploying this needs "
                f"{_megabytes(needed)}): delete what is not needed there, and deploy again."
            )
            raise DeploymentError(message)
        if room.files is not None and room.files < files:
            message = (
                f"There is no room for more files in {path} on {survey.site.host} "
                f"({room.files} inodes are free, and deploying this needs {files}): delete what is "
                "not needed there, and deploy again."
            )
            raise DeploymentError(message)
        told[room.device] = f"{_megabytes(room.bytes)} free, {_megabytes(needed)} needed"
    return "; ".join(told.values())


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB"
