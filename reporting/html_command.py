"""`python -m reporting html`: Cucumber's report of one run or several."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reporting.errors import ReportError
from reporting.merging import merge
from reporting.page import page
from reporting.run_files import RecordedRun, read_run

if TYPE_CHECKING:
    import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those that there are."""
    command = commands.add_parser("html", help="make one page of runs", description=__doc__)
    command.add_argument(
        "runs", nargs="+", type=Path, metavar="RUN.ndjson", help="what `behave -f messages` wrote"
    )
    command.add_argument(
        "--output", required=True, type=Path, metavar="FILE.html", help="the page to write"
    )
    command.set_defaults(command=lambda given: make_page(given.runs, given.output))


def make_page(paths: Sequence[Path], output: Path) -> None:
    """Make a page of the files of runs.

    Raises:
        ReportError: one of them cannot be read, or the page cannot be written.

    """
    runs = [read_run(path) for path in paths]
    write_whole(output, page(merge(runs), _title(runs)))
    print(f"The report is in {output}.")  # noqa: T201 (who asked for it wants to open it)


def write_whole(path: Path, text: str) -> None:
    """Write a file, or leave what was there.

    Raises:
        ReportError: it cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as unfinished:
            try:
                unfinished.write(text)
                unfinished.flush()
                Path(unfinished.name).replace(path)
            except OSError:
                Path(unfinished.name).unlink()
                raise
        # Temporary files are for their maker alone, as far as Python knows.
        path.chmod(0o666 & ~_umask())
    except OSError as error:
        reason = "its folder is a file" if isinstance(error, FileExistsError) else error.strerror
        message = f"{path} cannot be written ({reason}): name another file after --output."
        raise ReportError(message) from None


def _umask() -> int:
    # It can only be asked for by being set.
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _title(runs: Sequence[RecordedRun]) -> str:
    places = dict.fromkeys(place for run in runs if (place := run.place()))
    return ", ".join(["Superlists", *places])
