"""The suite's runner for behave, which adds what users of behave expect."""

import sys
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import cached_property, partial
from multiprocessing.connection import Connection
from pathlib import Path

from behave import runner as behave_runner
from behave.capture import CaptureBookmark
from behave.model import Scenario
from behave.model_type import FileLocation

from acceptance.browser.select import import_browser
from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError, ExplainedError, NotReadyError
from acceptance.evidence.artifacts import Artifacts, ScenarioFolders
from acceptance.evidence.shard_plan import SHARD
from acceptance.evidence.tracebacks import without_libraries
from acceptance.profiles.select import import_profile
from acceptance.profiles.sharing import Sharing, start_sharing
from acceptance.reports.run_observer import RunObserver
from acceptance.reports.runner import ReportingRunner
from acceptance.running.alone import leave_out_what_needs_site, line_about_what_needs_site
from acceptance.running.browserless import (
    leave_out_what_needs_browser,
    left_out_line,
    reason_for_nothing_without_browser,
)
from acceptance.running.failed_list import check_lists, current_locations, nothing_listed
from acceptance.running.formatters import check_junit_folder, guard, named_if_not_made
from acceptance.running.interruptions import Interruptions
from acceptance.running.kept_failures import keep_failures
from acceptance.running.missing_steps import missing_steps
from acceptance.running.order import shuffle
from acceptance.running.prompts import prompts_shown
from acceptance.running.run_time import true_run_time
from acceptance.running.scenario_times import known_times, remember_times
from acceptance.running.selection import (
    check_paths,
    is_empty_list,
    leave_out_empty,
    leave_out_other_shards,
    leave_out_planned,
    reason_for_none,
    selected,
)
from acceptance.running.settings import settings_of
from acceptance.running.shards import asked_for_shard, given_times
from acceptance.running.step_registry import StepsWithHook
from acceptance.running.untested_outlines import count_outlines_as_untested
from acceptance.running.workers.crew import Crew
from acceptance.running.workers.crew import NotBegunError as WorkerNotBegunError
from acceptance.running.workers.lead import Lead
from acceptance.running.workers.number import number_of_workers
from acceptance.running.workers.plan import Plan
from acceptance.running.workers.wire import Models, Wire
from acceptance.running.workers.worker import Worker

OTHERS = {".venv", "venv", "node_modules", "site-packages"}
"""Folders with other people's code."""


class _NotBegunError(BaseException):
    """before_all ended with an error, which is the cause; behave itself would continue."""


