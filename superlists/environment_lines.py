"""Parse the lines of a `.env`, without Django, so that a tester's machine can do it, too."""

import io
import re

from dotenv.parser import Binding, parse_stream

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class UnreadableLinesError(ValueError):
    """The content of a `.env` cannot be read; one sentence, which repeats no line."""


def variables_in(content: bytes, path: str) -> dict[str, str]:
    """Return the variables that the content of such a file sets.

    The lines are parsed as python-dotenv does it, except that `$` and `${NAME}` are not expanded.
    If a name occurs twice, its last value counts.

    Args:
        content: what is in the file.
        path: the name of the file, for messages.

    Raises:
        UnreadableLinesError: it is not UTF-8, or one of its lines cannot be read; the sentence
            never repeats the line, which may hold a secret.

    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableLinesError(
            f"{path} cannot be read, because it is not UTF-8: save it as UTF-8."
        ) from None
    bindings = parse_stream(io.StringIO(text))
    return dict(_variable(binding, path) for binding in bindings if _sets_something(binding))


def _sets_something(binding: Binding) -> bool:
    """Whether this is more than a comment or empty lines."""
    return binding.error or binding.key is not None


def _variable(binding: Binding, path: str) -> tuple[str, str]:
    name, value = binding.key, binding.value
    # What python-dotenv calls one statement includes the empty lines before it.
    statement = binding.original.string.lstrip()
    before = binding.original.string.removesuffix(statement)
    # A value may continue on the next line, but none of ours does, so a quote was not closed.
    over_many_lines = _LINE_BREAK.search(statement.rstrip())
    if name is None or value is None or over_many_lines or not _can_be_set(name, value):
        line = binding.original.line + len(_LINE_BREAK.findall(before))
        raise UnreadableLinesError(
            f"{path} cannot be read in line {line}: write NAME=value there, with quotes around a"
            " value that has spaces at an end or a # after a space in it, and close them."
        )
    return name, value


def _can_be_set(name: str, value: str) -> bool:
    return _NAME.fullmatch(name) is not None and "\0" not in value
