"""Sentences that no step defines, and snippets for them."""

from collections.abc import Callable, Iterable

from behave.model import Step

Snippet = Callable[[Step], str]
"""A hook `step_snippet(step)`: returns a definition of the step, to be completed."""


def missing_steps(steps: Iterable[Step], snippet: Snippet | None) -> str:
    """Return the places of the sentences and their snippets, each of them once."""
    places = dict.fromkeys(f"{step.location}  {step.keyword} {step.name}" for step in steps)
    snippets = dict.fromkeys(map(snippet, steps)) if snippet else ()
    title = "No step is defined for this sentence:"
    if len(places) > 1:
        title = f"No step is defined for these {len(places)} sentences:"
    parts = ["\n".join([title, *(f"  {place}" for place in places)]), *snippets]
    return "\n\n\n".join(parts)
