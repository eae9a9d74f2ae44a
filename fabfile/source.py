"""The committed source, here."""

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
    """Return the paths of what serves the site, folders with all that is in them but tests.

    What a staging server gets besides can delete all that people wrote: a production server does
    not get it.
    """
    return (*_SERVED, *(_ONLY_STAGING if staging else ()))


@dataclass(frozen=True)
class Source:
    """A commit.

    Attributes:
        root: the folder of the checkout.
        commit: 40 hexadecimal digits.

    """

    root: Path
    commit: str

    @property
    def short(self) -> str:
        """The commit as one says it."""
        return self.commit[:7]

    def archive(self, *, staging: bool) -> bytes:
        """Return a tar.gz of what serves the site."""
        command = ["archive", "--format=tar.gz", self.commit, "--", *paths(staging=staging)]
        return _git(self.root, *command, _WITHOUT)

    def files(self, *, staging: bool) -> Mapping[str, int]:
        """Return the paths of what serves the site, and how many bytes each has."""
        with tarfile.open(fileobj=io.BytesIO(self.archive(staging=staging))) as archive:
            return {member.name: member.size for member in archive if member.isfile()}

    def lock(self) -> bytes:
        """Return the site's requirements as they were committed."""
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
        message = "git is missing, and only what is committed is deployed: install it."
        raise DeploymentError(message) from None
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
        message = (
            f"git {arguments[0]} failed in {root} ({said.splitlines()[-1] if said else error}): "
            "deploy from a checkout whose work is committed."
        )
        raise DeploymentError(message) from None
