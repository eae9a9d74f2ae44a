"""`python -m acceptance.reports specification`: write the features as a page for product owners."""

import os
import sys
from collections.abc import Sequence
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.reports.errors import ReportError
from acceptance.reports.feature_reading import read_features
from acceptance.reports.glossary import Term, read_glossary, read_text
from acceptance.reports.history.history import History
from acceptance.reports.history.keeping import Kept, keep, kept_runs
from acceptance.reports.history.record import past_run
from acceptance.reports.opening import open_page
from acceptance.reports.output import write_document
from acceptance.reports.results import results_and_scenarios_of
from acceptance.reports.run_files import RecordedRun, read_run
from acceptance.reports.site_name import site_name
from acceptance.reports.specification.markdown import markdown
from acceptance.reports.specification.model import specification
from acceptance.reports.specification.outcome import PLACE_NAMES
from acceptance.reports.specification.page import page
from acceptance.reports.verdict import troubles as troubles_of

if TYPE_CHECKING:
    import argparse

DOCUMENTS = {".html": page, ".md": markdown}
"""How the specification is written, by the suffix of its file."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those that there are."""
    command = commands.add_parser(
        "specification",
        help="make one document of the features, with the last results of each place",
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
        help="features in the order of the document; a folder stands for all others in it",
    )
    command.add_argument(
        "--output",
        required=True,
        type=Path,
        metavar="FILE",
        help="the document to write: a page in FILE.html, or Markdown in FILE.md",
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
    """Make a document of features, with the last results of each place.

    A feature that behave cannot read is in it, with the reason.

    Args:
        features: files and folders, in the order in which they appear.
        runs: the files of runs.
        output: the document to write, in HTML or Markdown by its suffix.
        history: the folder in which these runs are kept beside earlier ones, or None.

    Raises:
        ReportError: a run cannot be read or kept, a path is missing, or the document cannot be
            written. A document is there even if its runs cannot be kept.

    """
    if output.suffix not in DOCUMENTS:
        message = f"{output} is neither a page nor Markdown: name a file that ends in .html or .md."
        raise ReportError(message)
    texts = read_features(features)
    recorded = [read_run(path) for path in runs]
    read = [(run, *results_and_scenarios_of(run)) for run in recorded]
    results = [result for _, found, _ in read for result in found]
    troubles = [f"{_name(run)}: {trouble}" for run in recorded for trouble in troubles_of(run)]
    kept = kept_runs(history) if history else Kept()
    these = [past for past in starmap(past_run, read) if past] if history else []
    runs_by_id = {run.run: run for run in (*kept.runs, *these)}
    write_document(
        output,
        DOCUMENTS[output.suffix](
            specification(
                texts,
                results,
                site_name(),
                troubles=[*troubles, *kept.problems],
                glossary=_glossary(features),
                history=History(
                    runs_by_id.values(), [each for text in texts for each in text.examples]
                ),
                introduction=_introduction(features),
            )
        ),
    )
    for feature in texts:
        if feature.problem:
            sys.stderr.write(f"{feature.problem}\n")
    ending = "." if results else "; it has no results yet: `make report` adds them."
    print(f"The specification is in {output}{ending}")  # noqa: T201 (the user wants to open it)
    if history is not None:
        keep(these, history)


def _glossary(features: Sequence[Path]) -> tuple[Term, ...]:
    """Return the words that folders of features explain, in the order of their glossaries."""
    files = (folder / "glossary.md" for folder in features)
    return tuple(term for file in files if file.is_file() for term in read_glossary(file))


def _introduction(features: Sequence[Path]) -> str:
    """Return what folders of features say about the site in `about.md`, in paragraphs."""
    files = (folder / "about.md" for folder in features)
    return "\n\n".join(read_text(file) for file in files if file.is_file())


def _name(run: RecordedRun) -> str:
    """The place of a run as readers know it, or its file."""
    facts = run.facts()
    return PLACE_NAMES[facts.place] if facts else str(run.path)
