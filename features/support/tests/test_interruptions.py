"""A run that is ended from outside leaves nothing behind: no browser, driver or database."""

import signal
import time
from pathlib import Path

import pytest

from acceptance.room import SHARED_MEMORY
from acceptance.running.interruptions import ENDING
from features.support.tests.terminal_run import Run, run_in_terminal

ITEMS = "features/list_items.feature"


def databases_of(run: Run) -> list[Path]:
    return [*SHARED_MEMORY.glob(f"acceptance-{run.process.pid}-*")]


def test_a_closed_terminal_leaves_nothing_behind() -> None:
    with run_in_terminal(ITEMS) as run:
        run.wait_until(" passed in ")
        assert databases_of(run)
        run.close_terminal()

        assert run.end() == set()
        assert run.process.returncode == 1
        assert len(run.children) > 1
    assert not databases_of(run)


@pytest.mark.parametrize("number", sorted(set(ENDING) - {signal.SIGHUP}))
def test_a_signal_leaves_nothing_behind(number: signal.Signals) -> None:
    with run_in_terminal(ITEMS) as run:
        run.wait_until(" passed in ")
        run.process.send_signal(number)

        assert run.end() == set()
        assert run.process.returncode == 1
        assert len(run.children) > 1
    assert b"untested" in run.shown
    assert b"Traceback" not in run.shown
    assert (number.name.encode() in run.shown) is (number is not signal.SIGINT)


def test_an_impatient_interruption_at_the_beginning_leaves_nothing_behind() -> None:
    with run_in_terminal(ITEMS) as run:
        run.wait_until("")
        run.process.send_signal(signal.SIGINT)
        run.process.send_signal(signal.SIGTERM)
        while run.process.poll() is None and b"ABORTED" not in run.shown:
            run.look_for_children()
            run.process.send_signal(signal.SIGINT)
            time.sleep(0.05)

        assert run.end() == set()
    assert b"ABORTED: By user, before anything was run." in run.shown
    assert run.shown.count(b"The run is already cleaning up and will end in a moment.") == 1
