"""`python -m acceptance.reports specification`: the features as one page for product owners."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.reports.feature_reading import read_features
from acceptance.reports.glossary import Term, read_glossary
from acceptance.reports.history.keeping import keep
from acceptance.reports.history.record import past_runs
from acceptance.reports.opening import open_page
from acceptance.reports.output import write_document
from acceptance.reports.results import results_of
from acceptance.reports.run_files import RecordedRun, read_run
from acceptance.reports.site_name import site_name
from acceptance.reports.specification.model import specification
from acceptance.reports.specification.outcome import PLACE_NAMES
from acceptance.reports.specification.page import page
from acceptance.reports.verdict import troubles as troubles_of

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
    command.add_argument(
        "--history",
        type=Path,
        metavar="FOLDER",
        help="where runs are kept: these, too, and the page says what has changed since the others",
    )
    command.add_argument(
        "--open", action="store_true", help="open the page, if there is a desktop to open it on"
    )
    command.set_defaults(command=_make)


def _make(given: "argparse.Namespace") -> None:
    make_specification(given.features, given.runs, given.output, given.history)
    if given.open:
        open_page(given.output, os.environ)


def make_specification(
    features: Sequence[Path], runs: Sequence[Path], output: Path, history: Path | None = None
) -> None:
    """Make a page of features, with the last results of each place.

    A feature that behave cannot read is on the page, in red and with the reason.

    Args:
        features: files and folders, in the order in which they appear.
        runs: the files of runs.
        output: the page to write.
        history: the folder in which these runs are kept beside earlier ones, or None.

    Raises:
        ReportError: a run cannot be read or kept, or a path is missing, or the page cannot be
            written. A page without its runs being kept is there.

    """
    texts = read_features(features)
    recorded = [read_run(path) for path in runs]
    results = [result for run in recorded for result in results_of(run)]
    troubles = [f"{_name(run)}: {trouble}" for run in recorded for trouble in troubles_of(run)]
    write_document(
        output,
        page(
            specification(
                texts, results, site_name(), troubles=troubles, glossary=_glossary(features)
            )
        ),
    )
    for feature in texts:
        if feature.problem:
            sys.stderr.write(f"{feature.problem}\n")
    print(f"The specification is in {output}.")  # noqa: T201 (who asked for it wants to open it)
    if history is not None:
        keep(past_runs(recorded), history)


def _glossary(features: Sequence[Path]) -> tuple[Term, ...]:
    """Return the words that folders of features explain, in the order of their glossaries."""
    files = (folder / "glossary.md" for folder in features)
    return tuple(term for file in files if file.is_file() for term in read_glossary(file))


def _name(run: RecordedRun) -> str:
    """The place of a run as readers know it, or its file."""
    facts = run.facts()
    return PLACE_NAMES[facts.place] if facts else str(run.path)
