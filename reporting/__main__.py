"""Make documents for people out of features and runs."""

import argparse
import sys
from collections.abc import Sequence

from reporting.feature_reading import FeatureError
from reporting.output import OutputError
from reporting.results import UnreadableRunError
from reporting.specification.command import add_specification


def main(arguments: Sequence[str] | None = None) -> int:
    """Make documents for people out of features and runs."""
    parser = argparse.ArgumentParser(prog="python -m reporting", description=main.__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_specification(commands)
    given = parser.parse_args(arguments)
    try:
        print(given.make(given))  # noqa: T201 (it says where the document is)
    except (FeatureError, UnreadableRunError, OutputError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
