"""The `.env` beside the code, in which a server keeps its settings.

`manage.py` and the WSGI application read it themselves, so that a line means the same to gunicorn,
to a person who types a command and to the acceptance suite. A shell and systemd's
`EnvironmentFile=` each read quotes, `$` and `#` in their own way.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from superlists.environment_lines import UnreadableLinesError, variables_in
from superlists.environment_names import NAMES


@dataclass(frozen=True)
class EnvironmentFile:
    """What a process found in its `.env` when it began.

    Attributes:
        path: where the file is; may be a link.
        content: all that is in it.
        variables: what it sets.
        overridden: the site's variables that the environment already sets to another value.

    """

    path: Path
    content: bytes = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    overridden: Sequence[str]


_loaded: list[EnvironmentFile] = []


def loaded() -> EnvironmentFile | None:
    """Return the file that this process read when it began, or None if it read none."""
    return _loaded[-1] if _loaded else None


def load_environment_file(path: Path) -> None:
    """Add the variables in the file to `os.environ`, except for those that are already set.

    If there is no file, nothing happens.

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
    try:
        variables = variables_in(content, str(path))
    except UnreadableLinesError as error:
        raise ImproperlyConfigured(str(error)) from None
    overridden = [
        name for name in NAMES if name in os.environ and os.environ[name] != variables.get(name)
    ]
    _loaded.append(EnvironmentFile(path, content, variables, overridden))
    for name, value in variables.items():
        os.environ.setdefault(name, value)
