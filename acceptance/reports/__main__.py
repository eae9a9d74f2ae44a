"""Make reports of runs: `python -m acceptance.reports html RUN.ndjson --output FILE`."""

import argparse
import sys
from collections.abc import Sequence

from acceptance.reports import (
    history_command,
    html_command,
    merge_command,
    specification_command,
)
from acceptance.reports.errors import ReportError

COMMANDS = (history_command, html_command, merge_command, specification_command)
"""Each has a function `register`, which adds it to the command line as `command`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the report that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.reports", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.register(commands)
    given = parser.parse_args(arguments)
    try:
        given.command(given)
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
