"""`make watch` on this project: saving a template starts a run, and nothing is left behind."""

from pathlib import Path

import psutil

from acceptance.room import SHARED_MEMORY
from acceptance.running.watch.tests.watching import watching
from features.support.tests.project_copy import ProjectCopy
from testbeds.scenarios import place_of

TEMPLATE = "lists/templates/lists/item.html"


def left_behind() -> set[Path]:
    """Find the databases of processes that have ended."""
    return {
        folder
        for folder in SHARED_MEMORY.glob("acceptance-*-*")
        if not psutil.pid_exists(int(folder.name.split("-")[1]))
    }


def test_saving_starts_a_run_without_a_browser(project: ProjectCopy) -> None:
    before = left_behind()
    with watching(project.folder, place_of("list_items", "Edith adds items")) as watch:
        assert watch.verdicts(1) == ["✓ 1 scenario (everything)"]

        project.change(TEMPLATE, "{{ item.text }}</bdi>", "{{ item.texts|default:'' }}</bdi>")
        assert watch.verdicts(1) == ["✗ 1 of 1 failed (everything)"]
        assert watch.line() == "-" * 80
        assert watch.line().startswith("FAILURE in step 'Edith's list reads ")

        project.change(TEMPLATE, "{{ item.texts|default:'' }}</bdi>", "{{ item.text }}</bdi>")
        assert watch.verdicts(1) == ["✓ 1 scenario (what failed last)"]
        assert {each.name() for each in watch.processes()} <= {"python", "python3"}

        assert watch.end() == 0
    assert left_behind() <= before
