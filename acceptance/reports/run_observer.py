"""What a formatter can hear of a run beyond what behave reports to formatters."""

import time
from collections.abc import Callable, Mapping, Sequence

from behave.model import Feature

from acceptance.reports.feature_files import UnreadableFeatureError


class RunObserver:
    """A formatter that the runner keeps informed; each method may be overridden.

    Attributes:
        incomplete: whether it could not report all that was run, which fails the run.
        moment: when happened what it hears of, in nanoseconds since 1970 (UTC); None is now.

    """

    incomplete = False
    moment: int | None = None

    def now(self) -> int:
        """Return when what it hears of happened, in nanoseconds since 1970 (UTC)."""
        return time.time_ns() if self.moment is None else self.moment

    def run_started(
        self, features: Sequence[Feature], hooks: Mapping[str, Callable[..., object]]
    ) -> None:
        """Hear that a run of `features` begins, in which `hooks` will be called, by their names."""

    def embedding(self, mime_type: str, data: bytes | str) -> None:
        """Hear of an attachment that every formatter hears of."""

    def attached_to_run(self, mime_type: str, data: bytes | str) -> None:
        """Hear of an attachment of the run as a whole."""

    def hook_started(self, name: str, *, in_scenario: bool) -> None:
        """Hear that behave calls a hook, such as "before_all"."""

    def hook_finished(self, name: str, error: BaseException | None, *, in_scenario: bool) -> None:
        """Hear that the hook is done, and what it raised."""

    def cleanup_failed(self, error: Exception, *, in_scenario: bool) -> None:
        """Hear that something could not be undone that a fixture or a step had done."""

    def reading_failed(self, errors: Sequence[UnreadableFeatureError]) -> None:
        """Hear that behave cannot read some features, and therefore runs none."""

    def ended_early(self, reason: str) -> None:
        """Hear why no more is run than was, in a sentence."""

    def run_finished(self, *, passed: bool) -> None:
        """Hear what behave thinks of the run; this comes after the formatter was closed."""
