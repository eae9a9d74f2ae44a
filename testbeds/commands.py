"""Run commands on this machine for a test bed."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence

from testbeds.errors import TestBedError

TIMEOUT = 30
"""How long a command may take by default, in seconds."""


def run(
    command: Sequence[str],
    timeout: float = TIMEOUT,
    environment: Mapping[str, str] | None = None,
    name: str = "",
) -> str:
    """Run a command and return its output.

    Args:
        command: the program and its arguments.
        timeout: how long it may take, in seconds.
        environment: all of its environment, or None for this process's.
        name: its name in messages; by default the program's name.

    Raises:
        TestBedError: it failed; the message has its first error, or else its last line.

    """
    name = name or command[0]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"{name} took longer than {timeout:g} s."
        raise TestBedError(message) from None
    except OSError as error:
        message = f"{name} cannot be run: {error.strerror}."
        raise TestBedError(message) from None
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        # Debian's tools print the cause first, and its effects last.
        reason = next((line for line in lines if line.startswith("E: ")), lines[-1])
        message = f"{name} failed with status {done.returncode}: {reason}"
        raise TestBedError(message)
    return done.stdout


def find_program(name: str) -> str:
    """Return the path of a program.

    Raises:
        TestBedError: it is not installed.

    """
    # Servers are in folders that are not on the PATH of ordinary users.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        message = f"{name} is not installed, and the tests need it: type make servers."
        raise TestBedError(message)
    return found
