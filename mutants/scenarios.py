"""The stages of the scenarios: those that need no browser, and those that need one."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from acceptance.errors import NotReadyError
from acceptance.profiles.local import import_site
from acceptance.project import project_here
from acceptance.readers import BrowserName
from mutants.choice import Choice
from mutants.fork_server import ForkServer, NoResultError
from mutants.kept_reach import read_reach, sources_of_site
from mutants.loaded_site import Change, changes_of, migrates
from mutants.mutant import Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import SITE, ProjectCopy, digest_of
from mutants.reach import Reach
from mutants.reach_recording import ReachRecording
from mutants.read_settings import ONLY_SETTINGS
from mutants.scenario_run import PATIENCE_WITHOUT_CHANGE, ScenarioFailure, ScenarioRun
from mutants.scenario_texts import scenarios_of, text_of
from mutants.shared_browser import SharedBrowser, chromium
from mutants.site_servers import Job, SiteServers, forget_settings

BROWSERS = {Stage.WITHOUT_BROWSER: BrowserName.NONE, Stage.IN_BROWSER: BrowserName.CHROMIUM}
"""The browser of each stage."""

_SUITE = ("features", "steps", "environment.py")
_FILES = {Stage.WITHOUT_BROWSER: "reach-without-browser", Stage.IN_BROWSER: "reach-in-browser"}

RECORDING_TIME = 1200.0
"""How many seconds the recording may take."""

REHEARSED = 30
"""How many scenarios are enough to load and compute what all need."""


class Scenarios:
    """The scenarios of one stage."""

    def __init__(self, root: Path, stage: Stage, kills: Mapping[str, Counter[str]]) -> None:
        """Choose the scenarios.

        Args:
            root: the folder of the project.
            stage: `Stage.WITHOUT_BROWSER` or `Stage.IN_BROWSER`.
            kills: how many mutants each scenario noticed in earlier runs, by the changed file.

        """
        self.stage = stage
        self._root = root
        self._kills = kills

    def digest(self) -> str:
        """Return a digest of the site and of everything that the scenarios say and do."""
        return f"{self.stage}, {digest_of(self._root, (*SITE, *_SUITE))}"

    def says(self, test: str) -> str:
        """Return a digest of the words of a scenario; "" if there is no such scenario."""
        return _digest(self._texts[test]) if test in self._texts else ""

    def name_now(self, test: str, said: str) -> str:
        """Return the place of the scenario with the same words; "" if there is none."""
        return next((place for place in [test, *self._texts] if self.says(place) == said), "")

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        return {place: text_of(scenario) for place, scenario in scenarios_of(self._root).items()}

    def prepare(self, project: ProjectCopy) -> None:
        """Record which scenarios reach which lines, unless that is known.

        Raises:
            NotReadyError: a scenario fails although nothing was changed.

        """
        # Those without a browser also prepare the processes of the others.
        for stage in dict.fromkeys((Stage.WITHOUT_BROWSER, self.stage)):
            if self._known(stage) is None:
                self._record(project, stage)

    def _record(self, project: ProjectCopy, stage: Stage) -> None:
        server = ForkServer(lambda: _Recorder(project.folder, stage))
        try:
            server.wait_until_prepared()
            recorded = server.do(None, RECORDING_TIME)
        except NoResultError as error:
            message = f"The scenarios cannot be run ({error}): run `behave`."
            raise NotReadyError(message) from error
        finally:
            server.stop()
        if recorded.failure:
            message = (
                f"{recorded.failure.place} fails although nothing was changed "
                f"({recorded.failure.first_line}): run `behave {recorded.failure.place}`."
            )
            raise NotReadyError(message)
        file = self._file_of(stage)
        for old in file.parent.glob(f"{_FILES[stage]}-*"):
            old.unlink()
        replace(recorded.reach, sources=sources_of_site(self._root)).write(file)

    @contextmanager
    def opened(self, project: ProjectCopy) -> Iterator["ScenarioTester"]:
        """Keep the processes for a worker for the duration of the block."""
        reach, without = self._known(self.stage), self._known(Stage.WITHOUT_BROWSER)
        if reach is None or without is None:
            message = "The scenarios were not prepared: type `make mutants` again."
            raise NotReadyError(message)
        # Without a browser, because processes that are forked later cannot share one.
        servers = SiteServers(project, without.in_order()[:REHEARSED])
        browser = SharedBrowser(chromium()) if self.stage is Stage.IN_BROWSER else None
        try:
            choice = Choice(reach, self._texts, self._kills, seen=without if browser else None)
            yield ScenarioTester(self._root, choice, servers, browser)
        finally:
            servers.stop()
            if browser:
                browser.stop()

    def _known(self, stage: Stage) -> Reach | None:
        return read_reach(Reach, self._file_of(stage), sources_of_site(self._root))

    def _file_of(self, stage: Stage) -> Path:
        """Return the file with the reach of a stage, which depends on what the scenarios say."""
        name = f"{_FILES[stage]}-{digest_of(self._root, _SUITE)}.json"
        return self._root / "artifacts" / "mutants" / name


class ScenarioTester:
    """Runs the scenarios that reach a mutant, until one fails."""

    def __init__(
        self, root: Path, choice: Choice, servers: SiteServers, browser: SharedBrowser | None
    ) -> None:
        self._root = root
        self._stage = Stage.IN_BROWSER if browser else Stage.WITHOUT_BROWSER
        self._choice = choice
        self._reach = choice.reach
        self._servers = servers
        self._browser = browser

    def meet(self, mutant: Mutant) -> Outcome:
        """Run the scenarios that reach a mutant, until one notices it."""
        began = time.monotonic()
        originals = mutant.originals(self._root)
        places = self._choice.scenarios_for(mutant, originals)
        if not places:
            return Outcome(mutant.name, None)
        failure, tried = self._failure(mutant, originals, places)
        seconds = round(time.monotonic() - began, 3)
        if failure is None:
            return Outcome(mutant.name, None, seconds=seconds, tried=tried)
        if failure.place:
            self._choice.note(mutant, failure.place)
        return Outcome(
            mutant.name,
            self._stage,
            failure.place or "the site does not start",
            failure.first_line,
            seconds,
            tried,
        )

    def _failure(
        self, mutant: Mutant, originals: Mapping[str, str], places: Sequence[str]
    ) -> tuple[ScenarioFailure | None, int]:
        """Return the first failure, and how many scenarios were run."""
        changes = changes_of(mutant, originals)
        job = Job(
            places,
            BROWSERS[self._stage],
            changes,
            migrates=any(map(migrates, mutant.texts)),
        )
        seconds = 10 + 5 * sum(self._reach.seconds[place] for place in places)
        try:
            with self._browser.used() if self._browser else nullcontext() as session:
                answer = self._servers.run(
                    replace(job, session=session),
                    seconds,
                    imports=any(each.is_imported(self._reach) for each in changes),
                    is_about_settings=self._is_about_settings(changes),
                )
        except NoResultError as error:
            failure = ScenarioFailure(places[0], f"the run did not end: {error}", 1)
            return failure, failure.tried
        if answer.failure:
            return answer.failure, answer.failure.tried
        return None, len(places) if answer.settings is None else 0

    def _is_about_settings(self, changes: Sequence[Change]) -> bool:
        """Whether the changed code runs only when the settings are computed."""
        return bool(changes) and all(
            each.path.startswith(ONLY_SETTINGS)
            and each.before
            and not self._reach.reaching(each.path, each.before, each.after)
            for each in changes
        )


@dataclass(frozen=True)
class _Recorded:
    failure: ScenarioFailure | None
    reach: Reach


class _Recorder:
    """Records the reach of all scenarios of a stage."""

    def __init__(self, project: Path, stage: Stage) -> None:
        self._stage = stage
        self._project = project
        self._run = ScenarioRun(project)
        forget_settings(project_here())

    def __call__(self, _job: None) -> _Recorded:
        recording = ReachRecording(self._project, SITE)
        import_site(project_here())
        self._run.observe = recording.begin
        places = self._run.places(in_browser=self._stage is Stage.IN_BROWSER)
        with recording.of_templates(), recording.of_static_files():
            failure = self._run.first_failure(
                places, BROWSERS[self._stage], patience=PATIENCE_WITHOUT_CHANGE
            )
        return _Recorded(failure, recording.end())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
