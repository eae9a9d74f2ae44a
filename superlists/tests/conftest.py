import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

Run = Callable[..., subprocess.CompletedProcess[str]]

PRODUCTION = {
    "DJANGO_DEBUG_FALSE": "y",
    "DJANGO_SECRET_KEY": "an-example-of-a-key-that-is-long-enough-for-production-0123456789",
    "SITENAME": "superlists.example.com",
}


@pytest.fixture
def production() -> dict[str, str]:
    """The least that a production server must set."""
    return dict(PRODUCTION)


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs Python with these arguments in the project's folder and a bare environment."""

    def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, *arguments],
            cwd=Path(settings.BASE_DIR),
            env={"PATH": os.environ["PATH"], "HOME": os.devnull, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run_python
