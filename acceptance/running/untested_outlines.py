"""What a dry run reports of scenario outlines."""

from collections.abc import Iterable
from functools import partial

from behave.model import Feature, ScenarioOutline
from behave.model_type import Status


def count_outlines_as_untested(features: Iterable[Feature]) -> None:
    """Make outlines of which no scenario has run count as untested.

    behave 1.3 counts them as passed in a dry run, and their feature as failed if any other
    scenario in it is untested.
    """
    for feature in features:
        for outline in feature.walk_scenarios(with_outlines=True):
            if isinstance(outline, ScenarioOutline):
                outline.compute_status = partial(_status, outline)  # type: ignore[method-assign]


def _status(outline: ScenarioOutline) -> Status:
    statuses = {scenario.status for scenario in outline.scenarios}
    if Status.untested in statuses and statuses <= {Status.untested, Status.skipped}:
        return Status.untested
    status: Status = ScenarioOutline.compute_status(outline)
    return status
