"""`python -m reporting specification`: the features as one HTML file for product owners."""

import argparse
from pathlib import Path

from reporting.feature_reading import read_features
from reporting.output import write_document
from reporting.results import read_runs
from reporting.specification.model import specification
from reporting.specification.page import page


def add_specification(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line about the specification."""
    parser = commands.add_parser(
        "specification",
        help="the features to read, with the last results of each place",
        description=make.__doc__,
    )
    parser.add_argument(
        "runs", nargs="*", type=Path, metavar="RUN.ndjson", help="what `behave -f messages` wrote"
    )
    parser.add_argument(
        "--features",
        nargs="+",
        type=Path,
        default=[Path("features")],
        metavar="PATH",
        help="features in the order in which to tell of them; a folder stands for all others in it",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    parser.set_defaults(make=make)


def make(given: argparse.Namespace) -> str:
    """Write the features as one HTML file, with the last results of each place.

    Returns where it is, in a sentence.

    Raises:
        FeatureError: a feature cannot be read.
        UnreadableRunError: a run cannot be read.
        OutputError: the file cannot be written.

    """
    features = read_features(given.features)
    document = page(specification(features, read_runs(given.runs)))
    write_document(given.output, document)
    return f"The specification is in {given.output}: open it in a browser."
