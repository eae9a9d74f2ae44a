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
    """Where everything of a host lies; a short path, as sockets need it."""
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    # As root, the mailbox is run by nobody.
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
    """The files below the folder, and the processes that know of it."""
    processes = []
    for process in psutil.process_iter():
        with suppress(psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            known = [process.cwd(), *process.cmdline(), *process.environ().values()]
            if any(str(temporary) in each for each in known):
                processes.append(" ".join(process.cmdline()))
    return [*map(str, temporary.iterdir()), *processes]


def test_a_command_runs_with_what_it_needs_and_nothing_stays(temporary: Path) -> None:
    command = 'echo "$SUPERLISTS_STAGING $SUPERLISTS_UNLISTED_HOST"; exit 7'

    with start(temporary, "sh", "-c", command) as process:
        printed, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, complaint) == (7, "")
    address, host = printed.splitlines()[-1].split()
    assert address.startswith("https://localhost:")
    assert host == "localhost"
    assert left_over(temporary) == []


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_command_can_put_its_things_away_when_told_to_end(
    temporary: Path, told: signal.Signals
) -> None:
    with start(temporary, sys.executable, "-c", PUTS_AWAY) as process:
        assert process.stdout
        assert "ready\n" in iter(process.stdout.readline, "")
        assert left_over(temporary)

        if told is signal.SIGINT:
            # At Ctrl-C a terminal tells all that it runs.
            os.killpg(process.pid, told)
        else:
            process.send_signal(told)
        printed, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, printed, complaint) == (5, "put away\n", "")
    assert left_over(temporary) == []


def test_nothing_stays_of_a_host_that_was_told_to_end_while_it_started(temporary: Path) -> None:
    def site_is_being_laid_out() -> None:
        assert list(temporary.glob("loopback-*/server/sites"))

    with start(temporary, "true") as process:
        eventually(
            site_is_being_laid_out, timeout=TIMEOUT, describe=lambda: str(left_over(temporary))
        )
        process.send_signal(signal.SIGTERM)
        _, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, complaint) == (1, "Thrown away, because you asked to end.\n")
    assert left_over(temporary) == []


def test_what_is_missing_is_named_and_nothing_stays_of_what_had_started(
    temporary: Path, tmp_path: Path
) -> None:
    # certutil is what is asked for last.
    for name in ("setpriv", "ssh", "ssh-keygen", "git"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))

    with start(temporary, "true", PATH=str(tmp_path)) as process:
        printed, complaint = process.communicate(timeout=TIMEOUT)

    assert (process.returncode, printed) == (1, "")
    assert complaint == "certutil is not installed, and the tests need it: type make servers.\n"
    assert left_over(temporary) == []


def test_a_command_that_is_not_there_is_named(temporary: Path) -> None:
    with start(temporary, "no-such-command") as process:
        _, complaint = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 1
    assert complaint == "no-such-command is not installed: see that it is on the PATH.\n"
    assert left_over(temporary) == []
