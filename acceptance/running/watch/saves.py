"""Which files people save: told as they do so, in whatever way their editor saves."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import DefaultFilter
from watchfiles._rust_notify import RustNotify

STEP = 20
"""How many milliseconds have to be quiet after a change: some editors write a file twice."""

DEBOUNCE = 400
"""After how many milliseconds of changes without a pause they are told nevertheless."""

_LOOK_UP = 2000
"""How many milliseconds may pass until a stop is noticed where nothing changes."""

_UNWATCHED = {
    *DefaultFilter.ignore_dirs,
    *(".import_linter_cache", ".ruff_cache", "venv", "site-packages"),
    *("artifacts", "build", "dist", "htmlcov", "reports", "staticfiles"),
}
_NOT_WRITTEN_BY_PEOPLE = [
    re.compile(pattern)
    for pattern in (
        *DefaultFilter.ignore_entity_patterns,
        # Vim's try whether it can write; Emacs' locks and copies; copies of other editors.
        *(r"^4913$", r"^#.*#$", r"\.sw\w{1,2}$", r"\.(bak|orig|save|tmp)$", r"^\.goutputstream-"),
        # What the site and tools write, and what nothing is tested of.
        *(r"\.sqlite3(-\w+)?$", r"\.log$", r"^\.coverage", r"\.egg-info$", r"\.md$"),
    )
]


class Saves:
    """The saves below a folder, from the moment at which this is made.

    Folders with what tools write or others wrote are not watched.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._known = set(self._files())
        self._notify = self._watching()

    def until(self, stop: Event) -> Iterator[frozenset[Path]]:
        """Yield which files were saved or deleted, time and again, as paths below the root."""
        while True:
            told = self._notify.watch(DEBOUNCE, STEP, _LOOK_UP, stop)
            if stop.is_set() or told == "stop":
                return
            if isinstance(told, str):
                continue
            saved = self._saved(Path(name) for _, name in told)
            if saved:
                yield saved

    def close(self) -> None:
        """Watch no more."""
        self._notify.close()

    def _saved(self, changed: Iterator[Path]) -> frozenset[Path]:
        saved = set()
        for path in changed:
            if path.is_dir():
                if path.name not in _UNWATCHED:
                    # What lies in a new folder may have been written before it is watched.
                    self._notify.close()
                    self._notify = self._watching()
                    saved |= set(self._files(path)) - self._known
            elif _is_written_by_people(path.name) and (path in self._known or path.exists()):
                saved.add(path)
        for path in saved:
            (self._known.add if path.exists() else self._known.discard)(path)
        return frozenset(path.relative_to(self._root) for path in saved)

    def _watching(self) -> RustNotify:
        # Folder by folder: what lies in .venv and node_modules is more than all the rest.
        folders = [str(folder) for folder in self._walk(self._root, lambda folder, _: [folder])]
        return RustNotify(folders, False, False, 0, False, True)  # noqa: FBT003

    def _files(self, below: Path | None = None) -> Iterator[Path]:
        return self._walk(
            below or self._root,
            lambda folder, names: [folder / name for name in names if _is_written_by_people(name)],
        )

    @staticmethod
    def _walk(root: Path, found: Callable[[Path, list[str]], list[Path]]) -> Iterator[Path]:
        for folder, below, names in os.walk(root):
            below[:] = [name for name in below if name not in _UNWATCHED]
            yield from found(Path(folder), names)


def _is_written_by_people(name: str) -> bool:
    return not any(pattern.search(name) for pattern in _NOT_WRITTEN_BY_PEOPLE)
