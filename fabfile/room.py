"""Check that the server has enough disk space for a deployment."""

from collections.abc import Sequence
from dataclasses import dataclass

from fabfile.errors import DeploymentError
from fabfile.survey import Survey

# Static files are collected beside the source, and once more compressed.
_COPIES = 3
_MARGIN_BYTES = 2_000_000
_MARGIN_FILES = 50

# Measured with this site's packages on Debian 12, and rounded up.
_ENVIRONMENT_BYTES = 100_000_000
_ENVIRONMENT_FILES = 10_000


@dataclass(frozen=True)
class Need:
    """The additional space that a folder of the site needs.

    Attributes:
        folder: its name, as `Survey.room` takes it.
        bytes: how many bytes.
        files: how many files.

    """

    folder: str
    bytes: int
    files: int


def for_release(unpacked: int, packed: int, files: int) -> Need:
    """Return what a release needs.

    Args:
        unpacked: the bytes of its files.
        packed: the bytes of the archive that contains them.
        files: how many there are.

    """
    return Need(
        "releases", packed + _COPIES * unpacked + _MARGIN_BYTES, _COPIES * files + _MARGIN_FILES
    )


def for_environment(survey: Survey) -> Need:
    """Return what one more environment needs, judging by those that exist."""
    size = max(survey.environment_bytes, _ENVIRONMENT_BYTES)
    return Need("virtualenvs", size, _ENVIRONMENT_FILES)


def for_database(survey: Survey) -> Need:
    """Return what migrations of an SQLite file may need: a journal as large as the file."""
    size = (survey.database or {}).get("bytes") or 0
    return Need("database", size + _MARGIN_BYTES, _MARGIN_FILES)


def check_room(survey: Survey, needs: Sequence[Need]) -> str:
    """Check that there is room for everything, and return a text about it.

    Raises:
        DeploymentError: there is too little room, or a folder cannot be written to.

    """
    texts: dict[int, str] = {}
    for first in needs:
        room = survey.room(first.folder)
        if room.device in texts:
            continue
        together = [each for each in needs if survey.room(each.folder).device == room.device]
        needed = sum(each.bytes for each in together)
        files = sum(each.files for each in together)
        path = survey.path(first.folder)
        if room.bytes < needed:
            message = (
                f"There is too little space in {path} on {survey.site.host} "
                f"({_megabytes(room.bytes)} are free, and this deployment needs "
                f"{_megabytes(needed)}): delete what is not needed there, and deploy again."
            )
            raise DeploymentError(message)
        if room.files is not None and room.files < files:
            message = (
                f"There is no room for more files in {path} on {survey.site.host} "
                f"({room.files} inodes are free, and this deployment needs {files}): delete what "
                "is not needed there, and deploy again."
            )
            raise DeploymentError(message)
        texts[room.device] = f"{_megabytes(room.bytes)} free, {_megabytes(needed)} needed"
    return "; ".join(texts.values())


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB"
