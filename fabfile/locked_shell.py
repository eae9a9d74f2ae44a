"""A shell on the server that only one deployment at a time can have."""

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
from fabfile.failures import telling_line
from fabfile.interruption import waiting
from fabfile.target import Target

LOCK = "deploy.lock"
ALIVE = "deploy.alive"
"""What the shell and its commands hold locked, and a guard of theirs waits for."""

# The shell inherits the lock, and so does what runs in it: should the connection break, nobody
# else can begin before the command that ran then has ended.
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

# By its number, it can be interrupted.
_NUMBERED = 'echo $$; exec "$@" 2>&1'


class CommandFailedError(ServerError):
    """A command ended with another status than 0.

    Attributes:
        output: all that it wrote.

    """

    def __init__(self, command: Sequence[str], status: str, output: str) -> None:
        super().__init__(f"`{shown(command)}` failed with status {status}: {telling_line(output)}")
        self.output = output.strip()


class Shell(Protocol):
    """Runs commands on the server, alone there or not."""

    def run(self, command: Sequence[str], folder: str, timeout: float = ...) -> str:
        """Run a command in a folder and return what it wrote."""
        ...


class LockedShell:
    """Runs one command after the other; what it was made for, others have to wait for."""

    def __init__(self, target: Target, program: Program) -> None:
        self._target = target
        self._program = program

    def run(
        self, command: Sequence[str], folder: str = "/", timeout: float = COMMAND_TIMEOUT
    ) -> str:
        """Run a command in a folder and return what it wrote, errors included.

        Args:
            command: the program and its arguments, which no shell takes apart.
            folder: where it runs.
            timeout: how long it may write nothing, in seconds.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ConnectionLostError: it wrote nothing for too long, or cannot be reached any more.
            InterruptedTaskError: a signal asked to end the task, and has ended the command, too.

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
        """Pass Ctrl-C on, and wait for the end of the command: others are to run after it."""
        with suppress(ServerError):
            number, line_end, _ = own.partition(b"\n")
            if line_end:
                # What runs as root cannot be interrupted, and is waited for all the same.
                self._target.succeeds("kill", "-INT", number.decode())
            self._read_to_the_end(output, own, COMMAND_TIMEOUT)


@contextmanager
def open_locked_shell(target: Target) -> Iterator[LockedShell]:
    """Keep everybody else from deploying the site for the length of the block.

    Raises:
        DeploymentError: somebody else is at it; says who, and since when.
        ServerError: the server cannot be worked with.

    """
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    holder = f"{getpass.getuser()}@{socket.gethostname()} since {since}"
    target.connect()
    command = ["sh", "-c", _TAKE_LOCK, "sh", holder]
    program = target.start(command, target.site.folder)
    try:
        try:
            said = program.read_line(COMMAND_TIMEOUT)
        except ConnectionLostError as error:
            raise target.explained(command, target.site.folder, error) from None
        if said.startswith("busy "):
            message = (
                f"{said.removeprefix('busy ')} has been deploying to {target.site.host}: wait "
                "until that has ended."
            )
            raise DeploymentError(message)
        yield LockedShell(target, program)
    finally:
        program.close()
