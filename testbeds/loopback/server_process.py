"""Run servers as child processes during a block."""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from testbeds.commands import find_program
from testbeds.errors import TestBedError

START = 60.0
"""How long a server may take until it listens, in seconds; a busy machine makes Java slow."""

END = 20.0
"""How long a killed process may take to end, in seconds."""

_POLL_INTERVAL = 0.005


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    port: int,
    *,
    as_nobody: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[psutil.Process]:
    """Keep a server running from the moment that it listens until the end of the block.

    Args:
        command: the program and its arguments.
        log: the file for its output.
        port: the port on loopback at which it will listen.
        as_nobody: whether to run it as an unprivileged user, which only root can.
        environment: all of its environment, or None for this process's.

    Yields:
        the server's process.

    Raises:
        TestBedError: it is not installed, ended, or does not listen in time.

    """
    # The kernel ends the server when this process ends, in whatever way.
    wrapper = [find_program("setpriv"), "--pdeathsig", "KILL"]
    if as_nobody:
        wrapper += ["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    name, *arguments = command
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            [*wrapper, find_program(name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env=environment,
            start_new_session=True,
        )
    try:
        _wait_until_it_listens(process, Path(name).name, log, port)
        yield psutil.Process(process.pid)
    finally:
        # Killed, since its data is not kept and dovecot would take up to six seconds to stop.
        with suppress(ProcessLookupError):
            # Stopped first, so that none of them can start another process meanwhile.
            os.killpg(process.pid, signal.SIGSTOP)
        end(parts_of(process.pid))
        process.wait()


def parts_of(pid: int) -> Sequence[psutil.Process]:
    """Return a process and all its descendants, the newest first.

    Not its process group, because sshd starts a session for each connection.
    """
    try:
        process = psutil.Process(pid)
        return [*reversed(process.children(recursive=True)), process]
    except psutil.NoSuchProcess:
        return []


def end(processes: Sequence[psutil.Process]) -> None:
    """Kill processes, and return when they have released their ports and files."""
    for process in processes:
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            # A pidfd shows the end of another process's child, which cannot be waited for.
            ended = os.pidfd_open(process.pid)
            try:
                process.kill()
                select.select([ended], [], [], END)
            finally:
                os.close(ended)


@contextmanager
def reserved_port() -> Iterator[int]:
    """Reserve a port on loopback for servers that start and stop within the block.

    A socket that is bound but does not listen keeps other programs away, except for those that use
    SO_REUSEADDR, as servers do (socket(7)).
    """
    with socket.socket() as reservation:
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reservation.bind(("127.0.0.1", 0))
        yield int(reservation.getsockname()[1])


def _wait_until_it_listens(
    process: subprocess.Popen[bytes], name: str, log: Path, port: int
) -> None:
    deadline = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=START).close()
        except ConnectionRefusedError:
            pass
        else:
            return
        if process.poll() is not None or time.monotonic() >= deadline:
            how = f"does not listen after {START:g} s"
            if process.returncode is not None:
                how = f"ended with status {process.returncode}"
            output = log.read_text(encoding="utf-8", errors="replace").strip()
            message = f"{name} {how}; it printed: {output or 'nothing'}"
            raise TestBedError(message)
        time.sleep(_POLL_INTERVAL)
