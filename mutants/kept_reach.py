"""What tests reach is recorded once, and used as long as little of the site has changed since."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from mutants.project_copy import SITE, project_files
from mutants.reach import Reach

MOST_CHANGED = 3
"""How many files may have changed since the recording."""

_TEXTS = (".css", ".html", ".js", ".py", ".txt")

Kept = TypeVar("Kept", bound=Reach)


def read_reach(kind: type[Kept], file: Path, sources: Mapping[str, str]) -> Kept | None:
    """Read what tests reach from a file, for the site as it is now.

    Args:
        kind: the type of what is read.
        file: the file.
        sources: the text of each file of the site.

    Returns:
        None if there is nothing to read, or if too much has changed since it was recorded.

    """
    reach = kind.read(file)
    if reach is None:
        return None
    changed = reach.changed_files(sources)
    if len(changed) > MOST_CHANGED or not set(changed) <= set(reach.sources):
        return None
    return reach.moved_to(sources)


def sources_of_site(root: Path) -> dict[str, str]:
    """Return the text of each file of the site that mutants may change, by its path."""
    return {
        name: (root / name).read_text(encoding="utf-8")
        for name in project_files(root)
        if name.partition("/")[0] in SITE
        and name.endswith(_TEXTS)
        and not {"tests", "vendor"} & set(Path(name).parts)
    }
