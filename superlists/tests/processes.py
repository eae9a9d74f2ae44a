"""The project as it is deployed, in a folder of its own, and real processes that run it there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from testbeds import ROOT
from testbeds.deployed_files import copy_deployed_files

PRODUCTION = {
    "DJANGO_DEBUG_FALSE": "y",
    "DJANGO_SECRET_KEY": "an-example-of-a-key-that-is-long-enough-for-production-0123456789",
    "SITENAME": "superlists.example.com",
}

# Root may read and write any file, unless these capabilities are taken away.
AS_ORDINARY_USER = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)


def deploy(folder: Path) -> Path:
    """Copy the files of a staging server into the folder, and the pages that fail on purpose."""
    copy_deployed_files(folder)
    failing = Path("superlists/tests/failing_urls.py")
    (folder / failing).parent.mkdir()
    shutil.copy(ROOT / failing, folder / failing)
    return folder


def bare(environment: dict[str, str]) -> dict[str, str]:
    """Return these variables, and no others that the site might read."""
    return {"PATH": os.environ["PATH"], "HOME": os.devnull, **environment}


def run_python(
    folder: Path,
    *arguments: str,
    typed: str | bytes = b"",
    as_ordinary_user: bool = False,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder with a bare environment until it ends.

    Args:
        folder: where the project is deployed.
        arguments: what follows `python`.
        typed: the standard input.
        as_ordinary_user: whether root drops its power over files.
        environment: the variables to set.

    """
    ended = subprocess.run(  # noqa: S603
        [*(AS_ORDINARY_USER if as_ordinary_user else ()), sys.executable, *arguments],
        cwd=folder,
        env=bare(environment),
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(
        ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode()
    )
