"""The state of a project's git checkout."""

import subprocess
from pathlib import Path

_TIMEOUT = 10
"""The time limit for git, in seconds."""


class UnknownCommitError(Exception):
    """Git cannot report what is checked out here; the message gives the reason."""


def commit_of(root: Path) -> str:
    """Return the 40 hexadecimal digits of the commit that is checked out in a project's folder.

    Raises:
        UnknownCommitError: there is none, or git cannot report it.

    """
    return _git(root, "rev-parse", "--verify", "HEAD").strip()


def release_of(root: Path, commit: str) -> str:
    """Return the tag of a commit, or the last one before it, as `git describe` names it.

    For instance "v1.2", or "v1.2-14-g1444d18" for the 14th commit after it; "" if there is none.
    """
    try:
        return _git(root, "describe", "--tags", commit).strip()
    except UnknownCommitError:
        return ""


def has_uncommitted_changes(root: Path) -> bool:
    """Whether files there differ from the commit, or are not in it.

    Raises:
        UnknownCommitError: git cannot report it.

    """
    return bool(_git(root, "status", "--porcelain"))


def _git(root: Path, *words: str) -> str:
    repository = root / ".git"
    if not repository.exists():
        message = f"{root} is not a git checkout"
        raise UnknownCommitError(message)
    # Git accepts a repository that is named explicitly even if another user owns the checkout
    # (safe.directory). That is no riskier than running the code in it. Nor does git then look for
    # a repository in the folders above or in environment variables.
    command = ["git", f"--git-dir={repository}", f"--work-tree={root}", *words]
    try:
        return subprocess.run(  # noqa: S603
            command, cwd=root, capture_output=True, text=True, check=True, timeout=_TIMEOUT
        ).stdout
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [f"status {error.returncode}"]
        message = f"git reports {lines[0]!r}"
    except FileNotFoundError:
        message = "git is not installed"
    except subprocess.TimeoutExpired:
        message = f"git did not answer within {_TIMEOUT} s"
    except OSError as error:
        message = f"git cannot be run ({error.strerror})"
    raise UnknownCommitError(message) from None
