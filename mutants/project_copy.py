"""A copy of the project, in which a worker changes the site."""

import hashlib
import os
import py_compile
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from acceptance.room import folder_in_memory
from mutants.mutant import Mutant

SITE = ("accounts", "lists", "superlists")
"""The folders of the site, whose files are changed."""

_COMPILED = (*(f"{folder}/" for folder in SITE), "features/", "steps/")


@dataclass(frozen=True)
class ProjectCopy:
    """A copy of the files that git knows or would add, which one worker has for itself.

    Attributes:
        folder: its folder; Python's compiled files in it depend on the text of their sources, so
            that a changed module is never mistaken for its original.

    """

    folder: Path

    @contextmanager
    def changed(self, mutant: Mutant) -> Iterator[None]:
        """Contain a mutant for the duration of the block."""
        originals = {
            path: file.read_bytes() if (file := self.folder / path).exists() else None
            for path in mutant.texts
        }
        try:
            for path, text in mutant.texts.items():
                file = self.folder / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="")
            yield
        finally:
            for path, content in originals.items():
                if content is None:
                    (self.folder / path).unlink(missing_ok=True)
                else:
                    (self.folder / path).write_bytes(content)


@contextmanager
def copied_project(root: Path) -> Iterator[ProjectCopy]:
    """Copy a project, in memory if there is room, and remove the copy after the block."""
    folder = folder_in_memory()
    try:
        files = project_files(root)
        for name in files:
            copied = folder / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copied)
        for name in files:
            if name.startswith(_COMPILED) and name.endswith(".py") and "/tests/" not in name:
                _compile(folder / name)
        yield ProjectCopy(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def project_files(root: Path) -> list[str]:
    """Return the files of a project, committed or not, without those that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout
    names = sorted({os.fsdecode(name) for name in listed.split(b"\0") if name})
    return [name for name in names if (root / name).is_file()]


def digest_of(root: Path, names: Sequence[str]) -> str:
    """Return a digest of files and folders of a project, without their unit tests.

    Args:
        root: the folder of the project.
        names: the names of files and folders in it.

    """
    digest = hashlib.sha256()
    for name in project_files(root):
        if name.partition("/")[0] in names and "/tests/" not in name:
            digest.update(f"\0{name}\0".encode())
            digest.update((root / name).read_bytes())
    return digest.hexdigest()[:20]


def _compile(file: Path) -> None:
    # By default, Python compares times and sizes, and two mutants may have the same.
    py_compile.compile(
        str(file),
        doraise=False,
        quiet=2,
        invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
    )
