"""A page journey (start a list, add two items, read it) in our Chromium: seconds for each."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from acceptance.browser.select import start_browser
from acceptance.configuration import Configuration
from acceptance.hosts.secrets import Secrets
from acceptance.profiles.select import open_profile
from benchmark.runs import REPORTS, BenchmarkError
from features.support.project import SUPERLISTS
from testbeds import ROOT

JOURNEYS = 20

HEADLESS_SHELL = "/usr/lib/chromium/chromium-headless-shell"
"""Debian's, which the kit starts, too."""

ITEMS = ("Buy milk", "Make tea", "Go home")

PLAYWRIGHT = "playwright==1.65.2"
"""For comparison only; it is no part of the project's environment."""

PLAYWRIGHT_HOME = REPORTS / "playwright"


def on_a_new_site(measure: Callable[[str], float]) -> float:
    """Return what is measured on a site, given its address, that no one has used."""
    with _open_site() as url:
        return measure(url)


@contextmanager
def _open_site() -> Iterator[str]:
    """Serve the site in a process of its own for the length of the block; give its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmark.journeys", "serve"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield str(process.stdout and process.stdout.readline()).strip()
        # At the end of its input it stops.
        process.communicate()


def seconds_in_ours(url: str) -> float:
    """Return what a journey takes with the kit."""
    return _printed([sys.executable, "-m", "benchmark.journeys", url])


def seconds_in_playwright(url: str) -> float:
    """Return what a journey takes with Playwright on the same headless shell.

    Raises:
        BenchmarkError: Playwright cannot be installed.

    """
    python = PLAYWRIGHT_HOME / "bin" / "python"
    if not python.exists():
        _printed([sys.executable, "-m", "venv", str(PLAYWRIGHT_HOME)])
        _printed([str(python), "-m", "pip", "install", "--quiet", PLAYWRIGHT])
    script = Path(__file__).with_name("playwright_journeys.py")
    return _printed([str(python), str(script), HEADLESS_SHELL, url, str(JOURNEYS)])


def _printed(command: list[str]) -> float:
    finished = subprocess.run(  # noqa: S603
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if finished.returncode != 0:
        message = f"`{' '.join(command)}` failed: {finished.stderr.strip()}"
        raise BenchmarkError(message)
    return float(finished.stdout or 0)


def _serve() -> None:
    with open_profile(Configuration.resolve(SUPERLISTS, {}, {}), Secrets()) as profile:
        profile.begin_scenario()
        print(profile.url, flush=True)
        sys.stdin.read()


def _go(url: str) -> float:
    browser = start_browser(Configuration.resolve(SUPERLISTS, {}, {}))
    browser.be_monitored()

    def journey() -> float:
        began = time.perf_counter()
        browser.begin_scenario(needs_browser=True)
        session = browser.session()
        session.open(f"{url}/")
        for item in ITEMS:
            session.submit("#id_text", item)
        items = session.texts("#id_list_table tr")
        session.close()
        if [item.split(": ")[-1] for item in items] != list(ITEMS):
            message = f"The list reads {items}."
            raise BenchmarkError(message)
        return time.perf_counter() - began

    try:
        journey()
        return median(journey() for _ in range(JOURNEYS))
    finally:
        browser.stop()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        _serve()
    else:
        print(_go(sys.argv[1]))
