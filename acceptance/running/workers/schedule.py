"""Which part of a run a worker takes next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Path = tuple[int, ...]
"""Where a part stands: the number of its feature, then that of its rule where it has one."""


@dataclass(frozen=True)
class Part:
    """A scenario, or a feature or rule without one, whose hooks are called nevertheless.

    Attributes:
        number: its place in the order of the features.
        path: where it stands.
        cost: how long it takes, as far as is known; only the ratios matter.

    """

    number: int
    path: Path
    cost: float


class Schedule:
    """The parts of a run that no worker has taken yet.

    Whoever takes a part of a feature calls the feature's hooks, so a worker stays where it is while
    something is left there. Then it begins the feature with the most work; only where all have
    been begun does it help others. The longest part comes first, so that no one waits for it at
    the end.
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
        """Take the next part, or None where nothing is left.

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
        """Hand out nothing any more that comes after a part in the order of the features."""
        self._keep(lambda part: part.number <= number)

    def leave_out(self, path: Path) -> None:
        """Hand out nothing any more of a feature or rule."""
        self._keep(lambda part: part.path[: len(path)] != path)

    def end(self) -> None:
        """Hand out nothing any more."""
        self._waiting.clear()

    def has_left(self, within: Path = ()) -> bool:
        """Return whether something waits in a feature or rule, or anywhere."""
        return any(path[: len(within)] == within for path in self._waiting)

    def holds(self, part: Part) -> bool:
        """Return whether no worker has taken a part that will be handed out."""
        return part in self._waiting.get(part.path, [])

    def _preference(
        self, path: Path, depth: int, groups: Iterable[Sequence[Part]]
    ) -> tuple[bool, float, int]:
        parts = [part for group in groups for part in group]
        # What stands in a feature outside of its rules has no hooks that would be called again.
        is_begun = path in self._begun and len(path) > depth
        first = min(part.number for part in parts)
        return not is_begun, sum(part.cost for part in parts), -first

    def _keep(self, is_kept: Callable[[Part], bool]) -> None:
        kept = {
            path: [part for part in parts if is_kept(part)] for path, parts in self._waiting.items()
        }
        self._waiting = {path: parts for path, parts in kept.items() if parts}
