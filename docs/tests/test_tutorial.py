from pathlib import Path

from docs.tests.walkthrough import walk
from features.support.tests.project_copy import copy_project
from testbeds import ROOT

ELSEWHERE = {
    "make acceptance": "its parts are those of every other test",
    "make report": "acceptance/running/tests/test_report.py tests it",
    "make docs": "acceptance/reports tests it",
    "make staging": "make test deploys on loopback, too",
}


def test_the_tutorial_leads_from_red_to_green(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "superlists")

    walk(ROOT / "docs/tutorial.md", project.folder, elsewhere=ELSEWHERE)
