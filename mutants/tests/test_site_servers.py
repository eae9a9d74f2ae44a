import json
import subprocess
import sys
from typing import Any

import pytest

from testbeds import ROOT


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """The outcomes of a few mutants, by name."""
    run = subprocess.run(
        [sys.executable, "-m", "mutants.tests.site_runs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("name", ["nothing", "nothing, imported", "nothing in the same browser"])
def test_the_unchanged_site_passes(answers: dict[str, dict[str, Any]], name: str) -> None:
    assert answers[name] == {"ran": True, "place": None, "line": None}


def test_a_changed_function_is_noticed(answers: dict[str, dict[str, Any]]) -> None:
    assert answers["function"]["place"].startswith("features/start_a_list.feature:")
    assert "division by zero" in answers["function"]["line"]


@pytest.mark.parametrize("name", ["template", "template in a browser"])
def test_a_changed_template_is_noticed(answers: dict[str, dict[str, Any]], name: str) -> None:
    assert "Invalid block tag" in answers[name]["line"]


def test_a_site_that_does_not_start_is_noticed(answers: dict[str, dict[str, Any]]) -> None:
    assert answers["import"]["place"] == ""
    assert "no_such_module" in answers["import"]["line"]


def test_scenarios_run_only_if_the_settings_differ(answers: dict[str, dict[str, Any]]) -> None:
    assert not answers["same settings"]["ran"]
    assert answers["other settings"]["ran"]
