"""behave's formatter that hands the outcome of each scenario to whoever watches files."""

import json
import os
import sys
from io import StringIO

from behave.configuration import Configuration
from behave.formatter.base import StreamOpener
from behave.formatter.progress import ScenarioStepProgressFormatter
from behave.matchers import Match
from behave.model import Feature, Rule, Scenario, Step
from behave.model_type import Status

from acceptance.running.watch.spare import of_others

_NOT_RUN = {Status.untested, Status.skipped}


class OutcomeFormatter(ScenarioStepProgressFormatter):
    """Writes a line of JSON for each scenario that was run.

    `scenario` is its place, `failed` whether it failed, `shown` what behave's progress3 shows of
    the failure, and `steps` which files define its steps. The last line has the `modules` that were
    imported and are of others.
    """

    name = "outcomes"
    description = "Outcomes of scenarios as lines of JSON"

    def __init__(self, stream_opener: StreamOpener, config: Configuration) -> None:
        super().__init__(stream_opener, config)
        self._lines = self.open()
        self.stream = StringIO()
        self._files: set[str] = set()
        self.current_scenario: Scenario | None = None
        self.failed_steps: list[Step] = []
        self.error_steps: list[Step] = []

    def feature(self, feature: Feature) -> None:
        """Take in that a feature begins."""
        super().feature(feature)
        self.stream = StringIO()

    def rule(self, rule: Rule) -> None:
        """Take in that a rule begins."""
        super().rule(rule)
        self.stream = StringIO()

    def scenario(self, scenario: Scenario) -> None:
        """Take in that a scenario begins."""
        super().scenario(scenario)
        self.stream = StringIO()
        self._files.clear()

    def match(self, match: Match) -> None:
        """Take in which function is a step's."""
        if match.location:
            self._files.add(os.path.relpath(match.location.filename))

    def report_current_scenario_completed(self) -> None:
        """Write what came of the scenario."""
        scenario = self.current_scenario
        if (
            scenario is not None
            and not scenario.status.is_untested()
            and scenario.status != "skipped"
        ):
            self.stream = StringIO()
            self.report_current_scenario_failures()
            self.report_current_scenario_captured_output()
            outcome = {
                "scenario": str(scenario.location),
                "failed": scenario.status.has_failed(),
                "shown": self.stream.getvalue() or scenario.error_message or "",
                "steps": sorted(self._files),
            }
            self._lines.write(f"{json.dumps(outcome)}\n")
            self._lines.flush()
        self.current_scenario = None
        self.failed_steps = []
        self.error_steps = []

    def close(self) -> None:
        """Take in that the run is over, and say what it has imported."""
        self._lines.write(f"{json.dumps({'modules': of_others(list(sys.modules))})}\n")
        self._lines.close()
