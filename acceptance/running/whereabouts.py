"""Where behave is started, and how: what cannot be is refused before anything is read."""

import os
import shlex
import sys
from pathlib import Path

from behave.exception import ConfigError


def check_whereabouts(project: Path) -> None:
    """See that behave reads this project's configuration, and runs steps that can fail.

    Args:
        project: the folder of the environment.py that behave loads.

    Raises:
        ConfigError: it does not; the message says why in one sentence, and what to type.

    """
    here = Path.cwd()
    if here != project:
        # behave looks for its settings only in the folder where it is started (and at home).
        again = shlex.quote(
            os.path.relpath(project, here) if here.is_relative_to(project) else str(project)
        )
        message = (
            f"behave reads its settings in the folder where it is started, and {here} is not the "
            f"project's: type `cd {again}`, and then behave again."
        )
        raise ConfigError(message)
    if sys.flags.optimize:
        message = (
            "Python leaves assertions out (-O or PYTHONOPTIMIZE), and without them all steps "
            "pass: type `unset PYTHONOPTIMIZE`, and then behave again."
        )
        raise ConfigError(message)
