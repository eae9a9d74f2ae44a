"""What git says of the checkout that a project lies in."""

import subprocess
from pathlib import Path

_TIMEOUT = 10
"""How long git may take, in seconds."""


class UnknownCommitError(Exception):
    """Git cannot say what is checked out here; the message says why."""


def commit_of(root: Path) -> str:
    """Return the 40 hexadecimal digits of the commit that is checked out in a project's folder.

    Raises:
        UnknownCommitError: there is none, or git cannot tell.

    """
    return _git(root, "rev-parse", "--verify", "HEAD").strip()


def has_uncommitted_changes(root: Path) -> bool:
    """Whether files there differ from the commit, or are not in it.

    Raises:
        UnknownCommitError: git cannot tell.

    """
    return bool(_git(root, "status", "--porcelain"))


def _git(root: Path, *words: str) -> str:
    repository = root / ".git"
    if not repository.exists():
        message = f"{root} is no git checkout"
        raise UnknownCommitError(message)
    # With the repository spelled, git takes it whoever owns the checkout (safe.directory), which is
    # no more than running the code in it; nor does it look for another one above, or in variables.
    command = ["git", f"--git-dir={repository}", f"--work-tree={root}", *words]
    try:
        return subprocess.run(  # noqa: S603
            command, cwd=root, capture_output=True, text=True, check=True, timeout=_TIMEOUT
        ).stdout
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"status {error.returncode}"]
        message = f"git says {said[0]!r}"
    except FileNotFoundError:
        message = "git is not installed"
    except subprocess.TimeoutExpired:
        message = f"git did not answer within {_TIMEOUT} s"
    except OSError as error:
        message = f"git cannot be run ({error.strerror})"
    raise UnknownCommitError(message) from None
