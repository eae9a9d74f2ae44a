"""Whole runs without a browser: which scenarios pass, the tag, and the evidence of failures."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from acceptance.evidence.facts import facts_in
from acceptance.reports.run_files import read_run
from features.support.tests.project_copy import FEATURE, ProjectCopy, assert_shows
from testbeds import ROOT
from testbeds.loopback.host import open_loopback
from testbeds.scenarios import place_of

RUNNER = "features.support.tests.runner_of_all:RunnerOfAll"

# A run that names at its end what of Selenium it has imported.
WATCHED = """
import sys
from behave.__main__ import main
status = main(sys.argv[1:])
print("imported:", [name for name in sys.modules if name.startswith("selenium")])
sys.exit(status)
"""

BROKEN = """\
Feature: Broken

  Scenario: Another list
    Given Edith has an open list with "Buy milk"
    Then Edith's list reads "Make tea"
"""


def behave(
    *words: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the suite without a browser."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", WATCHED, "-D", "browser=none", *words],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def results(file: Path) -> Mapping[str, str]:
    """Return the status of each scenario that was run, by its place and name."""
    return {
        f"{scenario['location']} {scenario['name']}": scenario["status"]
        for feature in json.loads(file.read_text(encoding="utf-8"))
        for part in feature["elements"]
        for scenario in part.get("elements", [part])
        if scenario["type"] != "background" and scenario["status"] != "skipped"
    }


def test_scenarios_without_the_tag_need_no_browser(tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    run = behave("-f", "json", "-o", str(report))

    assert run.returncode == 0, run.stdout
    assert "imported: []" in run.stdout
    assert "scenarios need a browser and were left out: " in run.stdout
    assert set(results(report).values()) == {"passed"}


def test_a_tag_that_is_not_needed_is_an_error(tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    run = behave("--runner", RUNNER, "--tags", "@browser", "-f", "json", "-o", str(report))

    ended = results(report)
    assert ended, run.stdout
    unneeded = [scenario for scenario, status in ended.items() if status == "passed"]
    assert not unneeded, f"these pass without a browser: take @browser away: {unneeded}"


def test_a_deployed_site_is_tested_without_a_browser() -> None:
    with open_loopback() as host:
        run = behave(
            *("-D", f"staging={host.site.url}", "features/log_in.feature"),
            environment=host.environment,
        )

    assert run.returncode == 0, run.stdout
    assert "imported: []" in run.stdout
    assert "ok       browser        none: HTTP and markup" in run.stdout


def test_a_failure_is_explained_immediately_and_without_a_picture(project: ProjectCopy) -> None:
    project.write(FEATURE, BROKEN)

    run = project.behave("-D", "browser=none", FEATURE)

    assert run.status == 1
    assert_shows(
        run,
        "the list reads ['1: Buy milk'], not ['1: Make tea']\nThe page http://localhost:",
        "To-Do list",
        f"Again:    behave {FEATURE}:3 -D browser=none",
    )
    evidence = run.evidence("another-list")
    assert evidence.keys() == {"failure.txt", "server.log", "edith.txt", "edith.html", "emails.txt"}
    assert "Buy milk" in evidence["edith.html"]


def test_an_exception_of_the_site_is_reported_as_with_a_browser(project: ProjectCopy) -> None:
    project.change(
        "lists/models.py",
        "        return self.filter(owner=None) | self.owned_by(visitor) |",
        "        raise ValueError('deep inside')\n        return self.filter(owner=None) |",
    )

    run = project.behave("-D", "browser=none", place_of("list_items", "Edith adds items"))

    assert_shows(
        run,
        "the site broke: ValueError: deep inside",
        "The server logged:",
        "ValueError: deep inside",
        "Edith's browser reported:",
        "500 for http://localhost:",
    )


def test_a_report_shows_pages_instead_of_pictures(project: ProjectCopy) -> None:
    file = project.folder / "run.ndjson"

    run = project.behave(
        *(
            "-D",
            "browser=none",
            "-D",
            "pictures",
            place_of("start_a_list", "The home page says what the site is for"),
        ),
        *("-f", "messages", "-o", str(file)),
    )

    assert run.status == 0, run.terminal
    attached = {each["mediaType"]: each for each in read_run(file).all("attachment")}
    facts = facts_in(attached["application/json"]["body"])
    assert facts is not None
    assert facts.browser == "no browser"
    assert attached["text/html"]["fileName"].startswith("What Edith sees")
    assert "Start a new To-Do list" in attached["text/html"]["body"]


def test_an_error_of_the_error_page_itself_is_named(project: ProjectCopy) -> None:
    project.change("superlists/settings.py", '    "staticfiles": {', '    "other": {')

    run = project.behave("-D", "browser=none", place_of("list_items", "Edith adds items"))

    cause = "Could not find config for 'staticfiles' in settings.STORAGES."
    assert_shows(
        run,
        f"the site broke: django.core.files.storage.handler.InvalidStorageError: {cause}\n",
        "The server logged:",
        "Error handling request /",
    )
    assert "CAPTURED" not in run.terminal
