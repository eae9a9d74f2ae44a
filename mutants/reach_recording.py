"""Records which lines of Python, which parts of templates and which files scenarios reach."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from coverage import Coverage
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest
from django.template.base import Node, TextNode
from django.template.context import Context

from acceptance.profiles.local import KeptStaticFiles
from mutants.reach import WHOLE_FILE, Reach

AT_START = ""
"""The context of what runs before the first scenario."""


class ReachRecording:
    """A recording of the lines that run in this process, by the scenario during which they run."""

    def __init__(self, project: Path, packages: Sequence[str]) -> None:
        """Record from now on, before the site is imported.

        Args:
            project: the folder of the project.
            packages: the names of the site's packages.

        """
        self._project = project
        self._current = AT_START
        self._began = 0.0
        self._seconds: dict[str, float] = {}
        self._others: dict[str, dict[int, set[str]]] = {}
        # Without a file of settings: those of the project are about its unit tests.
        self._coverage = Coverage(
            data_file=None,
            config_file=False,
            source=[str(project / name) for name in packages],
            concurrency="thread",
        )
        self._coverage.start()

    def begin(self, scenario: str) -> None:
        """Attribute what runs from now on to a scenario, or to none (`AT_START`)."""
        # What the site does for the last answer of the scenario before is part of that one.
        now = time.process_time()
        if self._current != AT_START:
            self._seconds[self._current] = round(now - self._began, 4)
        self._began = now
        self._current = scenario
        self._coverage.switch_context(scenario)

    @contextmanager
    def of_templates(self) -> Iterator[None]:
        """Record templates, too, for the duration of the block."""
        with (
            patch.object(Node, "render_annotated", self._recorded(Node.render_annotated)),
            patch.object(TextNode, "render_annotated", self._recorded(TextNode.render_annotated)),
        ):
            yield

    def _recorded(self, render: Callable[..., object]) -> Callable[..., object]:
        def render_annotated(node: Node, context: Context) -> object:
            origin, token = getattr(node, "origin", None), node.token
            if origin is not None and token is not None and token.lineno:
                self._reached(str(origin.name), token.lineno)
            return render(node, context)

        return render_annotated

    @contextmanager
    def of_static_files(self) -> Iterator[None]:
        """Record static files, too, which browsers ask for on each page during the block."""
        serve = KeptStaticFiles.serve

        def serve_recorded(handler: KeptStaticFiles, request: HttpRequest) -> FileResponse:
            found = finders.find(handler.file_path(request.path))
            if isinstance(found, str):
                self._reached(found, WHOLE_FILE)
            response = serve(handler, request)
            response.headers["Cache-Control"] = "no-store"
            return response

        with patch.object(KeptStaticFiles, "serve", serve_recorded):
            yield

    def _reached(self, file: str, line: int) -> None:
        self._others.setdefault(file, {}).setdefault(line, set()).add(self._current)

    def end(self) -> Reach:
        """Stop recording, and return what was recorded."""
        self.begin(AT_START)
        self._coverage.stop()
        data = self._coverage.get_data()
        lines: dict[str, dict[str, list[str]]] = {}
        at_start: dict[str, list[int]] = {}
        for file in sorted(data.measured_files()):
            path = os.path.relpath(file, self._project)
            for line, contexts in sorted(data.contexts_by_lineno(file).items()):
                if AT_START in contexts:
                    at_start.setdefault(path, []).append(line)
                self._add(lines, path, line, contexts)
        for file, reached in sorted(self._others.items()):
            path = os.path.relpath(file, self._project)
            if not path.startswith(".."):
                for line, scenarios in sorted(reached.items()):
                    self._add(lines, path, line, scenarios)
        return Reach(self._seconds, lines, at_start)

    def _add(
        self,
        lines: dict[str, dict[str, list[str]]],
        path: str,
        line: int,
        contexts: Iterable[str],
    ) -> None:
        scenarios = sorted(set(contexts) - {AT_START})
        if scenarios:
            lines.setdefault(path, {})[str(line)] = scenarios
