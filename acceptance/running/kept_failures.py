"""The list of failed scenarios that a run keeps, and the command that repeats them."""

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
    """Keep the list of failed scenarios for the next run.

    Args:
        features: the features of the run, with the outcome of each scenario.
        configuration: behave's configuration.
        settings: the settings of the run, or None if they are not known.

    Returns:
        A line with the command that repeats the failed scenarios; None if none failed, or if the
        suite has no project, and so no folder for the list.

    """
    if settings is None:
        return None
    file = failed_list_file(settings)
    try:
        listed = FailedList(file).update(features, configuration)
    except OSError as error:
        sys.stderr.write(
            f"The list of failed scenarios cannot be written to {file} ({error.strerror}): free "
            "some space, or check who owns it.\n"
        )
        return None
    if not listed:
        return None
    command = shlex.join(["behave", *settings.options, f"@{os.path.relpath(file)}"])
    return f"Run what failed again: {command}"
