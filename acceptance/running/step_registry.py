"""behave's steps, each of which is run inside a hook of environment.py."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager

from behave.matchers import Match, MatchWithError
from behave.model import Step
from behave.runner import Context
from behave.step_registry import StepRegistry

Around = Callable[[Context, Step], AbstractContextManager[None]]
"""A hook `around_step(context, step)`: what is around the step's function while that runs."""

UNDEFINED = "no step definition reads like this; see the end of the run for one to start from"


class StepsWithHook:
    """A registry of steps as behave's runner asks it.

    However a step is matched, by a parser, a regular expression or somebody's own matcher, its
    function runs inside the hook.

    Attributes:
        asked: the step for which a definition was looked for last.

    """

    def __init__(self, registry: StepRegistry, around: Around | None) -> None:
        self._registry = registry
        self._around = around
        self.asked: Step | None = None

    def __getattr__(self, name: str) -> object:
        """Be what the registry is in everything else."""
        return getattr(self._registry, name)

    def find_match(self, step: Step) -> Match | None:
        """Return what runs the step, or None where no definition fits."""
        self.asked = step
        found: Match | None = self._registry.find_match(step)
        if found is None:
            # behave's formatters print a message, and would print None.
            step.error_message = UNDEFINED
            return None
        # A sentence whose words cannot be read has no function to run.
        if self._around is None or isinstance(found, MatchWithError):
            return found
        return _within(found, step, self._around)


def _within(found: Match, step: Step, around: Around) -> Match:
    # A matcher of somebody's own may hand out the same object each time.
    match = copy.copy(found)

    def run(context: Context) -> None:
        with around(context, step):
            found.run(context)

    match.run = run  # type: ignore[method-assign]
    return match
