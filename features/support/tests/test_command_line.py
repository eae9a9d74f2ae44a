"""The suite on the command line: the messages for impossible requests."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from acceptance.browser.selenium.installed import CHROMEDRIVER
from testbeds import ROOT
from testbeds.scenarios import place_of


def behave(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a few scenarios, if the run begins, with a bare environment."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "behave", "--name", "The home page", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.devnull, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


def assert_refused(run: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert run.returncode != 0
    assert "Traceback" not in run.stdout
    telling = [line for line in run.stdout.splitlines() if sentence in line]
    assert len(telling) == 1, run.stdout
    assert telling[0].endswith((".", "?"))


@pytest.mark.parametrize(
    ("defined", "sentence"),
    [
        (
            "browser=netscape",
            "-D browser is 'netscape', which cannot be used: name one of chromium, chrome, firefox",
        ),
        (
            "timeout=banana",
            "-D timeout is 'banana', which cannot be used: give a number of seconds",
        ),
        ("brwser=firefox", "-D brwser is not a setting of the suite: did you mean browser?"),
        ("staging", "-D staging is 'true', which cannot be used: give a host such as"),
        ("staging=example.com", "example.com is not one of the staging_hosts in pyproject.toml"),
        ("staging=$(reboot)", "-D staging is '$(reboot)', which cannot be used: give a host such"),
        ("mailbox_password=secret", "-D mailbox_password shows in the list of processes"),
        ("headed", "neither DISPLAY nor WAYLAND_DISPLAY is set: leave out -D headed"),
        ("grid=http://127.0.0.1:1", "check that the grid at http://127.0.0.1:1 answers"),
    ],
)
def test_an_impossible_setting_is_refused_in_one_sentence(defined: str, sentence: str) -> None:
    assert_refused(behave("-D", defined), sentence)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SUPERLISTS_BROWSER", "netscape", "SUPERLISTS_BROWSER is 'netscape', which cannot"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL starts with 'nonsense', which is no database"),
        ("EMAIL_PORT", "banana", "EMAIL_PORT is 'banana', which is not a port number"),
    ],
)
def test_an_impossible_variable_is_refused_in_one_sentence(
    name: str, value: str, sentence: str
) -> None:
    assert_refused(behave(environment={name: value}), sentence)


def test_a_missing_browser_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    run = behave("-D", "browser=firefox", environment={"PATH": str(tmp_path)})

    assert_refused(
        run, "Firefox was not found (searched for firefox-esr, firefox): type `make fire"
    )


@pytest.mark.skipif(
    any(shutil.which(name, path="/nowhere") for name in CHROMEDRIVER),
    reason="ChromeDriver is where no PATH can hide it",
)
def test_a_missing_driver_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.symlink_to(sys.executable)

    run = behave(environment={"PATH": str(tmp_path)})

    assert_refused(run, "type `make browser`")


def test_a_dry_run_needs_neither_a_site_nor_a_browser(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "DATABASE_URL": "nonsense"}

    run = behave("--dry-run", environment=environment)

    assert run.returncode == 0, run.stdout


def imported_by(*words: str) -> list[str]:
    """Return the names of the modules that a run imports."""
    program = (
        "import json, sys; from behave.__main__ import main;"
        f"main({[*words]!r}); print(json.dumps(list(sys.modules)))"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [str(name) for name in json.loads(run.stdout.splitlines()[-1])]


def test_a_run_against_a_server_does_without_django() -> None:
    imported = imported_by(
        *("-D", "staging=superlists-staging.test", "-D", "mailbox=maildev+http://localhost:1"),
        *("-D", "mail_address={unique}@example.com", "--name", "The home page"),
    )

    assert "acceptance.profiles.staging" in imported
    packages = {name.partition(".")[0] for name in imported}
    assert packages & {"django", "behave_django", "accounts", "lists"} == set()


def test_a_local_run_without_a_browser_imports_nothing_for_other_runs() -> None:
    imported = imported_by(
        "-D", "browser=none", place_of("start_a_list", "The home page says what the site is for")
    )
    packages = {name.partition(".")[0] for name in imported}

    assert "django" in packages
    # Of drivers, of SSH, of reports, and of a database as text.
    others = {"selenium", "fabric", "paramiko", "cucumber_messages", "ci_environment", "yaml"}
    assert packages & others == set()
