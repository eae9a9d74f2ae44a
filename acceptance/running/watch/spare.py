"""A process that has imported third-party modules, and runs behave when it receives its options.

It has read no files of the project or of the kit, because people edit those.
"""

import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

_APPS = "django.contrib."
"""Apps whose modules need the site's settings."""

_ROOT = Path(__file__).parents[3]


def of_others(names: Iterable[str]) -> list[str]:
    """Return the names of the modules that were imported here and are not part of the project."""
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
        except Exception:  # noqa: BLE001, S112 (the run imports it later, and reports errors)
            continue
    words = sys.stdin.readline()
    if not words:
        # The watch has ended.
        return
    from behave.__main__ import main  # noqa: PLC0415 (as late as in a new process)

    sys.argv = ["behave", *json.loads(words)]
    sys.exit(main())


if __name__ == "__main__":
    _main()
