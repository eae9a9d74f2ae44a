"""behave's registry of steps, which runs each step inside a hook of environment.py."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager

from behave.matchers import Match, MatchWithError
from behave.model import Step
from behave.runner import Context
from behave.step_registry import StepRegistry

Around = Callable[[Context, Step], AbstractContextManager[None]]
"""A hook `around_step(context, step)`: a context manager in which the step's function runs."""

UNDEFINED = "no step definition matches this sentence; the end of the output has one to start from"


class StepsWithHook:
    """A registry of steps for behave's runner.

    Whether a step is matched by a parser, a regular expression or a project's own matcher, its
    function runs inside the hook.

    Attributes:
        asked: the last step for which a definition was looked up.

    """

    def __init__(self, registry: StepRegistry, around: Around | None) -> None:
        self._registry = registry
        self._around = around
        self.asked: Step | None = None

    def __getattr__(self, name: str) -> object:
        """Return an attribute of the original registry."""
        return getattr(self._registry, name)

    def find_match(self, step: Step) -> Match | None:
        """Return the match for a step, or None if no definition matches."""
        self.asked = step
        found: Match | None = self._registry.find_match(step)
        if found is None:
            # behave's formatters print a message, and would print None.
            step.error_message = UNDEFINED
            return None
        # If an argument cannot be converted, there is no function to run.
        if self._around is None or isinstance(found, MatchWithError):
            return found
        return _within(found, step, self._around)


def _within(found: Match, step: Step, around: Around) -> Match:
    # A project's own matcher may return the same object each time.
    match = copy.copy(found)

    def run(context: Context) -> None:
        with around(context, step):
            found.run(context)

    match.run = run  # type: ignore[method-assign]
    return match
