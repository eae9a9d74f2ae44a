"""A small change of the site's source that the scenarios should notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a mutant changes."""

    CODE = "code"
    TEMPLATE = "template"
    ATTRIBUTE = "attribute"
    """An attribute of an element in a template, such as `required`."""
    STYLE = "style"
    SCRIPT = "script"
    SETTING = "setting"
    EMAIL = "email"
    DATABASE = "database"
    """What the database guarantees: constraints of models, with their migrations."""


@dataclass(frozen=True)
class Mutant:
    """A changed version of the site.

    Attributes:
        name: stays the same while the changed line and its neighbours in the file's own order of
            equal changes stay the same, such as `lists/views.py 3f2a91c0`.
        kind: what it changes.
        path: the file that it changes first, below the root of the project, with slashes.
        line: the first line that it changes there, counted from 1.
        before: what stood there, in one line.
        after: what stands there instead, in one line; empty if it was removed.
        texts: the new text of each changed file, by path.

    """

    name: str
    kind: Kind
    path: str
    line: int
    before: str
    after: str
    texts: Mapping[str, str]

    def originals(self, root: Path) -> dict[str, str]:
        """Return the text of each file that it changes, by path; files that it adds are left out.

        Args:
            root: the folder of the project.

        """
        return {
            path: file.read_text(encoding="utf-8")
            for path in self.texts
            if (file := root / path).exists()
        }
