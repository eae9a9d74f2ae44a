"""The settings of a run, for code that runs before the hooks."""

import os

from behave.configuration import Configuration as BehaveConfiguration

from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.project import project_here


def settings_of(configuration: BehaveConfiguration) -> Configuration | None:
    """Return the settings, or None if they cannot be used; opening the site then reports that.

    Args:
        configuration: behave's configuration.

    """
    try:
        return Configuration.resolve(project_here(), configuration.userdata or {}, os.environ)
    except ConfigurationError:
        return None
