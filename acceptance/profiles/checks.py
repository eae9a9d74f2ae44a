"""Checks before a run: each results in a finding, or in an explanation of what to type."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from acceptance.errors import NotReadyError
from acceptance.hosts.printable import printable


class DoubtError(Exception):
    """A check found something that people should know, but that does not stop the run."""


class Verdict(StrEnum):
    """The result of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"
    LEFT_OUT = "-"


@dataclass(frozen=True)
class Check:
    """A check before a run.

    Attributes:
        title: its subject, in a word or two.
        look: runs the check and describes what it found in a few words; raises NotReadyError or
            DoubtError.
        needs: the titles of the checks that must not fail before this one.

    """

    title: str
    look: Callable[[], str]
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Finding:
    """The finding of a check."""

    title: str
    verdict: Verdict
    text: str

    def __str__(self) -> str:
        """Return the finding as a line of a table."""
        return printable(f"{self.verdict:8} {self.title:14} {self.text}")


def run_checks(checks: Iterable[Check]) -> Iterator[Finding]:
    """Run the checks in their order, but leave out those that need one that failed."""
    unusable: set[str] = set()
    for check in checks:
        finding = _look(check, [title for title in check.needs if title in unusable])
        if finding.verdict in {Verdict.FAILED, Verdict.LEFT_OUT}:
            unusable.add(check.title)
        yield finding


def _look(check: Check, missing: Sequence[str]) -> Finding:
    if missing:
        return Finding(check.title, Verdict.LEFT_OUT, f"not checked, because it needs {missing[0]}")
    try:
        return Finding(check.title, Verdict.OK, check.look())
    except DoubtError as doubt:
        return Finding(check.title, Verdict.WARNING, str(doubt))
    except NotReadyError as reason:
        return Finding(check.title, Verdict.FAILED, str(reason))
