"""`python -m acceptance.reports specification`: the features as one page for product owners."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.reports.feature_reading import read_features
from acceptance.reports.glossary import Term, read_glossary
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
    command.set_defaults(
        command=lambda given: make_specification(given.features, given.runs, given.output)
    )


def make_specification(features: Sequence[Path], runs: Sequence[Path], output: Path) -> None:
    """Make a page of features, with the last results of each place.

    A feature that behave cannot read is on the page, in red and with the reason.

    Raises:
        ReportError: a run cannot be read, or a path is missing, or the page cannot be written.

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


def _glossary(features: Sequence[Path]) -> tuple[Term, ...]:
    """Return the words that folders of features explain, in the order of their glossaries."""
    files = (folder / "glossary.md" for folder in features)
    return tuple(term for file in files if file.is_file() for term in read_glossary(file))


def _name(run: RecordedRun) -> str:
    """The place of a run as readers know it, or its file."""
    facts = run.facts()
    return PLACE_NAMES[facts.place] if facts else str(run.path)
