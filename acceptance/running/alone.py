"""Scenarios that need the site for themselves, in a run whose workers share one."""

from collections.abc import Sequence

from behave.configuration import Configuration as BehaveConfiguration
from behave.model import Feature, Scenario

from acceptance.configuration import Configuration
from acceptance.running.selection import left_out

NEEDS_SITE = "alone"
"""The tag of scenarios that disturb others at the same site, such as by reaching a client's limit.

To a site, all people of a run look like one client, or a few.
"""


def leave_out_what_needs_site(
    features: Sequence[Feature],
    configuration: BehaveConfiguration,
    settings: Configuration | None,
) -> Sequence[Scenario]:
    """Leave out the scenarios that need the site for themselves if workers share it.

    Locally, each worker has a site of its own.

    Args:
        features: the features that were read.
        configuration: behave's configuration.
        settings: the settings of the run, or None if they are not known.

    Returns:
        The scenarios that are left out for this reason.

    """
    if settings is None or settings.staging is None or vars(configuration)["jobs"] == 1:
        return []
    return left_out(NEEDS_SITE, features, configuration)


def line_about_what_needs_site(scenarios: Sequence[Scenario]) -> str:
    """Return a line with the number of these scenarios, and the way to run them."""
    need = "scenario needs" if len(scenarios) == 1 else "scenarios need"
    were = "was" if len(scenarios) == 1 else "were"
    return (
        f"{len(scenarios)} {need} the site for {'itself' if len(scenarios) == 1 else 'themselves'}"
        f" and {were} left out: add --tags=@{NEEDS_SITE} and leave out -j to run"
        f" {'it' if len(scenarios) == 1 else 'them'}."
    )
