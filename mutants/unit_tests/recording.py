"""A plugin of pytest that records which lines of the site each unit test reaches.

It follows Python in the test's own process and in those that the test starts, the nodes of
templates that are rendered, and the files that a test reads as text.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Self

import pytest
from coverage import Coverage, CoverageData
from django.template.base import Node, TextNode
from django.template.context import Context
from django.urls import get_resolver

from mutants.project_copy import SITE
from mutants.reach import Reach

OUTPUT = "MUTANTS_UNIT_TESTS"
"""The environment variable with the file that the recording is written to."""
_CONTEXT = "MUTANTS_UNIT_TEST"
_AT_START = ""

_SETTINGS_OF_PROCESSES = f"""
[run]
data_file = ${{{OUTPUT}}}.coverage
parallel = true
context = ${{{_CONTEXT}}}
core = ctrace
patch = _exit
include = {", ".join(f"*/{folder}/*" for folder in SITE)}
disable_warnings = no-data-collected, module-not-imported, couldnt-parse
"""

Lines = dict[str, set[int]]


@dataclass(frozen=True)
class Recorded:
    """A recorded run of the unit tests.

    Attributes:
        reach: which lines each test reaches.
        failures: the first line of each failure, by the name of the test or of the file.

    """

    reach: Reach
    failures: Mapping[str, str]

    def write(self, file: Path) -> None:
        """Write it to a file."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read it from a file."""
        recorded = json.loads(file.read_text(encoding="utf-8"))
        return cls(Reach(**recorded["reach"]), recorded["failures"])


