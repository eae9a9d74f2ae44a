"""A formatter for behave that passes the outcome of each scenario to the watch."""

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

    `scenario` is its place, `failed` is whether it failed, `shown` is the failure as behave's
    progress3 shows it, and `steps` are the files that define its steps. The last line has the
    third-party `modules` that were imported.
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
        """Note that a feature begins."""
        super().feature(feature)
        self.stream = StringIO()

    def rule(self, rule: Rule) -> None:
        """Note that a rule begins."""
        super().rule(rule)
        self.stream = StringIO()

    def scenario(self, scenario: Scenario) -> None:
        """Note that a scenario begins."""
        super().scenario(scenario)
        self.stream = StringIO()
        self._files.clear()

    def match(self, match: Match) -> None:
        """Note the function of a step."""
        if match.location:
            self._files.add(os.path.relpath(match.location.filename))

    def report_current_scenario_completed(self) -> None:
        """Write the outcome of the scenario."""
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
        """Write the imported modules at the end of the run."""
        self._lines.write(f"{json.dumps({'modules': of_others(list(sys.modules))})}\n")
        self._lines.close()
