"""Scenarios that need a real browser, in a run without one."""

from collections import Counter
from collections.abc import Sequence

from behave.configuration import Configuration as BehaveConfiguration
from behave.model import Feature, Scenario

from acceptance.configuration import Configuration
from acceptance.readers import BrowserName
from acceptance.running.selection import left_out

NEEDS_BROWSER = "browser"
"""The tag of scenarios that need a real browser, for scripts, styles or keys."""


def needs_browser(scenario: Scenario) -> bool:
    """Whether a scenario is tagged as one that needs a real browser."""
    return NEEDS_BROWSER in scenario.effective_tags


def leave_out_what_needs_browser(
    features: Sequence[Feature],
    configuration: BehaveConfiguration,
    settings: Configuration | None,
) -> Sequence[Scenario]:
    """Leave out the scenarios that need a browser if the run has none.

    Args:
        features: the features that were read.
        configuration: behave's configuration.
        settings: the settings of the run, or None if they are not known.

    Returns:
        The scenarios that are left out for this reason.

    """
    if settings is None or settings.browser is not BrowserName.NONE:
        return []
    return left_out(NEEDS_BROWSER, features, configuration)


def left_out_line(scenarios: Sequence[Scenario]) -> str:
    """Return a line with the scenarios that were left out, and the way to run them."""
    one = len(scenarios) == 1
    need = "scenario needs a browser and was" if one else "scenarios need a browser and were"
    names = ", ".join(
        name if number == 1 else f"{name} ({number})"
        for name, number in Counter(map(_name, scenarios)).items()
    )
    return (
        f"{len(scenarios)} {need} left out: {names}; "
        f"behave -D browser={BrowserName.MIXED} runs {'it' if one else 'them'}, too."
    )


def reason_for_nothing_without_browser(scenarios: Sequence[Scenario]) -> str:
    """Return a sentence with the reason why no scenario is run, and what to type."""
    one = len(scenarios) == 1
    return (
        f"No scenario was run: {'the only' if one else f'all {len(scenarios)}'} selected "
        f"{'scenario needs' if one else 'scenarios need'} a browser "
        f"(@{NEEDS_BROWSER}), and -D browser={BrowserName.NONE} has none: type "
        f"-D browser={BrowserName.MIXED} instead."
    )


def _name(scenario: Scenario) -> str:
    """Return the name of a scenario, or of its outline if it is an example."""
    is_example = scenario._row is not None  # noqa: SLF001 (behave offers no other way)
    return str(scenario.parent.name if is_example else scenario.name)
