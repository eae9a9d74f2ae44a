import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from superlists.tests.processes import PRODUCTION, deploy, run_python

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def production() -> dict[str, str]:
    """The least that a production server must set."""
    return dict(PRODUCTION)


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs Python with these arguments where the project is deployed, in a bare environment."""
    return partial(run_python, deploy(tmp_path_factory.mktemp("deployed")))


@pytest.fixture
def deployed(tmp_path: Path) -> Path:
    """The folder of a server whose files a test changes."""
    return deploy(tmp_path)
