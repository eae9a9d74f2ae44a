"""Commands of this machine, run for the rehearsal."""

import subprocess
from collections.abc import Mapping, Sequence

from testbeds.rehearsal.errors import RehearsalError

TIMEOUT = 30
"""How long a command may take unless told, in seconds."""


def run(
    command: Sequence[str],
    timeout: float = TIMEOUT,
    environment: Mapping[str, str] | None = None,
    name: str = "",
) -> str:
    """Run a command and return what it wrote.

    Args:
        command: the program and its arguments.
        timeout: how long it may take, in seconds.
        environment: all of its environment, or None for this process's.
        name: what to call it in messages; the program's name unless told.

    Raises:
        RehearsalError: it failed; says which error it wrote first, or else what it wrote last.

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
        raise RehearsalError(message) from None
    except OSError as error:
        message = f"{name} cannot be run: {error.strerror}."
        raise RehearsalError(message) from None
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        # Debian's tools begin with what is wrong, and end with what that led to.
        said = next((line for line in lines if line.startswith("E: ")), lines[-1])
        message = f"{name} failed with status {done.returncode}, and said: {said}"
        raise RehearsalError(message)
    return done.stdout
