"""The settings of a run, for what has to be known before hooks are called."""

import os

from behave.configuration import Configuration as BehaveConfiguration

from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.project import project_here


def settings_of(configuration: BehaveConfiguration) -> Configuration | None:
    """Return the settings, or None where they are refused when the site is opened.

    Args:
        configuration: what behave was asked for.

    """
    try:
        return Configuration.resolve(project_here(), configuration.userdata or {}, os.environ)
    except ConfigurationError:
        return None
