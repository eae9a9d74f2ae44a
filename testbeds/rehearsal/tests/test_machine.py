import os
import shutil
import subprocess
import sys

import pytest

from testbeds import ROOT
from testbeds.errors import MachineError
from testbeds.rehearsal import machine

UNPRIVILEGED = 65534

# Changes the user late, since another user may have no access to the folder of this Python.
TASK = """\
import os, sys
from invoke.context import Context
from invoke.exceptions import Exit
from testbeds.rehearsal import tasks
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({user})
    os.setuid({user})
try:
    tasks.{task}(Context())
except Exit as end:
    print(end.message)
    sys.exit(end.code)
"""


@pytest.mark.parametrize("task", ["up", "run", "shell", "down"])
def test_an_ordinary_user_gets_one_sentence_and_nothing_counts_as_passed(task: str) -> None:
    program = TASK.format(task=task, user=UNPRIVILEGED)

    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert run.returncode == 77
    assert run.stdout.endswith(".\n")
    assert run.stdout.count("\n") == 1
    assert run.stderr == ""


def test_missing_programs_are_named_with_the_command_that_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    if os.geteuid() != 0:
        monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(MachineError, match=r"needs mmdebstrap, .*: type `apt-get install") as error:
        machine.check()

    assert "systemd-container" in str(error.value)
