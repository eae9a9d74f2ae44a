"""`python -m acceptance.reports merge`: merge the shards of a run into one run."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.reports.errors import ReportError
from acceptance.reports.history.keeping import keep
from acceptance.reports.history.record import past_runs
from acceptance.reports.html_command import make_page
from acceptance.reports.output import write_document
from acceptance.reports.run_files import RecordedRun, read_run
from acceptance.reports.shards import merge_shards
from acceptance.reports.site_name import site_name

if TYPE_CHECKING:
    import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those that there are."""
    command = commands.add_parser("merge", help="make one run from its shards", description=__doc__)
    command.add_argument(
        "shards", nargs="+", type=Path, metavar="SHARD.ndjson", help="what each shard wrote"
    )
    command.add_argument(
        "--output", required=True, type=Path, metavar="RUN.ndjson", help="the run to write"
    )
    command.add_argument(
        "--page", type=Path, metavar="FILE.html", help="a page of it to write, too"
    )
    command.add_argument(
        "--history", type=Path, metavar="FOLDER", help="where runs are kept, and this one, too"
    )
    command.set_defaults(
        command=lambda given: write_merged(given.shards, given.output, given.page, given.history)
    )


def write_merged(
    shards: Sequence[Path],
    output: Path,
    page: Path | None = None,
    history: Path | None = None,
) -> None:
    """Write the run that these are the shards of.

    A run that lacks something is written, too, and its reports say what that is.

    Args:
        shards: the files of the shards.
        output: the file of the run to write.
        page: the page to write, too, or None.
        history: the folder in which to keep the run, or None.

    Raises:
        ReportError: they are not the shards of one run, or it lacks something.

    """
    messages, troubles = merge_shards([read_run(path) for path in shards])
    lines = (f"{json.dumps(message, separators=(',', ':'))}\n" for message in messages)
    write_document(output, "".join(lines))
    print(f"The run is in {output}.")  # noqa: T201 (the user wants to make reports of it)
    if page is not None:
        make_page([output], page, site_name())
    if history is not None:
        try:
            keep(past_runs([RecordedRun(output, messages)]), history)
        except ReportError as error:
            troubles = [*troubles, str(error)]
    if troubles:
        raise ReportError("\n".join(troubles))
