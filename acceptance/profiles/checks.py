"""Checks before a run: each ends with what was found, or with what to type next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from acceptance.errors import NotReadyError
from acceptance.hosts.printable import printable


class DoubtError(Exception):
    """A check found something that a person should know, and that stops nothing."""


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"
    LEFT_OUT = "-"


@dataclass(frozen=True)
class Check:
    """Something that has to be right before a run.

    Attributes:
        title: what is looked at, in a word or two.
        look: looks, and returns what it found in a few words; raises NotReadyError or DoubtError.
        needs: the titles of the checks without which there is nothing to look at.

    """

    title: str
    look: Callable[[], str]
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Finding:
    """What a check found."""

    title: str
    verdict: Verdict
    text: str

    def __str__(self) -> str:
        """Put it into a line that stands below others."""
        return printable(f"{self.verdict:8} {self.title:14} {self.text}")


def look_at_all(checks: Iterable[Check]) -> Iterator[Finding]:
    """Make the checks in their order, leaving out what needs one that failed."""
    unusable: set[str] = set()
    for check in checks:
        finding = _look(check, [title for title in check.needs if title in unusable])
        if finding.verdict in {Verdict.FAILED, Verdict.LEFT_OUT}:
            unusable.add(check.title)
        yield finding


def _look(check: Check, missing: Sequence[str]) -> Finding:
    if missing:
        return Finding(check.title, Verdict.LEFT_OUT, f"not looked at, for want of {missing[0]}")
    try:
        return Finding(check.title, Verdict.OK, check.look())
    except DoubtError as doubt:
        return Finding(check.title, Verdict.WARNING, str(doubt))
    except NotReadyError as reason:
        return Finding(check.title, Verdict.FAILED, str(reason))
