"""Runs of the same suite with and without workers, in a form that can be compared."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from acceptance.running.tests.suites import Suite

_SECONDS = re.compile(r"\b\d+(min \d+)?\.\d+s\b")
_IN_JUNIT = re.compile(r'\b(time|timestamp)="[^"]*"|\bin \d+\.\d+s')
_IDS = re.compile(r'"[0-9a-f]{12}-(\d+)"')
_ACCIDENTAL = {"duration", "timestamp", "seconds", "nanos"}
_MESSAGES = "acceptance.reports.formatter:MessagesFormatter"
_FORMATS = ("json", _MESSAGES, "pretty", "plain", "progress", "progress2", "rerun", "own:Own")

OWN = """
from behave.formatter.base import Formatter


class Own(Formatter):
    "Writes the calls that it receives, and the statuses at that time."

    def __init__(self, opener, config):
        super().__init__(opener, config)
        self.stream = self.open()

    def _write(self, *words):
        print(*words, file=self.stream)

    def uri(self, uri):
        self._write("uri", uri)

    def feature(self, feature):
        self.current = [feature]
        # As allure-behave does.
        for scenario in feature.walk_scenarios():
            scenario.run = self._noticed(scenario, scenario.run)
        self._write("feature", feature.name, feature.status)

    def _noticed(self, scenario, run):
        def noticed(runner):
            self._write("runs", scenario.name)
            failed = run(runner)
            self._write("has run", scenario.name, scenario.status, bool(failed))
            return failed

        return noticed

    def background(self, background):
        self._write("background", background.name)

    def rule(self, rule):
        self.current.append(rule)
        self._write("rule", rule.name, rule.status)

    def rule_finished(self):
        self._write("rule finished", *(each.status for each in self.current))

    def scenario(self, scenario):
        self.current.append(scenario)
        self._write("scenario", scenario.name, *(each.status for each in self.current))

    def step(self, step):
        self._write("step", step.name, step.status, step.error_message)

    def match(self, match):
        self._write("match", match.location, [vars(each) for each in match.arguments or []])

    def result(self, step):
        self._write("result", step.name, step.status, step.error_message, repr(step.exception))
        self._write(repr(vars(step).get("note")), step.captured.output)

    def embedding(self, mime_type, data):
        self._write("embedding", mime_type, data)

    def eof(self):
        for each in self.current:
            self._write("eof", each.name, each.status, each.captured.output, vars(each).get("note"))
"""


def all_reports_of(suite: Suite, *words: str) -> Mapping[str, object]:
    """Run a suite, and return its reports in all formats, without times."""
    suite.write("own.py", OWN)
    folder = suite.folder / "reports"
    arguments: list[str] = []
    for name in _FORMATS:
        (folder / name).unlink(missing_ok=True)
        arguments += ["-f", name, "-o", str(folder / name)]
    junit = folder / "junit"
    # The output on the terminal comes last.
    arguments += ["-f", "progress3"]
    ended = suite.behave(*arguments, "--junit", "--junit-directory", str(junit), *words)
    reports: dict[str, object] = {
        "status": ended.status,
        "terminal": _without_seconds(ended.output).splitlines(),
    }
    for name in _FORMATS:
        read = _READERS.get(name, _lines)
        file = folder / name
        reports[name] = read(file.read_text("utf-8")) if file.exists() else None
    assert junit.exists(), ended.output
    for file in sorted(junit.iterdir()):
        reports[file.name] = _IN_JUNIT.sub("", file.read_text("utf-8")).splitlines()
        file.unlink()
    return reports


def _lines(text: str) -> object:
    return _without_seconds(text).splitlines()


def _messages(text: str) -> object:
    return [_plain(json.loads(_IDS.sub(r'"\1"', line))) for line in text.splitlines()]


def _json(text: str) -> object:
    return _plain(json.loads(text))


_READERS: Mapping[str, Callable[[str], object]] = {_MESSAGES: _messages, "json": _json}


def _plain(node: Any) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(node, dict):
        return {key: _plain(each) for key, each in node.items() if key not in _ACCIDENTAL}
    if isinstance(node, list):
        return [_plain(each) for each in node]
    return node


def _without_seconds(text: str) -> str:
    return _SECONDS.sub("TIME", text)
