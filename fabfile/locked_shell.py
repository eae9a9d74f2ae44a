"""A shell on the server that only one deployment can have at a time."""

import getpass
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Protocol

from acceptance.hosts.errors import ConnectionLostError, ServerError
from acceptance.hosts.host import COMMAND_TIMEOUT
from acceptance.hosts.marked_output import FOLDER, MarkedOutput, marked_script, new_mark, shown
from acceptance.hosts.program import Program
from fabfile.errors import DeploymentError
from fabfile.failures import line_with_cause
from fabfile.interruption import waiting
from fabfile.target import Target

LOCK = "deploy.lock"
ALIVE = "deploy.alive"
"""The file that the shell and its commands keep locked, and that the guard waits for."""

# The shell inherits the lock, and so do its commands: if the connection breaks, no one else can
# begin until the command that is running has ended.
_TAKE_LOCK = f"""\
exec 9>>{LOCK} || exit
flock -n 9
case $? in
0)
    printf '%s\\n' "$1" >{LOCK} || exit
    exec 8>>{ALIVE} || exit
    flock 8 || exit
    echo held
    exec sh
    ;;
1) echo "busy $(cat {LOCK})" ;;
*) exit ;;
esac
"""

# The command prints its process id first, so that it can be interrupted.
_NUMBERED = 'echo $$; exec "$@" 2>&1'


class CommandFailedError(ServerError):
    """A command ended with another status than 0.

    Attributes:
        output: everything that it printed.

    """

    def __init__(self, command: Sequence[str], status: str, output: str) -> None:
        super().__init__(
            f"`{shown(command)}` failed with status {status}: {line_with_cause(output)}"
        )
        self.output = output.strip()


class Shell(Protocol):
    """Runs commands on the server, with or without the lock."""

    def run(self, command: Sequence[str], folder: str, timeout: float = ...) -> str:
        """Run a command in a folder and return its output."""
        ...


class LockedShell:
    """Runs one command after the other, and keeps other deployments waiting meanwhile."""

    def __init__(self, target: Target, program: Program) -> None:
        self._target = target
        self._program = program

    def run(
        self, command: Sequence[str], folder: str = "/", timeout: float = COMMAND_TIMEOUT
    ) -> str:
        """Run a command in a folder and return its output, including errors.

        Args:
            command: the program and its arguments, which no shell expands.
            folder: where it runs.
            timeout: how long it may print nothing, in seconds.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ConnectionLostError: it printed nothing for too long, or the connection was lost.
            InterruptedTaskError: a signal ended the task, and the command with it.

        """
        mark = new_mark()
        script = marked_script(folder, ["sh", "-c", _NUMBERED, "sh", *command], mark)
        self._program.write_line(f"( {script} ) </dev/null 2>/dev/null")
        output, own = MarkedOutput(mark), bytearray()
        try:
            with waiting():
                self._read_to_the_end(output, own, timeout)
        except KeyboardInterrupt:
            self._interrupt(output, own)
            raise
        _, _, written = own.decode(errors="replace").partition("\n")
        if output.status == FOLDER:
            raise CommandFailedError(command, FOLDER, f"{folder} cannot be entered")
        if output.status != "0":
            raise CommandFailedError(command, str(output.status), written)
        return written.strip("\n")

    def _read_to_the_end(self, output: MarkedOutput, own: bytearray, timeout: float) -> None:
        while output.status is None:
            own += output.feed(self._program.read(timeout))

    def _interrupt(self, output: MarkedOutput, own: bytearray) -> None:
        """Interrupt the command, and wait until it ends, since others run after it."""
        with suppress(ServerError):
            number, line_end, _ = own.partition(b"\n")
            if line_end:
                # A command of root cannot be interrupted, but is waited for all the same.
                self._target.succeeds("kill", "-INT", number.decode())
            self._read_to_the_end(output, own, COMMAND_TIMEOUT)


@contextmanager
def open_locked_shell(target: Target) -> Iterator[LockedShell]:
    """Keep everyone else from deploying the site during the block.

    Raises:
        DeploymentError: someone else is deploying; the message says who, and since when.
        ServerError: the server cannot be used.

    """
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    holder = f"{getpass.getuser()}@{socket.gethostname()} since {since}"
    target.connect()
    command = ["sh", "-c", _TAKE_LOCK, "sh", holder]
    program = target.start(command, target.site.folder)
    try:
        try:
            answer = program.read_line(COMMAND_TIMEOUT)
        except ConnectionLostError as error:
            raise target.explained(command, target.site.folder, error) from None
        if answer.startswith("busy "):
            message = (
                f"{answer.removeprefix('busy ')} has been deploying to {target.site.host}: wait "
                "until that deployment has ended."
            )
            raise DeploymentError(message)
        yield LockedShell(target, program)
    finally:
        program.close()
