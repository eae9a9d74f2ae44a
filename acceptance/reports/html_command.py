"""`python -m acceptance.reports html`: write Cucumber's report of one run or several."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.reports.merging import merge
from acceptance.reports.output import write_document
from acceptance.reports.page import page
from acceptance.reports.run_files import RecordedRun, read_run
from acceptance.reports.site_name import site_name
from acceptance.reports.verdict import troubles

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
    command.set_defaults(command=lambda given: make_page(given.runs, given.output, site_name()))


def make_page(
    paths: Sequence[Path], output: Path, name: str, *, shown_as: Path | None = None
) -> None:
    """Make a page of the files of runs.

    Args:
        paths: the files.
        output: where to write the page.
        name: what people call the site.
        shown_as: where readers will find it, if it is moved there.

    Raises:
        ReportError: one of them cannot be read, or the page cannot be written.

    """
    runs = [read_run(path) for path in paths]
    write_document(output, page(merge(runs), _title(name, runs), list(_troubles(runs))))
    print(f"The report is in {shown_as or output}.")  # noqa: T201 (the user wants to open it)


def _title(name: str, runs: Sequence[RecordedRun]) -> str:
    places = dict.fromkeys(place for run in runs if (place := run.place()))
    return ", ".join([name, *places])


def _troubles(runs: Sequence[RecordedRun]) -> Iterator[str]:
    for run in runs:
        where = f"{run.path}: " if len(runs) > 1 else ""
        yield from (f"{where}{trouble}" for trouble in troubles(run))
