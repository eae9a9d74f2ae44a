"""All mutants of the site, in a stable order."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mutants.changes.change import with_names
from mutants.changes.database import mutants_of_database
from mutants.changes.python_code import mutants_of_python
from mutants.changes.scripts import mutants_of_script
from mutants.changes.style_sheets import mutants_of_style_sheet
from mutants.changes.templates import mutants_of_template
from mutants.mutant import Mutant

PACKAGES = ("accounts", "lists", "superlists")

_LEFT_OUT = ("tests", "migrations", "vendor", "__pycache__")

_BY_SUFFIX: dict[str, Callable[[str, str], Iterator[Mutant]]] = {
    ".css": mutants_of_style_sheet,
    ".html": mutants_of_template,
    ".js": mutants_of_script,
    ".py": mutants_of_python,
}


def mutants_of(root: Path, files: Sequence[str] | None = None) -> Iterator[Mutant]:
    """Make the mutants of the site, file by file in the order of their paths.

    Args:
        root: of the project.
        files: paths below it, with slashes, of which alone to make mutants; None for all.

    """
    for path in site_files(root):
        if files is None or path in files:
            yield from with_names(_mutants_of_file(root, path))


def _mutants_of_file(root: Path, path: str) -> Iterator[Mutant]:
    source = (root / path).read_text(encoding="utf-8")
    yield from _BY_SUFFIX[Path(path).suffix](path, source)
    if path.endswith("/models.py"):
        migrations = (root / path).parent.glob("migrations/0*.py")
        texts = {
            migration.relative_to(root).as_posix(): migration.read_text(encoding="utf-8")
            for migration in migrations
        }
        yield from mutants_of_database(path, {path: source, **texts})


def site_files(root: Path) -> list[str]:
    """Return the paths of the files that have mutants, below the root, sorted."""
    paths = [path for package in PACKAGES for path in (root / package).rglob("*")]
    return sorted(
        path.relative_to(root).as_posix()
        for path in paths
        if path.suffix in _BY_SUFFIX and not set(path.relative_to(root).parts) & set(_LEFT_OUT)
    )
