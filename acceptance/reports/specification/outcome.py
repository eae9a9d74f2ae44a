"""How a scenario stands at one place, and how several stand together."""

from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.evidence.facts import Place
from acceptance.reports.feature_text import ExampleText
from acceptance.reports.results import Result
from acceptance.reports.status import Status

PLACE_NAMES = {Place.LOCAL: "This machine", Place.STAGING: "Staging"}


@dataclass(frozen=True)
class Outcome:
    """How a scenario stands at a place.

    Attributes:
        place: where.
        status: how.
        result: what it is known from; None where it never ran there, or is planned.
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
    """How a scenario, or an outline with all its examples, stands at a place.

    Attributes:
        place_name: the place as readers know it.
        status: failed where any example failed, and passed where all passed.
        count: how many of the examples that is, such as "2 of 9"; "" where it is all of them.
        outdated: whether any ran with another wording.

    """

    place_name: str
    status: Status
    count: str
    outdated: bool


def outcome(example: ExampleText, place: Place, result: Result | None) -> Outcome:
    """Return how a scenario stands, by its last result at the place."""
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
    """Return how the examples of an outline stand at a place, one outcome for each."""
    statuses = [each.status for each in outcomes]
    # The worst that there is stands for all.
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
        place_name=outcomes[0].place_name,
        status=status,
        count="" if same == len(statuses) else f"{same} of {len(statuses)}",
        outdated=any(each.outdated for each in outcomes),
    )
