import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from acceptance.waiting import eventually
from testbeds import ROOT

TIMEOUT = 60

PUTS_AWAY = """
import signal, sys

def put_away(*_):
    print("put away")
    sys.exit(5)

signal.signal(signal.SIGINT, put_away)
signal.signal(signal.SIGTERM, put_away)
print("ready", flush=True)
signal.pause()
"""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """The folder for all files of a host; a short path, since sockets need that."""
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    # For root, an unprivileged user runs the mailbox.
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def start(temporary: Path, *command: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "testbeds.loopback", *command],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def left_over(temporary: Path) -> list[str]:
    """Return the files below the folder, and the processes that use it."""
    processes = []
    for process in psutil.process_iter():
        with suppress(psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            known = [process.cwd(), *process.cmdline(), *process.environ().values()]
            if any(str(temporary) in each for each in known):
                processes.append(" ".join(process.cmdline()))
    return [*map(str, temporary.iterdir()), *processes]


def test_a_command_runs_with_what_it_needs_and_nothing_is_left(temporary: Path) -> None:
    command = 'echo "$SUPERLISTS_STAGING $SUPERLISTS_UNLISTED_HOST"; exit 7'

    with start(temporary, "sh", "-c", command) as process:
        printed, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, complaint) == (7, "")
    address, host = printed.splitlines()[-1].split()
    assert address.startswith("https://localhost:")
    assert host == "localhost"
    assert left_over(temporary) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_command_can_clean_up_after_a_signal(temporary: Path, number: signal.Signals) -> None:
    with start(temporary, sys.executable, "-c", PUTS_AWAY) as process:
        assert process.stdout
        assert "ready\n" in iter(process.stdout.readline, "")
        assert left_over(temporary)

        if number is signal.SIGINT:
            # Ctrl-C in a terminal interrupts all its processes.
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        printed, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, printed, complaint) == (5, "put away\n", "")
    assert left_over(temporary) == []


def test_nothing_is_left_of_a_host_that_was_interrupted_while_it_started(temporary: Path) -> None:
    def site_is_being_laid_out() -> None:
        assert list(temporary.glob("loopback-*/server/sites"))

    with start(temporary, "true") as process:
        eventually(
            site_is_being_laid_out, timeout=TIMEOUT, describe=lambda: str(left_over(temporary))
        )
        process.send_signal(signal.SIGTERM)
        _, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, complaint) == (1, "Interrupted; the site has been discarded.\n")
    assert left_over(temporary) == []


def test_a_missing_program_is_named_and_nothing_is_left(temporary: Path, tmp_path: Path) -> None:
    # certutil is the last program that is looked for.
    for name in ("setpriv", "ssh", "ssh-keygen", "git"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))

    with start(temporary, "true", PATH=str(tmp_path)) as process:
        printed, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, printed) == (1, "")
    assert complaint == "certutil is not installed, and the tests need it: type make servers.\n"
    assert left_over(temporary) == []


def test_a_missing_command_is_named(temporary: Path) -> None:
    with start(temporary, "no-such-command") as process:
        _, complaint = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 1
    assert complaint == "no-such-command is not installed: check that it is on the PATH.\n"
    assert left_over(temporary) == []
