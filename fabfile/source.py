"""The committed source in the local checkout."""

import io
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fabfile.errors import DeploymentError

ROOT = Path(__file__).resolve().parents[1]

LOCK = "requirements/site.txt"
"""The packages that the site needs, with versions and hashes."""

_SERVED = ("superlists", "accounts", "lists", "manage.py", LOCK)
_ONLY_STAGING = (
    "acceptance/__init__.py",
    "acceptance/fixtures",
    "acceptance/server",
    "features/__init__.py",
    "features/support/__init__.py",
    "features/support/fixtures.py",
)
_WITHOUT = ":(exclude,glob)**/tests/**"

_TIMEOUT = 60


def paths(*, staging: bool) -> Sequence[str]:
    """Return the paths of the code that a server needs; folders stand for all but their tests.

    The additional code of a staging server can delete everything that people wrote, so a
    production server does not get it.
    """
    return (*_SERVED, *(_ONLY_STAGING if staging else ()))


@dataclass(frozen=True)
class Source:
    """A commit in the checkout.

    Attributes:
        root: the folder of the checkout.
        commit: 40 hexadecimal digits.

    """

    root: Path
    commit: str

    @property
    def short(self) -> str:
        """The abbreviated commit."""
        return self.commit[:7]

    def archive(self, *, staging: bool) -> bytes:
        """Return a tar.gz of the code that a server needs."""
        command = ["archive", "--format=tar.gz", self.commit, "--", *paths(staging=staging)]
        return _git(self.root, *command, _WITHOUT)

    def files(self, *, staging: bool) -> Mapping[str, int]:
        """Return the paths of the code that a server needs, and the size of each in bytes."""
        with tarfile.open(fileobj=io.BytesIO(self.archive(staging=staging))) as archive:
            return {member.name: member.size for member in archive if member.isfile()}

    def lock(self) -> bytes:
        """Return the committed requirements of the site."""
        return _git(self.root, "show", f"{self.commit}:{LOCK}")

    def uncommitted(self) -> int:
        """Return how many files differ from the commit."""
        return len(_git(self.root, "status", "--porcelain").splitlines())


def local_source(root: Path = ROOT) -> Source:
    """Return the commit that is checked out.

    Raises:
        DeploymentError: there is none.

    """
    return Source(root, _git(root, "rev-parse", "HEAD").decode().strip())


def _git(root: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=root,
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
        ).stdout
    except FileNotFoundError:
        message = "git is missing, but deploying needs it to read the commit: install git."
        raise DeploymentError(message) from None
    except subprocess.SubprocessError as error:
        errors = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
        reason = errors.splitlines()[-1] if errors else error
        message = (
            f"git {arguments[0]} failed in {root} ({reason}): "
            "deploy from a checkout whose work is committed."
        )
        raise DeploymentError(message) from None
