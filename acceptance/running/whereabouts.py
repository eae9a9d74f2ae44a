"""Checks of the folder and the options with which behave is started, before it reads anything."""

import os
import shlex
import sys
from pathlib import Path

from behave.exception import ConfigError


def check_whereabouts(project: Path) -> None:
    """Check that behave reads this project's configuration, and that steps can fail.

    Args:
        project: the folder of the environment.py that behave loads.

    Raises:
        ConfigError: one of them is not so; the message gives the reason and what to type.

    """
    here = Path.cwd()
    if here != project:
        # behave reads its settings only in the folder where it is started (and at home).
        again = shlex.quote(
            os.path.relpath(project, here) if here.is_relative_to(project) else str(project)
        )
        message = (
            f"behave reads its settings in the folder where it is started, but {here} is not the "
            f"project's: type `cd {again}`, and then behave again."
        )
        raise ConfigError(message)
    if sys.flags.optimize:
        message = (
            "Python ignores assertions (-O or PYTHONOPTIMIZE), and without them all steps pass: "
            "type `unset PYTHONOPTIMIZE`, and then behave again."
        )
        raise ConfigError(message)
