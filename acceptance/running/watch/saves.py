"""The files that people save, reported as they do so, whichever way their editor saves."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import DefaultFilter
from watchfiles._rust_notify import RustNotify

STEP = 20
"""How many milliseconds without changes end a save: some editors write a file twice."""

DEBOUNCE = 400
"""After how many milliseconds continuous changes are reported nevertheless."""

_LOOK_UP = 2000
"""How many milliseconds may pass until a stop is noticed if nothing changes."""

_UNWATCHED = {
    *DefaultFilter.ignore_dirs,
    *(".import_linter_cache", ".ruff_cache", "venv", "site-packages"),
    *("artifacts", "build", "dist", "htmlcov", "reports", "staticfiles"),
}
_NOT_WRITTEN_BY_PEOPLE = [
    re.compile(pattern)
    for pattern in (
        *DefaultFilter.ignore_entity_patterns,
        # Vim's test file; Emacs' locks and copies; copies of other editors.
        *(r"^4913$", r"^#.*#$", r"\.sw\w{1,2}$", r"\.(bak|orig|save|tmp)$", r"^\.goutputstream-"),
        # Files that the site and tools write, and files that no test uses.
        *(r"\.sqlite3(-\w+)?$", r"\.log$", r"^\.coverage", r"\.egg-info$", r"\.md$"),
    )
]


class Saves:
    """The saves below a folder, from the creation of this object on.

    Folders with generated files and third-party code are not watched.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._known = set(self._files())
        self._notify = self._watching()

    def until(self, stop: Event) -> Iterator[frozenset[Path]]:
        """Yield the files of each save, or deletion, as paths relative to the root."""
        while True:
            changes = self._notify.watch(DEBOUNCE, STEP, _LOOK_UP, stop)
            if stop.is_set() or changes == "stop":
                return
            if isinstance(changes, str):
                continue
            saved = self._saved(Path(name) for _, name in changes)
            if saved:
                yield saved

    def close(self) -> None:
        """Stop watching."""
        self._notify.close()

    def _saved(self, changed: Iterator[Path]) -> frozenset[Path]:
        saved = set()
        for path in changed:
            if path.is_dir():
                if path.name not in _UNWATCHED:
                    # Files in a new folder may have been written before it is watched.
                    self._notify.close()
                    self._notify = self._watching()
                    saved |= set(self._files(path)) - self._known
            elif _is_written_by_people(path.name) and (path in self._known or path.exists()):
                saved.add(path)
        for path in saved:
            (self._known.add if path.exists() else self._known.discard)(path)
        return frozenset(path.relative_to(self._root) for path in saved)

    def _watching(self) -> RustNotify:
        # Folder by folder, because .venv and node_modules have more folders than all the rest.
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
