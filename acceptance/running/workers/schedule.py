"""The schedule: which part of a run a worker takes next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Path = tuple[int, ...]
"""The place of a part: the number of its feature, then that of its rule if it is in one."""


@dataclass(frozen=True)
class Part:
    """A scenario, or a feature or rule without scenarios, whose hooks are called nevertheless.

    Attributes:
        number: its position in the order of the features.
        path: its place.
        cost: how long it takes, as far as is known; only the ratios matter.

    """

    number: int
    path: Path
    cost: float


class Schedule:
    """The parts of a run that no worker has taken yet.

    A worker that takes a part of a feature calls the feature's hooks, so it stays in a feature
    while parts are left there. Then it begins the feature with the most work, and helps other
    workers only when all features have been begun. The longest part comes first, so that no worker
    waits for it at the end.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        self._waiting: dict[Path, list[Part]] = {}
        self._begun: set[Path] = set()
        for part in parts:
            self._waiting.setdefault(part.path, []).append(part)
        for parts_of_path in self._waiting.values():
            # Taken from the end.
            parts_of_path.sort(key=lambda part: (part.cost, -part.number))

    def take(self, within: Path = ()) -> Part | None:
        """Take the next part, or None if nothing is left.

        Args:
            within: the feature or the rule in which the worker is.

        """
        depth = len(within)
        groups: dict[Path, list[Sequence[Part]]] = {}
        for path, parts in self._waiting.items():
            if path[:depth] == within:
                # Outside of features, by feature; in a feature, by rule.
                groups.setdefault(path[: depth + 1], []).append(parts)
        if not groups:
            return None
        chosen = max(groups, key=lambda path: self._preference(path, depth, groups[path]))
        if len(chosen) > depth:
            return self.take(chosen)
        parts = self._waiting[within]
        part = parts.pop()
        if not parts:
            del self._waiting[within]
        self._begun.update(within[:length] for length in range(1, depth + 1))
        return part

    def end_after(self, number: int) -> None:
        """Assign no more parts that come after this one in the order of the features."""
        self._keep(lambda part: part.number <= number)

    def leave_out(self, path: Path) -> None:
        """Assign no more parts of a feature or rule."""
        self._keep(lambda part: part.path[: len(path)] != path)

    def end(self) -> None:
        """Assign no more parts."""
        self._waiting.clear()

    def has_left(self, within: Path = ()) -> bool:
        """Return whether parts are left in a feature or rule, or anywhere for `()`."""
        return any(path[: len(within)] == within for path in self._waiting)

    def holds(self, part: Part) -> bool:
        """Return whether a part is still to be assigned."""
        return part in self._waiting.get(part.path, [])

    def _preference(
        self, path: Path, depth: int, groups: Iterable[Sequence[Part]]
    ) -> tuple[bool, float, int]:
        parts = [part for group in groups for part in group]
        # For parts outside of rules, the feature's hooks are not called again.
        is_begun = path in self._begun and len(path) > depth
        first = min(part.number for part in parts)
        return not is_begun, sum(part.cost for part in parts), -first

    def _keep(self, is_kept: Callable[[Part], bool]) -> None:
        kept = {
            path: [part for part in parts if is_kept(part)] for path, parts in self._waiting.items()
        }
        self._waiting = {path: parts for path, parts in kept.items() if parts}
