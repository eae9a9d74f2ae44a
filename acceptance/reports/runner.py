"""behave's runner, which informs formatters of hooks, clean-up and the verdict as well."""

import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from behave.formatter._registry import make_formatters
from behave.formatter.base import StreamOpener
from behave.runner import Context, Runner

from acceptance.reports.feature_files import UnreadableFeatureError, parsed
from acceptance.reports.junit import write_well_formed_junit
from acceptance.reports.run_observer import RunObserver

HOOKS = tuple(
    f"{when}_{what}"
    for what in ("all", "feature", "rule", "scenario", "step", "tag")
    for when in ("before", "after")
)


class ShowableFile(StreamOpener):
    """A file for a formatter, which may write text that cannot be encoded."""

    stream: TextIO | None

    def open(self) -> TextIO:
        """Open the file, and make its folder."""
        if self.stream is None or self.stream.closed:
            file = Path(self.name)
            file.parent.mkdir(parents=True, exist_ok=True)
            self.stream = file.open(
                "w", encoding=self.encoding, errors="backslashreplace", newline=""
            )
            self.should_close_stream = True
        return self.stream


class ReportingRunner(Runner):
    """Runs features as behave's own runner does.

    behave informs a formatter of steps, but not of hooks, of clean-up that fails, of features that
    it cannot read, or of how the run ends as a whole.

    Attributes:
        run_attachments: what is attached to the run before anything is run: media types and
            contents.

    """

    run_attachments: list[tuple[str, bytes]]

    def run(self) -> bool:
        """Run everything, and make any text printable and writable."""
        self.run_attachments = []
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        self.config.outputs = [
            output if output.stream else ShowableFile(output.name, encoding=output.encoding)
            for output in self.config.outputs
        ]
        write_well_formed_junit()
        return bool(super().run())

    def load_hooks(self, filename: str | None = None) -> None:
        """Load environment.py, and listen to each hook in it."""
        super().load_hooks(filename)
        for name, hook in self._hooks_of_ours().items():
            self.hooks[name] = self._observed(name, hook)

    def run_with_paths(self) -> bool:
        """Run the features, or none where one of them cannot be read."""
        # Read here first, since behave stops at the first error and does not always name the file.
        errors = list(self._reading_errors())
        if not errors:
            return bool(super().run_with_paths())
        self.formatters = make_formatters(self.config, self.config.outputs)
        for error in errors:
            sys.stderr.write(f"{error}\n")
        for observer in self._observers():
            observer.reading_failed(errors)
            observer.run_finished(passed=False)
        for formatter in self.formatters:
            formatter.close()
        return True

    def _reading_errors(self) -> Iterator[UnreadableFeatureError]:
        files = dict.fromkeys(
            os.path.relpath(str(getattr(location, "filename", location)))
            for location in self.feature_locations()
            if not self.config.exclude(location)
        )
        for file in files:
            try:
                parsed(Path(file), self.config.lang)
            except UnreadableFeatureError as error:
                yield error

    def run_model(self, features: object = None) -> bool:
        """Run the features that were read."""
        for observer in self._observers():
            observer.run_started(self.features, self._hooks_of_ours())
            for media_type, content in self.run_attachments:
                observer.embedding(media_type, content)
        # As if environment.py had set it; environment.py may still replace it.
        with self.context.use_with_user_mode():
            self.context.on_cleanup_error = self._report_cleanup_error
        failed = bool(super().run_model(features))
        for observer in self._observers():
            observer.run_finished(passed=not failed)
        return failed or any(observer.incomplete for observer in self._observers())

    def _hooks_of_ours(self) -> dict[str, Callable[..., object]]:
        # behave's hooks include every name of environment.py, and a hook of its own.
        return {
            name: self.hooks[name]
            for name in HOOKS
            if name in self.hooks and self.hooks[name] != self.before_all_default_hook
        }

    def _observers(self) -> Iterator[RunObserver]:
        return (each for each in self.formatters if isinstance(each, RunObserver))

    def _observed(self, name: str, hook: Callable[..., object]) -> Callable[..., object]:
        @wraps(hook)
        def observed(context: Context, *arguments: object) -> object:
            in_scenario = "scenario" in context
            error: BaseException | None = None
            for observer in self._observers():
                observer.hook_started(name, in_scenario=in_scenario)
            try:
                return hook(context, *arguments)
            except BaseException as raised:
                # The frame of this function is of no interest.
                error = raised.with_traceback(raised.__traceback__ and raised.__traceback__.tb_next)
                raise
            finally:
                for observer in self._observers():
                    observer.hook_finished(name, error, in_scenario=in_scenario)

        return observed

    def _report_cleanup_error(
        self, context: Context, cleanup: Callable[[], object], error: Exception
    ) -> None:
        context.print_cleanup_error(context, cleanup, error)
        for observer in self._observers():
            observer.cleanup_failed(error, in_scenario="scenario" in context)
