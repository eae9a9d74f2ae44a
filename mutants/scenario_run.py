"""Runs chosen scenarios of the project, any number of times, in the process that has read them."""

import copy
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from behave.configuration import Configuration
from behave.model import Feature, Rule, Scenario
from behave.runner import Context, the_step_registry
from behave.runner_util import parse_features

from acceptance.evidence.artifacts import Artifacts, ScenarioFolders
from acceptance.readers import BrowserName
from acceptance.reports.runner import ReportingRunner
from acceptance.running.browserless import needs_browser
from acceptance.running.runner import SuiteRunner
from acceptance.running.selection import PLANNED
from acceptance.running.step_registry import StepsWithHook
from mutants.fork_server import line_of

PATIENCE = 2.0
"""How many seconds people wait for what does not appear: less than usual, as that is frequent."""

PATIENCE_WITHOUT_CHANGE = 20.0
"""How many seconds they wait on a site without a change, where all appears sooner or later."""

Observer = Callable[[str], None]
"""Called with the place of each scenario that begins."""


@dataclass(frozen=True)
class ScenarioFailure:
    """The first failure of a run.

    Attributes:
        place: the scenario (`features/sharing.feature:12`), or "" if the site did not start.
        first_line: the first line of the failure.
        tried: how many scenarios were run, including this one.

    """

    place: str
    first_line: str
    tried: int


class _EndedError(BaseException):
    """All scenarios have ended, and the site and the browser stay open."""


class ScenarioRun(SuiteRunner):
    """The project's runner, for chosen scenarios in the order in which they are given.

    It keeps no list of failures and no times, and shows nothing.

    Attributes:
        observe: called with the place of each scenario that begins.
        stays_open: whether the site and the browser stay open after a run, because the process
            ends with it.

    """

    stays_open = False

    def __init__(self, project: Path) -> None:
        """Read the hooks, the steps and the features of a copy of the project.

        Args:
            project: its folder, in which this process works from now on, and whose modules come
                before all others.

        """
        work_in(project)
        super().__init__(
            Configuration(["--stop", "--no-summary", "--format", "null"], load_config=True)
        )
        self.run_attachments = []
        self.formatters = []
        self.setup_paths()
        self.path_manager.__enter__()
        self.context = Context(self)
        self.load_hooks()
        self.load_step_definitions()
        self.step_registry = StepsWithHook(the_step_registry, self.hooks.get("around_step"))
        self.observe: Observer = _nothing
        self.read_features()

    def read_features(self) -> None:
        """Read the features again, without what earlier runs have noted in them."""
        features = parse_features(self.feature_locations(), language=self.config.lang)
        self.scenarios: Mapping[str, Scenario] = {
            place_of(scenario): scenario
            for feature in features
            for scenario in feature.walk_scenarios()
            if PLANNED not in scenario.effective_tags
        }

    def places(self, *, in_browser: bool) -> list[str]:
        """Return the places of the scenarios that need a browser, or of those that do not."""
        return [
            place
            for place, scenario in self.scenarios.items()
            if needs_browser(scenario) is in_browser
        ]

    def first_failure(
        self, places: Sequence[str], browser: BrowserName, *, patience: float = PATIENCE
    ) -> ScenarioFailure | None:
        """Run scenarios, and return the first failure, or None if all of them passed.

        Args:
            places: the places of the scenarios, in the order in which they are run.
            browser: the browser.
            patience: how many seconds people wait for what does not appear.

        """
        self.config.userdata.update({"browser": browser.value, "timeout": str(patience)})
        self.context = Context(self)
        self.aborted = False
        self.undefined_steps.clear()
        self.features = [_alone(self.scenarios[place]) for place in places]
        try:
            failed = ReportingRunner.run_model(self)
        except _EndedError:
            failed = any(self.scenarios[place].status.has_failed() for place in places)
        except BaseException as error:  # noqa: BLE001 (before_all failed, with this cause)
            return ScenarioFailure("", line_of(error.__cause__ or error), 0)
        if not failed:
            return None
        for number, place in enumerate(places, 1):
            scenario = self.scenarios[place]
            if scenario.status.has_failed():
                return ScenarioFailure(place, _first_line(scenario), number)
        return ScenarioFailure("", "the run failed after its scenarios", len(places))

    def run_hook(self, hook_name: str, *args: object) -> bool:
        """Run a hook, after the observer was called for a new scenario."""
        if hook_name == "before_scenario":
            self.observe(place_of(cast("Scenario", args[0])))
        return super().run_hook(hook_name, *args)

    def run_hook_with_capture(self, hook_name: str, *args: object, **kwargs: object) -> bool:
        """Run a hook, or leave everything open at the end."""
        if hook_name == "after_all" and self.stays_open:
            raise _EndedError
        return super().run_hook_with_capture(hook_name, *args, **kwargs)

    def artifacts(self, root: Path) -> ScenarioFolders:  # noqa: ARG002
        """Return folders that go with the process."""
        return Artifacts(Path(os.environ.get("TMPDIR", "/tmp"), "artifacts"))  # noqa: S108


def work_in(project: Path) -> None:
    """Let this process import the modules of a copy of the project, and work in its folder."""
    elsewhere = {"", str(Path.cwd())}
    sys.path[:] = [str(project), *(each for each in sys.path if each not in elsewhere)]
    sys.dont_write_bytecode = True
    os.chdir(project)


def place_of(scenario: Scenario) -> str:
    """Return the place of a scenario as behave takes it, such as `features/sharing.feature:12`."""
    return f"{os.path.relpath(scenario.filename)}:{scenario.line}"


def _alone(scenario: Scenario) -> Feature:
    """Return a feature with only this scenario, with the same names, tags and background."""
    feature: Feature = copy.copy(cast("Feature", scenario.feature))
    inside: Rule | Scenario = scenario
    rule = next((each for each in _parents(scenario) if isinstance(each, Rule)), None)
    if rule is not None:
        inside = copy.copy(rule)
        inside.run_items = [scenario]
    feature.run_items = [inside]
    return feature


def _parents(scenario: Scenario) -> Iterator[object]:
    parent = scenario.parent
    while parent is not None:
        yield parent
        parent = getattr(parent, "parent", None)


def _first_line(scenario: Scenario) -> str:
    for step in scenario.all_steps:
        if step.status.has_failed():
            text = str(step.exception or step.error_message or "")
            return text.strip().partition("\n")[0]
    return str(scenario.exception or scenario.error_message or "").strip().partition("\n")[0]


def _nothing(_place: str) -> None:
    pass
