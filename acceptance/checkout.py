"""The checkout that this suite is run from."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_TIMEOUT = 10
"""How long git may take, in seconds."""


class UnknownCommitError(Exception):
    """Git cannot say what is checked out here; the message says why."""


def commit_here() -> str:
    """Return the 40 hexadecimal digits of the commit that is checked out.

    Raises:
        UnknownCommitError: there is none, or git cannot tell.

    """
    return _git("rev-parse", "--verify", "HEAD").strip()


def has_uncommitted_changes() -> bool:
    """Whether files here differ from the commit, or are not in it.

    Raises:
        UnknownCommitError: git cannot tell.

    """
    return bool(_git("status", "--porcelain"))


def _git(*words: str) -> str:
    repository = ROOT / ".git"
    if not repository.exists():
        message = f"{ROOT} is no git checkout"
        raise UnknownCommitError(message)
    # With the repository spelled, git takes it whoever owns the checkout (safe.directory), which is
    # no more than running the code in it; nor does it look for another one above, or in variables.
    command = ["git", f"--git-dir={repository}", f"--work-tree={ROOT}", *words]
    try:
        return subprocess.run(  # noqa: S603
            command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=_TIMEOUT
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
