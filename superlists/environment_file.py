"""The `.env` beside the code, in which a server keeps its settings.

`manage.py` and the WSGI application read it themselves, so that the same lines mean the same to
gunicorn, to a person who types a command and to the acceptance suite. A shell or systemd's
`EnvironmentFile=` would each make something else of quotes, `$` and `#`.
"""

import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv.parser import Binding, parse_stream

from superlists.environment_names import NAMES

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class EnvironmentFile:
    """What a process found in its `.env` when it began.

    Attributes:
        path: where the file is; may be a link.
        content: all that is in it.
        variables: what it sets.
        overridden: the variables of the site that the environment had already, and otherwise.

    """

    path: Path
    content: bytes = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    overridden: Sequence[str]


_loaded: list[EnvironmentFile] = []


def loaded() -> EnvironmentFile | None:
    """Return what this process began with, or None where it read no file."""
    return _loaded[-1] if _loaded else None


def load_environment_file(path: Path) -> None:
    """Add the variables in the file to `os.environ`; those that are set already stay as they are.

    Where there is no file, nothing happens.

    Raises:
        ImproperlyConfigured: the file or one of its lines cannot be read; the sentence never
            repeats the line, which may hold a secret.

    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be read ({error.strerror}): let the user that the site runs as read"
            " it, or delete it."
        ) from None
    variables = variables_in(content, str(path))
    overridden = [
        name for name in NAMES if name in os.environ and os.environ[name] != variables.get(name)
    ]
    _loaded.append(EnvironmentFile(path, content, variables, overridden))
    for name, value in variables.items():
        os.environ.setdefault(name, value)


def variables_in(content: bytes, path: str) -> dict[str, str]:
    """Return the variables that the content of such a file sets.

    The lines are read as python-dotenv reads them, but `$` and `${NAME}` stay as they stand. A
    name that occurs twice has its last value.

    Args:
        content: what is in the file.
        path: what a person knows the file by.

    Raises:
        ImproperlyConfigured: it is not UTF-8, or one of its lines cannot be read; the sentence
            never repeats the line, which may hold a secret.

    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ImproperlyConfigured(
            f"{path} cannot be read, because it is not UTF-8: save it as UTF-8."
        ) from None
    bindings = parse_stream(io.StringIO(text))
    return dict(_variable(binding, path) for binding in bindings if _says(binding))


def _says(binding: Binding) -> bool:
    """Whether this is more than a comment or empty lines."""
    return binding.error or binding.key is not None


def _variable(binding: Binding, path: str) -> tuple[str, str]:
    name, value = binding.key, binding.value
    # What python-dotenv calls one statement includes the empty lines before it.
    statement = binding.original.string.lstrip()
    before = binding.original.string.removesuffix(statement)
    # A value may go on in the next line, but none of ours does: a quote was left open.
    over_many_lines = _LINE_BREAK.search(statement.rstrip())
    if name is None or value is None or over_many_lines or not _can_be_set(name, value):
        line = binding.original.line + len(_LINE_BREAK.findall(before))
        raise ImproperlyConfigured(
            f"{path} cannot be read in line {line}: write NAME=value there, with quotes around a"
            " value that has spaces at an end or a # after a space in it, and close them."
        )
    return name, value


def _can_be_set(name: str, value: str) -> bool:
    return _NAME.fullmatch(name) is not None and "\0" not in value
