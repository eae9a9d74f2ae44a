"""Mutants and what they have met."""

from collections.abc import Sequence
from dataclasses import dataclass

from mutants.mutant import Mutant
from mutants.outcome import Outcome


@dataclass(frozen=True)
class Met:
    """A mutant, and the outcomes of the stages that it has met.

    Attributes:
        mutant: the mutant.
        outcomes: the outcomes, in the order of the stages; only the last one may be a kill.
        is_done: whether it was noticed or has met all stages; if not, the time was up before.

    """

    mutant: Mutant
    outcomes: Sequence[Outcome]
    is_done: bool

    @property
    def kill(self) -> Outcome | None:
        """The outcome of the stage that noticed it, or None."""
        return next((each for each in self.outcomes if each.killed_in), None)

    @property
    def survived(self) -> bool:
        """Whether it has met all stages, and none noticed it."""
        return self.is_done and self.kill is None
