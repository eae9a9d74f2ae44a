"""The events of a run that behave itself does not report to formatters."""

import time
from collections.abc import Callable, Mapping, Sequence

from behave.model import Feature

from acceptance.reports.feature_files import UnreadableFeatureError


class RunObserver:
    """A formatter that the runner informs of these events; each method may be overridden.

    Attributes:
        incomplete: whether it could not report everything that was run, which fails the run.
        moment: the time of the current event, in nanoseconds since 1970 (UTC); None for now.

    """

    incomplete = False
    moment: int | None = None

    def now(self) -> int:
        """Return the time of the current event, in nanoseconds since 1970 (UTC)."""
        return time.time_ns() if self.moment is None else self.moment

    def run_started(
        self, features: Sequence[Feature], hooks: Mapping[str, Callable[..., object]]
    ) -> None:
        """A run of `features` begins, with these `hooks` by their names."""

    def embedding(self, mime_type: str, data: bytes | str) -> None:
        """Something was attached, of which behave informs every formatter."""

    def attached_to_run(self, mime_type: str, data: bytes | str) -> None:
        """Something was attached to the run as a whole."""

    def hook_started(self, name: str, *, in_scenario: bool) -> None:
        """A hook is called, such as "before_all"."""

    def hook_finished(self, name: str, error: BaseException | None, *, in_scenario: bool) -> None:
        """The hook has ended, and raised `error` or nothing."""

    def cleanup_failed(self, error: Exception, *, in_scenario: bool) -> None:
        """The clean-up of a fixture or a step failed."""

    def reading_failed(self, errors: Sequence[UnreadableFeatureError]) -> None:
        """Some features cannot be read, and therefore none is run."""

    def ended_early(self, reason: str) -> None:
        """The run ended early, for a reason in a sentence."""

    def run_finished(self, *, passed: bool) -> None:
        """The run has ended; this comes after the formatter was closed."""
