"""The suite with the browsers of a real Selenium Grid, and its errors in one sentence each."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from psutil import Process

from acceptance.browser.errors import BrowserUnavailableError
from acceptance.browser.selenium.driver import start_driver, stop_driver
from acceptance.configuration import Configuration
from acceptance.readers import BrowserName
from features.support.tests.project_copy import ProjectCopy
from testbeds import ROOT
from testbeds.loopback.grid import Grid, open_grid
from testbeds.loopback.server_process import end, parts_of

FEATURE = "features/start_a_list.feature"
BROKEN = "features/broken.feature"


@pytest.fixture(scope="module")
def grid() -> Iterator[Grid]:
    with open_grid(browsers=2) as opened:
        yield opened


def behave(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "behave", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )


def browsers_of(grid: Grid) -> list[Process]:
    return [each for each in grid.process.children(recursive=True) if "driver" in each.name()]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_feature_passes_on_a_grid_and_releases_its_browsers(grid: Grid, jobs: str) -> None:
    ended = behave("-D", f"grid={grid.url}", "-j", jobs, FEATURE)

    assert ended.returncode == 0, ended.stdout
    assert f"on {grid.url}" in ended.stdout
    assert browsers_of(grid) == []


def test_a_grid_without_a_free_place_is_named(grid: Grid) -> None:
    configuration = Configuration(grid=grid.url)
    busy = [start_driver(configuration) for _ in range(2)]
    try:
        message = refusal(Configuration(grid=grid.url, grid_timeout=1.0))
    finally:
        for driver in busy:
            stop_driver(driver)

    assert message == (
        f"Chromium did not start on the grid at {grid.url}, which had none free within 1 s: "
        f"check in {grid.url}/status whether one is there and free, use fewer workers (-j), or "
        "wait longer (-D grid_timeout=300)."
    )


def test_a_browser_that_a_grid_does_not_have_is_named(grid: Grid) -> None:
    message = refusal(Configuration(grid=grid.url, grid_timeout=1.0, browser=BrowserName.FIREFOX))

    assert message.startswith(
        f"Firefox did not start on the grid at {grid.url}, which had none free "
    )


def refusal(configuration: Configuration) -> str:
    with pytest.raises(BrowserUnavailableError) as refused:
        start_driver(configuration)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_browser_that_breaks_on_a_grid_gives_its_place_back(
    grid: Grid, project: ProjectCopy
) -> None:
    project.write_feature(
        *(
            f"  Scenario: {name}\n    When Edith opens the home page\n    {step}\n"
            "    And Edith opens the login page"
            for name, step in (("The first", "And something breaks"), ("The second", ""))
        )
    )

    def kill_browser(_: Process) -> None:
        (driver,) = browsers_of(grid)
        end(driver.children())

    run = project.behave(BROKEN, "-D", f"grid={grid.url}", breakage=kill_browser)

    assert "1 scenario passed, 1 failed, " in run.terminal, run.terminal
    assert "the browser cannot be used: " in run.terminal
    assert browsers_of(grid) == []


def test_after_the_end_of_a_grid_the_rest_fails_immediately(project: ProjectCopy) -> None:
    project.write_feature(
        *(
            f"  Scenario: {name}\n    When Edith opens the home page\n    And something breaks\n"
            "    And Edith opens the login page"
            for name in ("The first", "The second", "The third")
        )
    )
    with open_grid(browsers=1) as grid:
        began = time.monotonic()

        run = project.behave(
            *(BROKEN, "-D", f"grid={grid.url}"),
            breakage=lambda _: end(parts_of(grid.process.pid)),
        )

    assert run.status == 1
    assert time.monotonic() - began < 100
    assert "the browser cannot be used: Connection refused" in run.terminal
    refused = re.findall(r"Chromium did not start \(Connection refused\): check that", run.terminal)
    assert len(refused) == 2
    assert "Traceback" not in run.terminal
