"""behave's hooks as Cucumber Messages."""

from collections.abc import Callable, Mapping

from cucumber_messages import Envelope, Hook, HookType, SourceReference

from acceptance.reports.message_stream import MessageStream
from acceptance.reports.step_definitions import source_reference

CLEANUP = "Clean-up"
"""Names the clean-up of fixtures, which is not a hook of behave but fails like one."""

REPORT = "Report"
"""Names the making of the report, which fails if the report lacks something that was run."""

RUN = "The run"
"""Names the run itself, if it was refused or ended early."""

# Cucumber Messages have no types for hooks of features, rules and tags.
TYPES = {
    "before_all": HookType.before_test_run,
    "after_all": HookType.after_test_run,
    "before_scenario": HookType.before_test_case,
    "after_scenario": HookType.after_test_case,
    "before_step": HookType.before_test_step,
    "after_step": HookType.after_test_step,
    CLEANUP: HookType.after_test_case,
    REPORT: HookType.after_test_run,
    RUN: HookType.after_test_run,
}


class Hooks:
    """Gives hooks their ids, and reports each of them once."""

    def __init__(self, stream: MessageStream) -> None:
        self._stream = stream
        self._ids: dict[str, str] = {}

    def report(self, functions: Mapping[str, Callable[..., object]]) -> None:
        """Report the hooks that environment.py has, by their names."""
        for name, function in functions.items():
            self._report(name, source_reference(function))

    def id(self, name: str) -> str:
        """Return the id of a hook, such as "before_scenario"."""
        if name not in self._ids:
            self._report(name, SourceReference())
        return self._ids[name]

    def _report(self, name: str, source: SourceReference) -> None:
        self._ids[name] = self._stream.new_id()
        hook = Hook(id=self._ids[name], name=name, type=TYPES.get(name), source_reference=source)
        self._stream.write(Envelope(hook=hook))
