"""The checkout that this suite is run from."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_TIMEOUT = 10
"""How long git may take, in seconds."""


def commit_here() -> str | None:
    """Return the 40 hexadecimal digits of the commit that is checked out; None where git cannot."""
    said = _git("rev-parse", "HEAD")
    return said.strip() if said else None


def has_uncommitted_changes() -> bool:
    """Whether files here differ from the commit, or are not in it."""
    return bool(_git("status", "--porcelain"))


def _git(*words: str) -> str | None:
    try:
        return subprocess.run(  # noqa: S603
            ["git", *words],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=_TIMEOUT,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
