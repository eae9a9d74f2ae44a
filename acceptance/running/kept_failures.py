"""What a run leaves to the next one: which scenarios failed, and the command that repeats them."""

import os
import shlex
import sys
from collections.abc import Sequence

from behave.configuration import Configuration as BehaveConfiguration
from behave.model import Feature

from acceptance.configuration import Configuration
from acceptance.running.failed_list import FailedList, failed_list_file


def keep_failures(
    features: Sequence[Feature],
    configuration: BehaveConfiguration,
    settings: Configuration | None,
) -> str | None:
    """Keep what failed for the next run.

    Args:
        features: those of the run, with what became of each scenario.
        configuration: what behave was asked for.
        settings: those of the run, or None where they are not known.

    Returns:
        A line that says how to run again what failed; None where nothing did, or where the
        suite names no project and thereby no folder to keep it in.

    """
    if settings is None:
        return None
    file = failed_list_file(settings)
    try:
        listed = FailedList(file).update(features, configuration)
    except OSError as error:
        sys.stderr.write(
            f"What failed cannot be kept in {file} ({error.strerror}): make room, or see whose it "
            "is.\n"
        )
        return None
    if not listed:
        return None
    command = shlex.join(["behave", *settings.options, f"@{os.path.relpath(file)}"])
    return f"Run what failed again: {command}"
