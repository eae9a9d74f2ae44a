"""The site in a process that has already loaded it, and that a mutant changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template.autoreload import reset_loaders

from mutants.mutant import Mutant
from mutants.project_copy import SITE
from mutants.reach import PYTHON, Reach
from mutants.replaced_code import LoadedFunctions, changed_functions

# With other models, migrations or settings, the database may be another one.
_MIGRATES = ("/models.py", "/apps.py", "/settings.py")


@dataclass(frozen=True)
class Change:
    """A changed module.

    Attributes:
        path: its file, below the root of the project.
        before: its text; empty if it is new.
        after: its changed text.

    """

    path: str
    before: str
    after: str

    def is_imported(self, reach: Reach) -> bool:
        """Whether the module has to be imported anew, because functions cannot be replaced."""
        return (
            not self.before
            or (migrates(self.path) and not self.path.endswith("/models.py"))
            or reach.runs_at_start(self.path, self.before, self.after)
            or not changed_functions(Path(self.path), self.before, self.after)
        )


def changes_of(mutant: Mutant, originals: Mapping[str, str]) -> Sequence[Change]:
    """Return the modules that a mutant changes.

    Args:
        mutant: the mutant.
        originals: the text of each file that it changes, by path; files that it adds are left out.

    """
    return [
        Change(path, originals.get(path, ""), text)
        for path, text in mutant.texts.items()
        if path.endswith(PYTHON)
    ]


def migrates(path: str) -> bool:
    """Whether the database may be another one when this file is changed."""
    return path.endswith(_MIGRATES) or "/migrations/" in path


class LoadedSite:
    """The site that this process has loaded from a copy of the project."""

    def __init__(self, project: Path) -> None:
        """Find its functions.

        Args:
            project: the copy's folder.

        """
        self._project = project
        self._functions = LoadedFunctions({name: project / name for name in SITE})

    def change(self, changes: Sequence[Change]) -> bool:
        """Replace the functions that a mutant changes; return whether that was possible."""
        replacements = []
        for each in changes:
            changed = changed_functions(self._project / each.path, each.before, each.after)
            if not changed:
                return False
            replacements += changed
        reset_loaders()
        return not changes or self._functions.replace(replacements)
