"""Steps that ask for input: people answer in a terminal; elsewhere, the steps fail immediately."""

import os
import pty
import re
import select
import subprocess
import time

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite

PATIENCE = 40
"""How long a run may take before it asks, in seconds."""

ASKS = {
    "breakpoint": "secret = 6 * 7\n    breakpoint()\n    assert secret == 43, secret",
    "set_trace": "secret = 6 * 7\n    pdb.set_trace()\n    assert secret == 43, secret",
    "input": "secret = input('What is it? ')\n    assert secret == '43', secret",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, runs: QuickRuns) -> Suite:
    made = Suite(tmp_path_factory.mktemp("suite"), runs)
    functions = "\n\n".join(
        f'@step("{name} asks")\ndef asks_by_{name}(context):\n    {body}'
        for name, body in ASKS.items()
    )
    made.write("steps/own_steps.py", f"import pdb\nfrom behave import step\n\n{functions}\n")
    for name in ASKS:
        made.write(
            f"features/{name}.feature",
            f"Feature: {name}\n\n  Scenario: It\n    Given {name} asks\n",
        )
    return made


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("breakpoint", [("(Pdb) ", "p secret"), ("42", "!secret = 43"), ("(Pdb) ", "continue")]),
        ("set_trace", [("(Pdb) ", "p secret"), ("42", "!secret = 43"), ("(Pdb) ", "continue")]),
        ("input", [("What is it? ", "43")]),
    ],
)
def test_in_a_terminal_a_step_is_answered(
    suite: Suite, name: str, typed: list[tuple[str, str]]
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603
        suite.command(f"features/{name}.feature"),
        cwd=suite.folder,
        env={**suite.environment, "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as run:
        os.close(theirs)
        try:
            shown = ""
            for prompt, answer in typed:
                shown = read_until(ours, prompt)
                os.write(ours, f"{answer}\n".encode())
            shown = read_until(ours, "Took ")
        finally:
            run.kill()
            os.close(ours)

    assert "1 scenario passed, 0 failed" in shown


@pytest.mark.parametrize("name", ASKS)
def test_without_a_terminal_a_step_fails_immediately(suite: Suite, name: str) -> None:
    ours, theirs = os.pipe()
    began = time.monotonic()
    try:
        # As on CI machines, there is a standard input, but no one ever writes to it.
        run = subprocess.run(  # noqa: S603
            suite.command(f"features/{name}.feature"),
            cwd=suite.folder,
            env=suite.environment,
            stdin=ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)

    assert run.returncode == 1
    assert time.monotonic() - began < PATIENCE
    assert re.search(
        r"ASSERT FAILED: this step (asks for input|has a breakpoint\(\)), but standard input is "
        r"not a terminal: remove that from the step, or run the scenario in a terminal\.",
        run.stdout,
    ), run.stdout


def test_a_configured_debugger_takes_precedence(suite: Suite) -> None:
    suite.write("own.py", "def debug():\n    print('OWN')\n    raise AssertionError('OWN')\n")
    for variable, shown in (("own.debug", "ASSERT FAILED: OWN"), ("0", "ASSERT FAILED: 42")):
        ended = suite.behave(
            "features/breakpoint.feature", environment={"PYTHONBREAKPOINT": variable}
        )

        assert shown in ended.output


def read_until(terminal: int, awaited: str) -> str:
    shown = ""
    deadline = time.monotonic() + PATIENCE
    while awaited not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"{awaited!r} is not in {shown!r}"
        shown += os.read(terminal, 65536).decode(errors="replace")
    return shown
