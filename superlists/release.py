"""Find out which commit of the project is running."""

import re
import subprocess
from contextlib import suppress
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SECONDS = 5
"""How long git may take."""


def deployed_commit(project_root: Path) -> str | None:
    """Return the 40 hexadecimal digits of the commit, or None if it is unknown.

    A deployment writes a file `COMMIT` beside the code. Without that file, git is asked if the
    project's folder is itself a checkout.
    """
    return _written(project_root / "COMMIT") or _checked_out(project_root / ".git")


def _written(file: Path) -> str | None:
    try:
        return _as_commit(file.read_bytes().decode("ascii"))
    except (OSError, UnicodeDecodeError):
        return None


def _checked_out(repository: Path) -> str | None:
    if not repository.exists():
        return None
    # With an explicit repository, git neither looks for one in the folders above nor takes one
    # from variables such as those that it sets for its hooks.
    command = ["git", f"--git-dir={repository}", "rev-parse", "HEAD"]
    with suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=_SECONDS, check=True, encoding="ascii"
        )
        return _as_commit(answer.stdout)
    return None


def _as_commit(text: str) -> str | None:
    commit = text.strip().lower()
    return commit if _COMMIT.fullmatch(commit) else None
