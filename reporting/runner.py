"""behave's runner, which lets formatters know of hooks, clean-up and the verdict."""

from collections.abc import Callable, Iterator
from functools import wraps

from behave.formatter._registry import make_formatters
from behave.parser import ParserError
from behave.runner import Context, Runner

from reporting.run_observer import RunObserver

HOOKS = tuple(
    f"{when}_{what}"
    for what in ("all", "feature", "rule", "scenario", "step", "tag")
    for when in ("before", "after")
)


class ReportingRunner(Runner):
    """Runs what behave's own runner runs, in the same way.

    behave tells a formatter of steps, but not of hooks, of clean-up that fails, of features that
    it cannot read, or of how the run ends as a whole.
    """

    def load_hooks(self, filename: str | None = None) -> None:
        """Load environment.py, and listen to each hook in it."""
        super().load_hooks(filename)
        for name, hook in self._hooks_of_ours().items():
            self.hooks[name] = self._observed(name, hook)

    def run_with_paths(self) -> bool:
        """Run the features.

        Raises:
            ParserError: behave cannot read one of them, and has run none.

        """
        try:
            return bool(super().run_with_paths())
        except ParserError as error:
            # behave reads features before it makes its formatters.
            self.formatters = make_formatters(self.config, self.config.outputs)
            for observer in self._observers():
                observer.parsing_failed(error)
                observer.run_finished(passed=False)
            for formatter in self.formatters:
                formatter.close()
            raise

    def run_model(self, features: object = None) -> bool:
        """Run the features that were read."""
        for observer in self._observers():
            observer.run_started(self.features, self._hooks_of_ours())
        # As if environment.py had set it, which may also do so and then replaces this.
        with self.context.use_with_user_mode():
            self.context.on_cleanup_error = self._tell_of_cleanup_error
        failed = bool(super().run_model(features))
        for observer in self._observers():
            observer.run_finished(passed=not failed)
        return failed

    def _hooks_of_ours(self) -> dict[str, Callable[..., object]]:
        # Among the hooks is all else that environment.py knows, and one of behave's own.
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
                # Where it was called here is of no interest to anybody.
                error = raised.with_traceback(raised.__traceback__ and raised.__traceback__.tb_next)
                raise
            finally:
                for observer in self._observers():
                    observer.hook_finished(name, error, in_scenario=in_scenario)

        return observed

    def _tell_of_cleanup_error(
        self, context: Context, cleanup: Callable[[], object], error: Exception
    ) -> None:
        context.print_cleanup_error(context, cleanup, error)
        for observer in self._observers():
            observer.cleanup_failed(error, in_scenario="scenario" in context)
