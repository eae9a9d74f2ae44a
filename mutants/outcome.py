"""What became of a mutant."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What met the mutant."""

    WITHOUT_BROWSER = "scenarios without a browser"
    IN_BROWSER = "scenarios in a browser"
    UNIT_TESTS = "unit tests"

    @property
    def is_of_scenarios(self) -> bool:
        """Whether scenarios met the mutant."""
        return self is not Stage.UNIT_TESTS


@dataclass(frozen=True)
class Outcome:
    """The outcome of a mutant in one stage, or in all of them.

    Attributes:
        name: the mutant's name.
        killed_in: the stage that noticed the mutant, or None if it survived.
        killed_by: the scenario (`features/sharing.feature:12`) or the unit test that noticed it;
            the reason if the site did not even start.
        first_line: the first line of that failure.
        seconds: how long it took.
        tried: how many scenarios and unit tests it met.

    """

    name: str
    killed_in: Stage | None
    killed_by: str = ""
    first_line: str = ""
    seconds: float = 0
    tried: int = 0