class SuiteRunner(ReportingRunner):
    """Runs the features as behave's own runner does.

    environment.py may define two more hooks: `around_step(context, step)` returns a context
    manager in which the step's function runs, and `step_snippet(step)` returns the beginning of a
    definition.

    Attributes:
        sharing: what the workers of the run share of a deployed site, or None without workers.
        lead: distributes the run to workers; None without workers, and in a worker.
        worker: this worker, or None if this process is not one.

    """

    sharing: Sharing | None = None
    lead: Lead | None = None
    worker: Worker | None = None
    _left_out: Sequence[Scenario] = ()
    _left_out_alone: Sequence[Scenario] = ()

    def feature_locations(self) -> list[FileLocation]:
        """Find the features, without those of installed packages.

        Raises:
            ConfigError: a feature, a folder or a list of features does not exist.

        """
        check_paths(self.config.paths)
        lists = [Path(path[1:]) for path in self.config.paths if path.startswith("@")]
        check_lists(lists)
        return [
            location
            for location in current_locations(super().feature_locations(), lists, self.config.lang)
            if not OTHERS.intersection(Path(location.filename).parts)
        ]

    def run_with_paths(self) -> bool:
        """Read the features and run them."""
        with named_if_not_made():
            return super().run_with_paths()

    def run_hook(self, hook_name: str, *args: object) -> bool:
        """Run a hook; an error in before_all ends the run."""
        if self.lead and hook_name == "before_all":
            self.lead.before_all()
            return True
        if hook_name != "before_all" or not self.should_run_hook(hook_name):
            return bool(super().run_hook(hook_name, *args))
        try:
            with self.context.use_with_user_mode():
                self.hooks[hook_name](self.context)
        except BaseException as error:
            raise _NotBegunError from error
        return True

    def artifacts(self, root: Path) -> ScenarioFolders:
        """Return the folders for the run's evidence, below `root`."""
        return self.worker.artifacts(root) if self.worker else Artifacts(root)

    def setup_capture(self, name: str | None = None) -> None:
        """Capture output, starting anew for each scenario."""
        super().setup_capture(name)
        # behave would skip as many characters as the last scenario has printed.
        self.capture_controller.delta_bookmark = CaptureBookmark()

    def should_run_hook(self, hook_name: str) -> bool:
        """Return whether this process calls a hook; with workers, only they do."""
        return not self.lead and bool(super().should_run_hook(hook_name))

    def run_hook_with_capture(self, hook_name: str, *args: object, **kwargs: object) -> bool:
        """Run a hook, and capture its output until it fails."""
        if self.lead and hook_name == "after_all":
            self.lead.after_all()
            return True
        return bool(super().run_hook_with_capture(hook_name, *args, **kwargs))

    def run_model(self, features: object = None) -> bool:
        """Run the selected scenarios of the features, and return whether any failed."""
        for name, formatter in zip(self.config.format, self.formatters, strict=False):
            if not isinstance(formatter, RunObserver):
                guard(formatter, name)
        around_step = self.hooks.get("around_step")
        self.step_registry = StepsWithHook(behave_runner.the_step_registry, around_step)
        try:
            return self._run_selected(features)
        finally:
            if not self.config.dry_run:
                remember_times(self.features)

    def _run_selected(self, features: object) -> bool:
        try:
            self._select()
            if not self.features and not self.config.dry_run:
                # For an empty list, nothing has to be opened.
                self.hooks.clear()
                sys.stderr.write(f"{nothing_listed(self.config.paths)}\n")
            failed = self._run_all(features)
        except (ConfigurationError, NotReadyError) as refusal:
            return self._refuse(refusal)
        except _NotBegunError as error:
            return self._end_early(_explanation(error.__cause__))
        except WorkerNotBegunError as error:
            return self._end_early(str(error))
        except KeyboardInterrupt:
            self._keep_failures()
            return self._end_early("ABORTED: By user.", is_reported=False)
        except BrokenPipeError:
            # As in `behave | head`: no one would read a message.
            self._keep_failures()
            return self._end_early("")
        if self.undefined_steps:
            snippet = self.hooks.get("step_snippet")
            sys.stdout.flush()
            sys.stderr.write(f"\n{missing_steps(self.undefined_steps, snippet)}\n")
        self._report_left_out()
        again = self._keep_failures()
        if failed and again:
            sys.stdout.flush()
            sys.stderr.write(f"\n{again}\n")
        return failed

    def _report_left_out(self) -> None:
        sys.stdout.flush()
        if self._left_out:
            sys.stderr.write(f"\n{left_out_line(self._left_out)}\n")
        if self._left_out_alone:
            sys.stderr.write(f"\n{line_about_what_needs_site(self._left_out_alone)}\n")

    @cached_property
    def _settings(self) -> Configuration | None:
        # Cached, because each call would read pyproject.toml again.
        return settings_of(self.config)

    def _keep_failures(self) -> str | None:
        return (
            None
            if self.config.dry_run
            else keep_failures(self.features, self.config, self._settings)
        )

    def _run_all(self, features: object) -> bool:
        scenarios = sum(1 for _ in selected(self.features, self.config))
        count = 1 if self.config.dry_run else number_of_workers(self.config.jobs, scenarios)
        timed = ExitStack()
        timed.enter_context(true_run_time(self.context))
        self.context.add_cleanup(timed.close)
        if count == 1:
            with prompts_shown():
                return bool(super().run_model(features))
        if self._settings:
            # Once, instead of in each worker.
            import_profile(self._settings)
            import_browser(self._settings)
        plan = Plan(self.features, self.config, known_times())
        wire = Wire(Models(self.features))
        crew = Crew(plan, wire, partial(self._work, plan, wire), stops=self.config.stop)
        self.lead = Lead(self, plan, crew)
        with ExitStack() as undo:
            undo.enter_context(Interruptions(crew.interrupt).heard())
            # It starts before the workers, which inherit its connection, and stops after them.
            self.sharing = start_sharing()
            undo.callback(self.sharing.stop)
            undo.callback(crew.stop)
            crew.start(count)
            return bool(super().run_model(features))

    def _work(self, plan: Plan, wire: Wire, number: int, connection: Connection) -> None:
        """Run as a worker, in a separate process."""
        self.lead = None
        self.worker = Worker(number, self, plan, wire, connection)
        try:
            with prompts_shown(is_worker=True):
                self.worker.work(super().run_model)
        except (_NotBegunError, KeyboardInterrupt) as error:
            with suppress(Exception):
                self.context._do_remaining_cleanups()  # noqa: SLF001
            self.worker.report_not_begun(_explanation(error.__cause__ or error))

    def _select(self) -> None:
        check_junit_folder(self.config)
        shard = asked_for_shard(self.config.userdata)
        times = given_times(self.config.userdata)
        leave_out_planned(self.config)
        if self.config.dry_run:
            count_outlines_as_untested(self.features)
        else:
            self._left_out = leave_out_what_needs_browser(
                self.features, self.config, self._settings
            )
            self._left_out_alone = leave_out_what_needs_site(
                self.features, self.config, self._settings
            )
        nothing = next(selected(self.features, self.config), None) is None
        if (
            nothing
            and not self.config.dry_run
            and not (is_empty_list(self.config) and not self.features)
        ):
            raise NotReadyError(
                reason_for_nothing_without_browser(self._left_out)
                if self._left_out
                else line_about_what_needs_site(self._left_out_alone)
                if self._left_out_alone
                else reason_for_none(self.features, self.config)
            )
        if shard is not None:
            plan = leave_out_other_shards(self.features, self.config, shard, times)
            self.run_attachments.append((SHARD, plan.to_json()))
            if next(selected(self.features, self.config), None) is None:
                # Without scenarios, nothing has to be opened.
                self.hooks.clear()
        leave_out_empty(self.features, self.config)
        if self._settings and self._settings.order:
            print(shuffle(self.features, self._settings.order))  # noqa: T201 (repeats the order)

    def _refuse(self, refusal: ExplainedError) -> bool:
        # Reports, too, must show that the run failed.
        for observer in self._observers():
            observer.run_started(self.features, self._hooks_of_ours())
        return self._end_early(str(refusal), is_reported=False)

    def _end_early(self, why: str, *, is_reported: bool = True) -> bool:
        """Clean up, finish the reports as those of a failed run, and print the reason."""
        # behave has already reported what cannot be cleaned up.
        with suppress(Exception):
            self.context._do_remaining_cleanups()  # noqa: SLF001
        with suppress(BrokenPipeError):
            for formatter in self.formatters:
                formatter.close()
        for observer in self._observers():
            if not is_reported:
                observer.ended_early(why)
            observer.run_finished(passed=False)
        with suppress(BrokenPipeError):
            sys.stdout.flush()
            if why:
                sys.stderr.write(f"{why}\n")
        return True


def _explanation(error: BaseException | None) -> str:
    """Return the message of an error that explains itself, and the traceback of any other."""
    if isinstance(error, ExplainedError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "ABORTED: By user, before anything was run."
    if isinstance(error, SystemExit):
        return f"ABORTED: before_all ended the program ({error.code})."
    (*_, named) = traceback.format_exception_only(error)
    shown = without_libraries("".join(traceback.format_exception(error)))
    return f"before_all failed, and nothing was run: {named}{shown}"
