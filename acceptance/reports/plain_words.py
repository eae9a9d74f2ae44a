"""What went wrong, for a person who does not read tracebacks."""

from collections.abc import Sequence

from acceptance.evidence.failure import Failure

MOST_LINES = 4
MOST_CHARACTERS = 400

SUITE_BROKE = (
    "The test suite itself has an error here, so this does not show whether the site works. "
    "A developer finds the details in the report of the run."
)


def plain_reason(failure: Failure) -> str:
    """Return why something failed, without what only a developer reads."""
    if failure.is_mistake:
        return SUITE_BROKE
    reason = "\n".join(filter(None, [failure.cause, failure.reason]))
    return in_few_words(reason) or "The run reported no reason."


def in_few_words(text: str, most_lines: int = MOST_LINES) -> str:
    """Return the first lines of a text, without empty ones."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    kept = "\n".join(lines[:most_lines])
    if len(lines) > most_lines or len(kept) > MOST_CHARACTERS:
        return kept[:MOST_CHARACTERS].rstrip() + " …"
    return kept


def attempts_in_words(passed: Sequence[bool]) -> str:
    """Return how a repeated scenario ended each time: "failed, then passed when repeated"."""
    first, *others = ("passed" if each else "failed" for each in passed)
    return ", ".join([first, *(f"then {each} when repeated" for each in others)])
