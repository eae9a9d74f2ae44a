"""`python -m reporting specification`: the features as one page for product owners."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reporting.feature_reading import read_features
from reporting.output import write_document
from reporting.results import read_results
from reporting.specification.model import specification
from reporting.specification.page import page

if TYPE_CHECKING:
    import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those that there are."""
    command = commands.add_parser(
        "specification",
        help="make one page of the features, with the last results of each place",
        description=__doc__,
    )
    command.add_argument(
        "runs", nargs="*", type=Path, metavar="RUN.ndjson", help="what `behave -f messages` wrote"
    )
    command.add_argument(
        "--features",
        nargs="+",
        type=Path,
        default=[Path("features")],
        metavar="PATH",
        help="features in the order in which to tell of them; a folder stands for all others in it",
    )
    command.add_argument(
        "--output", required=True, type=Path, metavar="FILE.html", help="the page to write"
    )
    command.set_defaults(
        command=lambda given: make_specification(given.features, given.runs, given.output)
    )


def make_specification(features: Sequence[Path], runs: Sequence[Path], output: Path) -> None:
    """Make a page of features, with the last results of each place.

    Raises:
        ReportError: a feature or a run cannot be read, or the page cannot be written.

    """
    write_document(output, page(specification(read_features(features), read_results(runs))))
    print(f"The specification is in {output}.")  # noqa: T201 (who asked for it wants to open it)
