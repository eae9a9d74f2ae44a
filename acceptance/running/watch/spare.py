"""A process that has imported what others wrote, and runs behave when it is told with which words.

It has read no file of the project or of the kit: those are what people save.
"""

import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

_APPS = "django.contrib."
"""Their modules want to know the site's settings."""

_ROOT = Path(__file__).parents[3]


def of_others(names: Iterable[str]) -> list[str]:
    """Return which of the modules with these names are no part of a project, as imported here."""
    here = (str(Path.cwd()), str(_ROOT))
    kept = []
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None)
        is_of_others = file and ("site-packages" in Path(file).parts or not file.startswith(here))
        if is_of_others and not name.startswith((_APPS, "__")):
            kept.append(name)
    return kept


def _main() -> None:
    for name in json.loads(sys.argv[1]):
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112 (whatever it needs, the run has it later)
            continue
    words = sys.stdin.readline()
    if not words:
        # Whoever wanted to run something has ended.
        return
    from behave.__main__ import main  # noqa: PLC0415 (as late as in a process of its own)

    sys.argv = ["behave", *json.loads(words)]
    sys.exit(main())


if __name__ == "__main__":
    _main()
