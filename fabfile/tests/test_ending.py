"""How a task ends: after a signal, and when its output is closed."""

import os
import signal
import subprocess
import sys

import pytest

from testbeds import ROOT

# Begins something, waits, and undoes it; each takes a moment in which more signals come.
WORK = """\
import os, signal, sys, time
from fabfile.interruption import shielded, waiting
from fabfile.tasks import _one_sentence
number = getattr(signal, sys.argv[1])
with _one_sentence():
    try:
        # Not while it waits, so it continues.
        os.kill(os.getpid(), number)
        print("begun", flush=True)
        with waiting():
            print("waits", flush=True)
            time.sleep(60)
    except KeyboardInterrupt:
        with shielded(), waiting():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), number)
            print("undone", flush=True)
        raise
"""

SAY = """\
import sys
from fabfile.progress import write, step
from fabfile.tasks import _one_sentence
with _one_sentence():
    with step("first"):
        sys.stdin.read()
    for number in range(5000):
        write(f"line {number} \u2026")
    sys.stderr.write("all is done\\n")
"""


def run(program: str, *words: str, **options: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # noqa: S603
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **{"stdout": subprocess.PIPE, **options},
    )


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_task_where_it_waits_and_others_do_not_stop_it_from_undoing(
    name: str,
) -> None:
    working = run(WORK, name)

    output, errors = working.communicate(timeout=30)

    assert output == "begun\nundone\n"
    assert "Ending: wait until the server is as it was." in errors
    assert f"{name} ended the task; " in errors
    assert working.returncode != 0


def test_a_closed_output_ends_a_task_only_when_it_is_done() -> None:
    with run(SAY) as saying:
        assert saying.stdin
        assert saying.stdout
        assert saying.stderr
        saying.stdout.close()
        saying.stdin.close()
        errors = saying.stderr.read()

    assert saying.returncode != 0
    assert errors.startswith("all is done\n")
    assert "BrokenPipe" not in errors.replace("invoke.exceptions.Exit", "")


@pytest.mark.parametrize("output", ["/dev/full", "ascii"])
def test_an_output_that_takes_nothing_or_not_all_characters_does_not_stop_a_task(
    output: str,
) -> None:
    where = "/dev/null" if output == "ascii" else output
    with open(where, "w") as file:  # noqa: PTH123
        environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
        saying = run(SAY, stdout=file, env=environment)
        _, errors = saying.communicate("", timeout=30)

    assert "all is done" in errors
    assert (saying.returncode == 0) == (output == "ascii")


def test_an_ignored_signal_stays_ignored() -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    program = WORK.replace("time.sleep(60)", "sys.exit('went on')")
    working = run(program, "SIGHUP", preexec_fn=ignore)

    output, errors = working.communicate(timeout=30)

    assert output == "begun\nwaits\n"
    assert "went on" in errors
