"""What went wrong, for a person who does not read tracebacks."""

import re

MOST_LINES = 4
MOST_CHARACTERS = 400

# Where the words of an error end and its circumstances begin.
_CIRCUMSTANCES = re.compile(
    r"^(Traceback \(most recent call last\):|Stacktrace:|Captured |CAPTURED |-{3,}|={3,})"
)
# How behave, and Python, introduce the words.
_INTRODUCTION = re.compile(
    r"^(ASSERT FAILED: |ASSERTION FAILED: |([A-Za-z_.]+\.)?AssertionError: )"
)


def plain_message(message: str) -> str:
    """Return the first lines of an error message, without what only a developer reads."""
    lines = message.strip().splitlines()
    words = _before_circumstances(lines) or _after_traceback(lines)
    if not words:
        return "It did not say why."
    words[0] = _INTRODUCTION.sub("", words[0])
    kept = "\n".join(words[:MOST_LINES])
    if len(words) > MOST_LINES or len(kept) > MOST_CHARACTERS:
        return kept[:MOST_CHARACTERS].rstrip() + " …"
    return kept


def _before_circumstances(lines: list[str]) -> list[str]:
    words = []
    for line in lines:
        if _CIRCUMSTANCES.match(line):
            break
        if line.strip():
            words.append(line.rstrip())
    return words


def _after_traceback(lines: list[str]) -> list[str]:
    """The error itself: the last line that is no frame, which are indented."""
    return [line for line in lines[1:] if line and not line[0].isspace()][-1:]
