"""`make watch`: at each save, run what failed, then what belongs to the file, then the rest."""

import os
import signal
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

from behave.configuration import Configuration as BehaveConfiguration
from behave.runner_util import collect_feature_locations, parse_features

from acceptance.configuration import Configuration
from acceptance.errors import ConfigurationError
from acceptance.project import project_here
from acceptance.reports.feature_files import UnreadableFeatureError, parsed
from acceptance.running.browserless import leave_out_what_needs_browser
from acceptance.running.failed_list import FailedList, failed_list_file
from acceptance.running.interruptions import ENDING
from acceptance.running.selection import leave_out_planned
from acceptance.running.settings import settings_of
from acceptance.running.watch.order import Part, belonging_to, parts
from acceptance.running.watch.python_files import complaint_about
from acceptance.running.watch.run import Outcome, Run, Spare
from acceptance.running.watch.saves import Saves
from acceptance.running.watch.verdict import together, verdict

Saved = frozenset[Path]


class Watch:
    """Runs the suite after each save."""

    def __init__(self, configuration: Configuration, words: Sequence[str]) -> None:
        self._configuration = configuration
        self._root = configuration.project.root
        given = BehaveConfiguration(list(words)).paths
        # The places of each part replace the given ones.
        self._options = [word for word in words if word not in given]
        self._words = words
        self._events: SimpleQueue[Saved | Run] = SimpleQueue()
        self._steps: dict[str, set[str]] = {}
        self._saved: set[Path] = set()
        self._parts: list[Part] = []
        self._run: Run | None = None
        self._spare: Spare | None = None
        self._modules: Sequence[str] = ()
        self._all = Outcome()
        self._ran = 0
        self._began = 0.0

    def until_interrupted(self) -> None:
        """Run everything, and then the parts to run after each save, until Ctrl-C."""
        stop = Event()
        saves = Saves(self._root)
        watcher = Thread(target=self._pass_on_saves, args=[saves, stop])
        watcher.start()
        try:
            self._begin(belonging=None)
            while True:
                event = self._events.get()
                if isinstance(event, Run):
                    self._take_in(event)
                else:
                    self._saved |= event
                    self._end_run()
                    self._begin(belonging=belonging_to(self._saved, self._steps))
        finally:
            stop.set()
            self._end_run()
            if self._spare is not None:
                self._spare.end()
            watcher.join()
            saves.close()

    def _pass_on_saves(self, saves: Saves, stop: Event) -> None:
        for saved in saves.until(stop):
            self._events.put(saved)

    def _end_run(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.end()

    def _begin(self, belonging: Collection[str] | None) -> None:
        self._began = time.monotonic()
        self._all = Outcome()
        self._ran = 0
        complaints = [*self._python_complaints()]
        behave = BehaveConfiguration(list(self._words))
        language = vars(behave)["lang"]
        leave_out_planned(behave)
        locations = collect_feature_locations(behave.paths)
        for file in dict.fromkeys(location.filename for location in locations):
            try:
                parsed(Path(file), language)
            except UnreadableFeatureError as error:
                complaints.append(str(error))
        if complaints:
            self._parts = []
            _show("\n".join([f"✗ {complaints[0]}", *complaints[1:]]))
            return
        failed = FailedList(failed_list_file(self._configuration)).scenarios()
        features = parse_features(locations, language)
        leave_out_what_needs_browser(features, behave, settings_of(behave))
        self._parts = parts(features, failed, belonging, behave)
        if not self._parts:
            _show("✓ 0 scenarios: all of them need a browser.")
        self._go_on()

    def _python_complaints(self) -> Iterator[str]:
        for file in sorted(self._saved):
            if file.suffix == ".py":
                complaint = complaint_about(self._root, file)
                if complaint:
                    yield complaint

    def _go_on(self) -> None:
        if self._parts:
            words = [*self._options, *self._parts[0].places]
            spare = self._spare
            if spare is None or not spare.is_there:
                spare = Spare(self._root, self._modules)
            self._spare = None
            self._run = spare.run(words, self._events.put)

    def _take_in(self, run: Run) -> None:
        if run is not self._run:
            # A run that a save has ended.
            return
        self._run = None
        part, *self._parts = self._parts
        outcome = run.outcome()
        self._steps.update(outcome.steps)
        self._modules = outcome.modules or self._modules
        self._all = together(self._all, outcome)
        self._ran += 1
        self._show(outcome, run.seconds, part.name)
        if not outcome.scenarios and not outcome.passed:
            # The next part would fail for the same reason.
            self._parts = []
        elif self._parts:
            self._go_on()
            return
        elif self._ran > 1:
            self._show(self._all, time.monotonic() - self._began, "in all")
        self._saved.clear()
        # For the next save, a process is ready.
        self._spare = self._spare or Spare(self._root, self._modules)

    def _show(self, outcome: Outcome, seconds: float, what: str) -> None:
        _show(
            "\n".join(
                [
                    verdict(outcome, seconds, what, in_colour=sys.stdout.isatty()),
                    *outcome.shown,
                ]
            )
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch the project in this folder until Ctrl-C; all options are behave's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not any("browser=" in word for word in words):
        words = ["-D", "browser=none", *words]
    try:
        project = project_here()
        os.chdir(project.root)
        settings = BehaveConfiguration(words).userdata or {}
        configuration = Configuration.resolve(project, settings, os.environ)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if configuration.staging is not None:
        sys.stderr.write(
            f"{configuration.staging.host} does not change when a file is saved here: leave out "
            "`staging`, and the watch runs the site on this machine.\n"
        )
        return 1
    with _ended_by_signals():
        try:
            Watch(configuration, words).until_interrupted()
        except KeyboardInterrupt:
            _show("")
    return 0


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def end(_number: int, _frame: object) -> None:
        # Further signals must not disturb the clean-up.
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (a person reads it)


if __name__ == "__main__":
    sys.exit(main())
