"""The name of the site that reports are about."""

from acceptance.errors import ConfigurationError
from acceptance.project import project_here


def site_name() -> str:
    """Return the name of the project of the current folder, or "the site" where it has none."""
    try:
        return project_here().name
    except ConfigurationError:
        return "the site"
