"""The processes from which the processes with mutants are forked."""

import gc
import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from behave.step_registry import registry as the_step_registry
from django.utils.functional import SimpleLazyObject

from acceptance.browser.select import import_browser
from acceptance.configuration import Configuration
from acceptance.profiles.local import import_site
from acceptance.project import Project, project_here
from acceptance.readers import BrowserName
from acceptance.running.watch.spare import of_others
from mutants.fork_server import ForkServer, NoResultError
from mutants.loaded_site import Change, LoadedSite
from mutants.project_copy import SITE, ProjectCopy
from mutants.read_settings import settings_as_text, steady
from mutants.ready_database import FILE, database_from, keep_database
from mutants.scenario_run import PATIENCE_WITHOUT_CHANGE, ScenarioFailure, ScenarioRun
from mutants.shared_browser import BrowserSession, driving

_START = 60.0
"""How many seconds the site may take to start."""

_MODULES = "artifacts/modules.json"
_READ_BY_FEATURES = {*SITE, "features"}
_PATTERN = "_lazy_re_compile"


@dataclass(frozen=True)
class Job:
    """A run of scenarios with a mutant, which the copy of the project contains.

    Attributes:
        places: the scenarios, in order.
        browser: the browser.
        modules: the modules whose functions are replaced, if the site is already loaded.
        migrates: whether the database is made anew, by the migrations.
        settings: the settings of the unchanged site, if the mutant can be seen in nothing else; no
            scenario is run if they are the same. Without scenarios, they are looked up.
        session: the browser's session, if it has started already.

    """

    places: Sequence[str]
    browser: BrowserName
    modules: Sequence[Change] = ()
    migrates: bool = False
    settings: Mapping[str, str] | None = None
    session: BrowserSession | None = None


@dataclass(frozen=True)
class Answer:
    """The outcome of a job.

    Attributes:
        failure: the first failure; None if all scenarios passed.
        was_possible: whether the functions could be replaced; if not, nothing was run.
        settings: the settings of the site, if nothing was run because of them.

    """

    failure: ScenarioFailure | None
    was_possible: bool = True
    settings: Mapping[str, str] | None = None


def forget_settings(project: Project) -> None:
    """Remove the variables of this process that set the site or its runs up differently."""
    # Without Django's own variable, no module is imported with other settings than the site's.
    ours = (*project.site_variables, *project.server_variables, "DJANGO_SETTINGS_MODULE")
    for name in list(os.environ):
        if name in ours or name.startswith(project.environment_prefix):
            del os.environ[name]


class SiteServers:
    """Two processes: one has loaded the site, and the other has loaded all but the site."""

    def __init__(self, project: ProjectCopy, rehearsed: Sequence[str]) -> None:
        """Start them.

        Args:
            project: a copy of the project.
            rehearsed: the scenarios that run first, so that what is computed once is there.

        Raises:
            NoResultError: the scenarios fail although nothing was changed.

        """
        folder = project.folder
        self._loaded: ForkServer[Job, Answer] = ForkServer(lambda: _Loaded(folder, rehearsed))
        try:
            self._loaded.wait_until_prepared()
            self._unloaded: ForkServer[Job, Answer] = ForkServer(lambda: _Unloaded(folder))
            self._unloaded.wait_until_prepared()
            looked_up = Job((), BrowserName.NONE, settings={})
            first, second = (self._unloaded.do(looked_up, _START).settings for _ in range(2))
            self._settings = steady(first, second) if first and second else None
        except NoResultError:
            self._loaded.stop()
            raise

    def run(
        self, job: Job, seconds: float, *, imports: bool, is_about_settings: bool = False
    ) -> Answer:
        """Run scenarios with a mutant.

        Args:
            job: the scenarios.
            seconds: the time within which they have to end.
            imports: whether the site has to be imported anew, with the mutant.
            is_about_settings: whether the mutant can only be seen in the settings.

        Raises:
            NoResultError: the run ended without a result.

        """
        if not imports:
            answer = self._loaded.do(job, seconds)
            if answer.was_possible:
                return answer
        if is_about_settings:
            job = replace(job, settings=self._settings)
        return self._unloaded.do(job, seconds)

    def stop(self) -> None:
        """End both."""
        self._loaded.stop()
        self._unloaded.stop()


class _Loaded:
    """Runs jobs in a process forked from one that has already run scenarios."""

    def __init__(self, project: Path, rehearsed: Sequence[str]) -> None:
        self._run = ScenarioRun(project)
        _import_what_all_runs_need()
        import_site(project_here())
        failure = self._run.first_failure(
            rehearsed, BrowserName.NONE, patience=PATIENCE_WITHOUT_CHANGE
        )
        if failure:
            message = f"{failure.place}: {failure.first_line}"
            raise RuntimeError(message)
        self._database = keep_database(project)
        names = json.dumps(of_others(list(sys.modules)))
        (project / _MODULES).write_text(names, encoding="utf-8")
        self._run.read_features()
        self._site = LoadedSite(project)
        gc.collect()
        gc.freeze()

    def __call__(self, job: Job) -> Answer:
        if not self._site.change(job.modules):
            return Answer(None, was_possible=False)
        with database_from(self._database):
            return _answer(self._run, job)


class _Unloaded:
    """Runs jobs in a process forked from one that has loaded everything but the site."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._run = ScenarioRun(project)
        _import_what_all_runs_need()
        for name in json.loads((project / _MODULES).read_text(encoding="utf-8")):
            # Some need the settings, and are imported with the site.
            with suppress(Exception):
                importlib.import_module(name)
        _compile_patterns()
        gc.collect()
        gc.freeze()

    def __call__(self, job: Job) -> Answer:
        self._forget(job.modules)
        if job.settings is not None:
            # An error is reported by the scenarios.
            with suppress(Exception):
                import_site(project_here())
                found = settings_as_text()
                if not job.places or job.settings.items() <= found.items():
                    return Answer(None, settings=found)
        with ExitStack() as stack:
            if not job.migrates:
                stack.enter_context(database_from(self._project / "artifacts" / FILE))
            return _answer(self._run, job)

    def _forget(self, changes: Sequence[Change]) -> None:
        """Read the features again if they have imported a module that is changed."""
        changed = {each.path.removesuffix(".py").replace("/", ".") for each in changes}
        changed.update(name.removesuffix(".__init__") for name in list(changed))
        if changed.isdisjoint(sys.modules):
            return
        for name in list(sys.modules):
            if name.partition(".")[0] in _READ_BY_FEATURES:
                del sys.modules[name]
        the_step_registry.clear()
        self._run = ScenarioRun(self._project)


def _answer(run: ScenarioRun, job: Job) -> Answer:
    run.stays_open = True
    with driving(job.session) if job.session else nullcontext():
        return Answer(run.first_failure(job.places, job.browser))


def _import_what_all_runs_need() -> None:
    project = project_here()
    forget_settings(project)
    import_browser(Configuration.resolve(project, {"browser": BrowserName.MIXED.value}, {}))


def _compile_patterns() -> None:
    """Compile the regular expressions that Django compiles when they are first needed."""
    for name, module in list(sys.modules.items()):
        if name.startswith("django."):
            # Not `isinstance`, which would compute the values of lazy objects.
            kinds = [each for each in vars(module).values() if issubclass(type(each), type)]
            for owner in [module, *kinds]:
                for value in list(vars(owner).values()):
                    if type(value) is SimpleLazyObject and _PATTERN in repr(value):
                        str(value)
