"""What went wrong, for a person who does not read tracebacks."""

import builtins
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


# How Python introduces all other errors: by the name of their type.
_TYPE = re.compile(r"^([A-Za-z_]\w*\.)*(?P<type>[A-Za-z_]\w*)(: |:?$)")

# Mistakes in the suite itself, whose words are about its code.
_MISTAKES = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    RecursionError,
    StopIteration,
    SyntaxError,
    TypeError,
    ValueError,
)

SUITE_BROKE = (
    "The suite itself broke here, so this does not say whether the site works: whoever maintains "
    "the suite finds the details in the report of the run."
)


def plain_message(message: str, kind: str = "") -> str:
    """Return the first lines of an error message, without what only a developer reads.

    Args:
        message: what was raised, in words, or with a traceback.
        kind: the name of its type, if it is known.

    """
    lines = message.strip().splitlines()
    if lines and lines[0] == _TRACEBACK:
        lines = _after_frames(lines)
    words = _before_circumstances(lines)
    if words:
        words[0] = _INTRODUCTION.sub("", words[0])
    if _is_mistake(kind) or (words and _is_mistake(_type_of(words[0]))):
        return SUITE_BROKE
    if not words:
        return "It did not say why."
    words[0] = _without_type(words[0])
    kept = "\n".join(words[:MOST_LINES])
    if len(words) > MOST_LINES or len(kept) > MOST_CHARACTERS:
        return kept[:MOST_CHARACTERS].rstrip() + " …"
    return kept


def _type_of(line: str) -> str:
    found = _TYPE.match(line)
    return found["type"] if found else ""


def _is_mistake(kind: str) -> bool:
    known = getattr(builtins, kind.rpartition(".")[2], None)
    return isinstance(known, type) and issubclass(known, _MISTAKES)


def _without_type(line: str) -> str:
    kind = _type_of(line)
    # Only what is called like an error is one: "Edith: not found" are words.
    if kind.endswith(("Error", "Exception", "Interrupt", "Exit")):
        return line.partition(": ")[2] or line
    return line


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
