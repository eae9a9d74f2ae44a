"""The modules that a process imports before a run, none of which people save here."""

import subprocess
import sys

from testbeds import ROOT


def test_modules_of_the_project_and_of_the_kit_are_imported_by_the_run_alone() -> None:
    program = "import json.decoder, behave.runner, acceptance.slot, superlists.settings, sys\n"

    run = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-c"),
            (
                f"{program}from acceptance.running.watch.spare import of_others\n"
                "print(of_others(list(sys.modules)))"
            ),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"DJANGO_SETTINGS_MODULE": "superlists.settings"},
    )
    kept = run.stdout
    assert "'behave.runner'" in kept
    assert "'json.decoder'" in kept
    for name in ("acceptance", "superlists", "django.contrib", "__main__"):
        assert f"'{name}" not in kept
