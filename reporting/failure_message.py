"""What went wrong, for a person who does not read tracebacks."""

import re

MOST_LINES = 4
MOST_CHARACTERS = 400

_TRACEBACK = "Traceback (most recent call last):"
# Where the words of an error end and its circumstances begin: behave's, the driver's, and our own.
_CIRCUMSTANCES = re.compile(
    r"^(Traceback \(most recent call last\):|Stacktrace:|Captured |CAPTURED |-{3,}|={3,}"
    r"|\(after [0-9.]+ s\) The page |The server logged:|Evidence: |.+'s browser told of$)"
)
# How behave, and Python, introduce the words.
_INTRODUCTION = re.compile(
    r"^(ASSERT FAILED: |ASSERTION FAILED: |([A-Za-z_.]+\.)?AssertionError: )"
)


def plain_message(message: str) -> str:
    """Return the first lines of an error message, without what only a developer reads."""
    lines = message.strip().splitlines()
    if lines and lines[0] == _TRACEBACK:
        lines = _after_frames(lines)
    words = _before_circumstances(lines)
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


def _after_frames(lines: list[str]) -> list[str]:
    """The error itself and what follows: the frames before it are indented."""
    following = enumerate(lines[1:], 1)
    error = next((at for at, line in following if line and not line[0].isspace()), len(lines))
    return lines[error:]