class Recording:
    """What a run of the unit tests reaches, by test and by fixture of a wider scope."""

    def __init__(self, output: Path) -> None:
        """Start to record.

        Args:
            output: the file to write at the end; files beside it begin with its name.

        """
        self._output = output
        self._project = Path.cwd()
        self._context = _AT_START
        self._reached: dict[str, Lines] = defaultdict(lambda: defaultdict(set))
        self._read: dict[str, set[str]] = defaultdict(set)
        self._seconds: dict[str, float] = defaultdict(float)
        self._fixtures: dict[str, set[str]] = {}
        self._failures: dict[str, str] = {}
        self._path = cache(self._path_of)
        settings = Path(f"{output}.ini")
        settings.write_text(_SETTINGS_OF_PROCESSES, encoding="utf-8")
        os.environ["COVERAGE_PROCESS_START"] = str(settings)
        self._coverage = Coverage(
            data_file=f"{output}.coverage.here",
            config_file=False,
            source=[str(self._project / folder) for folder in SITE],
        )
        self._coverage.set_option("run:core", "ctrace")
        self._coverage.start()
        patch = pytest.MonkeyPatch()
        for node in (Node, TextNode):
            patch.setattr(node, "render_annotated", self._observed(node.render_annotated))
        patch.setattr(subprocess.Popen, "__init__", self._measured(subprocess.Popen.__init__))
        sys.addaudithook(self._note_reading)

    def pytest_collection_finish(self) -> None:
        """Import what Django imports with the first request, which no test is about."""
        _ = get_resolver().url_patterns

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Record a test with its fixtures."""
        self._fixtures[item.nodeid] = {
            _context_of(definition)
            for definitions in item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]  # noqa: SLF001
            for definition in definitions
            if definition.scope != "function"
        }
        with self._in_context(item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """Record a fixture that several tests share by itself."""
        if fixturedef.scope == "function":
            return (yield)
        with self._in_context(_context_of(fixturedef)):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that fails."""
        if report.failed:
            self._failures.setdefault(report.nodeid, first_line(report))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot be read."""
        if report.failed:
            self._failures.setdefault(report.nodeid, first_line(report))

    def pytest_unconfigure(self) -> None:
        """Write the recording."""
        self._coverage.stop()
        self._coverage.save()
        for file in self._output.parent.glob(f"{self._output.name}.coverage.*"):
            self._add_measured(file)
        for context, paths in self._read.items():
            for path in paths:
                count = len((self._project / path).read_text(encoding="utf-8").splitlines())
                self._reached[context][path].update(range(1, count + 1))
        Recorded(self._reach(), self._failures).write(self._output)

    def _reach(self) -> Reach:
        names: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for test, fixtures in self._fixtures.items():
            for path, lines in _united(self._reached[each] for each in (test, *fixtures)).items():
                for line in lines:
                    names[path][line].append(test)
        return Reach(
            seconds={test: round(self._seconds[test], 3) for test in self._fixtures},
            lines={
                path: {str(line): names[path][line] for line in sorted(names[path])}
                for path in sorted(names)
            },
            at_start={path: sorted(lines) for path, lines in self._reached[_AT_START].items()},
        )

    @contextmanager
    def _in_context(self, context: str) -> Iterator[None]:
        outer, self._context = self._context, context
        os.environ[_CONTEXT] = context
        self._coverage.switch_context(context)
        before = _processor_seconds()
        try:
            yield
        finally:
            self._seconds[context] += _processor_seconds() - before
            self._context = os.environ[_CONTEXT] = outer
            self._coverage.switch_context(outer)

    def _add_measured(self, file: Path) -> None:
        data = CoverageData(str(file))
        data.read()
        for name in data.measured_files():
            path = self._path(name)
            if path is None:
                continue
            for line, contexts in data.contexts_by_lineno(name).items():
                for context in contexts:
                    self._reached[context][path].add(line)

    def _path_of(self, name: str) -> str | None:
        """Return the path of a file in the project, also where the site was deployed from it."""
        parts = Path(name).parts
        if "tests" in parts:
            return None
        for index in range(len(parts) - 1, -1, -1):
            if parts[index] in SITE and self._project.joinpath(*parts[index:]).is_file():
                return "/".join(parts[index:])
        return None

    def _observed(self, render: Callable[..., object]) -> Callable[..., object]:
        @wraps(render)
        def observed(node: Node, context: Context) -> object:
            path = self._path(str(node.origin))
            if path is not None and node.token is not None and (first := node.token.lineno):
                more = node.s.count("\n") if isinstance(node, TextNode) else 0
                self._reached[self._context][path].update(range(first, first + more + 1))
            return render(node, context)

        return observed

    def _measured(self, start: Callable[..., None]) -> Callable[..., None]:
        """Let processes with an environment of their own be measured, too."""

        @wraps(start)
        def measured(process: subprocess.Popen[Any], *arguments: Any, **options: Any) -> None:
            if options.get("env") is not None:
                names = (OUTPUT, _CONTEXT, "COVERAGE_PROCESS_START")
                options["env"] = {
                    **options["env"],
                    **{name: os.environ[name] for name in names if name in os.environ},
                }
            start(process, *arguments, **options)

        return measured

    def _note_reading(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or self._context == _AT_START:
            return
        caller = sys._getframe(1).f_globals.get("__name__", "")  # noqa: SLF001
        # Imports, copies and Django's loader of templates open files, too.
        if caller.partition(".")[0] == "pathlib" and (path := self._path(str(arguments[0]))):
            self._read[self._context].add(path)


def first_line(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the first line of a failure's message."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(report.longrepr) if crash is None else str(crash.message)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    # A file that cannot be read has the whole traceback as its message.
    return lines[0] if crash is not None else lines[-1].removeprefix("E   ")


def _context_of(definition: pytest.FixtureDef[Any]) -> str:
    return f"{definition.baseid}::{definition.argname}"


def _united(reached: Iterable[Lines]) -> Lines:
    united: Lines = defaultdict(set)
    for lines in reached:
        for path, found in lines.items():
            united[path] |= found
    return united


def _processor_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Record this run, if the environment asks for it, before Django imports the site."""
    if OUTPUT in os.environ:
        recording = Recording(Path(os.environ[OUTPUT]))
        early_config.pluginmanager.register(recording, "unit-tests-recording")
    return (yield)
