"""`python -m acceptance.reports history`: take earlier runs from where the page is published."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.reports.history.keeping import keep, kept_runs
from acceptance.reports.history.published import published_runs, text_of
from acceptance.reports.output import write_document

if TYPE_CHECKING:
    import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those that there are."""
    command = commands.add_parser(
        "history",
        help="take the runs that a published page has beside it, or write those to publish",
        description=__doc__,
    )
    command.add_argument("folder", type=Path, metavar="FOLDER", help="where runs are kept")
    direction = command.add_mutually_exclusive_group(required=True)
    direction.add_argument(
        "--from", dest="page", metavar="ADDRESS", help="the published page whose runs to keep, too"
    )
    direction.add_argument(
        "--output", type=Path, metavar="FILE", help="the file to publish as runs.ndjson"
    )
    command.set_defaults(command=_do)


def _do(given: "argparse.Namespace") -> None:
    if given.page:
        take(given.page, given.folder)
    else:
        write(given.folder, given.output)


def take(page: str, folder: Path) -> None:
    """Keep the runs that a published page has beside it.

    Raises:
        ReportError: it is not known what is there, or the folder cannot be written.

    """
    runs = published_runs(page)
    keep(runs, folder)
    if runs:
        print(f"{len(runs)} runs of {page} are in {folder}.")  # noqa: T201 (it was asked for)
    else:
        print(f"{page} has no runs yet: the history begins now.")  # noqa: T201


def write(folder: Path, output: Path) -> None:
    """Write the runs that are kept into one file, to be published beside the page.

    Raises:
        ReportError: the file cannot be written.

    """
    kept = kept_runs(folder)
    for problem in kept.problems:
        sys.stderr.write(f"{problem}\n")
    write_document(output, text_of(kept.runs))
