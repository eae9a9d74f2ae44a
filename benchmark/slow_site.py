"""A site that takes its time: `python -m benchmark.slow_site` is behave on such a site."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

SECONDS = 0.2
"""How long each page takes."""


def answers_late(get_response: Callable[[object], object]) -> Callable[[object], object]:
    """Let each page take its time (a middleware of Django's)."""

    def answer(request: object) -> object:
        time.sleep(SECONDS)
        return get_response(request)

    return answer


def main() -> int:
    """Run behave with this process's arguments."""
    from behave.__main__ import main as behave  # noqa: PLC0415

    from features.support import project  # noqa: PLC0415

    # environment.py takes it from there.
    project.SUPERLISTS = replace(project.SUPERLISTS, settings_module="benchmark.slow_settings")
    return int(behave(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
