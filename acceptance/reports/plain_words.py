"""What went wrong, for a person who does not read tracebacks."""

from collections.abc import Sequence

from acceptance.evidence.failure import Failure

MOST_LINES = 4
MOST_CHARACTERS = 400

SUITE_BROKE = (
    "The suite itself broke here, so this does not say whether the site works: whoever maintains "
    "the suite finds the details in the report of the run."
)


def plain_reason(failure: Failure) -> str:
    """Return why something failed, without what only a developer reads."""
    if failure.is_mistake:
        return SUITE_BROKE
    return in_few_words(failure.reason) or "It did not say why."


def in_few_words(text: str) -> str:
    """Return the first lines of a text, without empty ones."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    kept = "\n".join(lines[:MOST_LINES])
    if len(lines) > MOST_LINES or len(kept) > MOST_CHARACTERS:
        return kept[:MOST_CHARACTERS].rstrip() + " …"
    return kept


def course(passed: Sequence[bool]) -> str:
    """Return what became of a scenario that was repeated: "failed, then passed when repeated"."""
    first, *others = ("passed" if each else "failed" for each in passed)
    return ", ".join([first, *(f"then {each} when repeated" for each in others)])
