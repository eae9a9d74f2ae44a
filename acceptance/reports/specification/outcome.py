"""The status of a scenario at one place, and of several scenarios together."""

from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.evidence.facts import Place
from acceptance.reports.feature_text import ExampleText
from acceptance.reports.results import Result
from acceptance.reports.status import Status

PLACE_NAMES = {Place.LOCAL: "Local", Place.STAGING: "Staging"}


@dataclass(frozen=True)
class Outcome:
    """The status of a scenario at a place.

    Attributes:
        place: the place.
        status: the status.
        result: the result that it comes from; None if it never ran there, or is planned.
        outdated: whether the scenario had other sentences when it ran.

    """

    place: Place
    status: Status
    result: Result | None = None
    outdated: bool = False

    @property
    def place_name(self) -> str:
        """The place as readers know it."""
        return PLACE_NAMES[self.place]


@dataclass(frozen=True)
class Standing:
    """The status of a scenario, or of an outline with all its examples, at a place.

    Attributes:
        place: the place.
        status: failed if any example failed, and passed if all passed.
        count: how many of the examples have it, such as "2 of 9"; "" for all of them.
        outdated: whether any ran with another wording.

    """

    place: Place
    status: Status
    count: str
    outdated: bool

    @property
    def place_name(self) -> str:
        """The place as readers know it."""
        return PLACE_NAMES[self.place]


def outcome(example: ExampleText, place: Place, result: Result | None) -> Outcome:
    """Return the status of a scenario, by its last result at the place."""
    if example.planned:
        return Outcome(place, Status.PLANNED)
    if result is None:
        return Outcome(place, Status.NOT_RUN)
    return Outcome(
        place=place,
        status=result.status,
        result=result,
        outdated=not result.is_of(example.sentences),
    )


def together(outcomes: Sequence[Outcome]) -> Standing:
    """Return the status of an outline at a place, from the outcomes of its examples there."""
    statuses = [each.status for each in outcomes]
    # The worst status counts.
    status = next(
        each
        for each in (
            Status.FAILED,
            Status.UNWRITTEN,
            Status.NOT_RUN,
            Status.PASSED,
            Status.PLANNED,
        )
        if each in statuses
    )
    same = statuses.count(status)
    return Standing(
        place=outcomes[0].place,
        status=status,
        count="" if same == len(statuses) else f"{same} of {len(statuses)}",
        outdated=any(each.outdated for each in outcomes),
    )
