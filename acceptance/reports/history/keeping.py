"""The folder in which runs are kept, each in a file named after its beginning and its place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from acceptance.evidence.showable import showable
from acceptance.reports.errors import ReportError
from acceptance.reports.history.past_run import DamagedRunError, PastRun, lines_of, runs_in
from acceptance.whole_file import write_whole

RUNS = "runs"
"""What the folder is called, beside the reports."""

MOST_RUNS = 50
"""How many runs of a place are kept."""

OLDEST = timedelta(days=180)
"""How long runs are kept."""

ALWAYS = 10
"""How many runs of a place are kept however old they are."""

MOST_BYTES = 4_000_000
"""How large the file of a run may be: some 15,000 scenarios."""

_SUFFIX = ".ndjson"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Kept:
    """What a folder of runs holds.

    Attributes:
        runs: those that can be read, in no order.
        problems: why others cannot, in sentences.

    """

    runs: tuple[PastRun, ...] = ()
    problems: tuple[str, ...] = ()


def kept_runs(folder: Path) -> Kept:
    """Read the runs in a folder; a file that cannot be read costs no more than its own run."""
    runs: dict[str, PastRun] = {}
    problems = []
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            runs |= {run.run: run for run in runs_in(_text_of(file))}
        except (DamagedRunError, OSError, UnicodeDecodeError) as error:
            problems.append(
                f"{file} is left out of what is known of earlier runs, since {_reason(error)}: "
                "remove it."
            )
    return Kept(tuple(runs.values()), tuple(problems))


def _text_of(file: Path) -> str:
    size = file.stat().st_size
    if size > MOST_BYTES:
        message = f"its {size:,} bytes are more than any run has"
        raise DamagedRunError(message)
    if not size:
        message = "it is empty"
        raise DamagedRunError(message)
    return file.read_text("utf-8")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror})"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text"
    return str(error)


def keep(runs: Iterable[PastRun], folder: Path) -> None:
    """Keep runs in a folder, and remove those that are too many or too old.

    A run that is there already is replaced: some of it may have been repeated.

    Raises:
        ReportError: they cannot be written; those that are there stay.

    """
    try:
        for run in runs:
            write_whole(folder / file_name(run), showable("".join(lines_of(run))))
    except OSError as error:
        reason = "its folder is a file" if isinstance(error, FileExistsError) else error.strerror
        message = (
            f"The run cannot be kept in {folder} ({reason}), so later pages will not compare with "
            "it: make room there, and type `make docs`."
        )
        raise ReportError(message) from None
    for run in superfluous(kept_runs(folder).runs):
        with suppress(OSError):
            (folder / file_name(run)).unlink()


def file_name(run: PastRun) -> str:
    """Return the name of the file of a run: when it began, where, and which it is."""
    when = f"{run.started.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    where = _NOT_IN_NAMES.sub("-", run.facts.where)[:60]
    # Its id may be any text, if another program wrote it.
    return f"{when}-{where}-{sha256(run.run.encode()).hexdigest()[:12]}{_SUFFIX}"


def superfluous(runs: Sequence[PastRun], now: datetime | None = None) -> Iterator[PastRun]:
    """Return the runs that are too many or too old.

    Age is counted from the last run or from now, whichever is earlier: neither a clock that was
    wrong during a run nor one that is wrong now removes all the others.
    """
    today = min(
        [
            now or datetime.now(UTC),
            max((run.started for run in runs), default=datetime.max.replace(tzinfo=UTC)),
        ]
    )
    by_place = sorted(runs, key=lambda run: run.facts.place)
    for _, of_place in groupby(by_place, key=lambda run: run.facts.place):
        newest_first = sorted(of_place, key=lambda run: run.started, reverse=True)
        for number, run in enumerate(newest_first):
            if number >= MOST_RUNS or (number >= ALWAYS and today - run.started > OLDEST):
                yield run
