"""A host behind a command such as `docker compose exec -T web` or `kubectl exec -i web --`.

The command executes the arguments that are appended to it on the host, and passes the input and
both outputs through unchanged. It is not run by a shell, and it must not ask for a password.
"""

import base64
import os
import re
import shlex
import shutil
from collections.abc import Sequence
from contextlib import closing, suppress

from acceptance.hosts.errors import ConnectionLostError, ServerError
from acceptance.hosts.forwarding import ForwardedPort
from acceptance.hosts.host import COMMAND_TIMEOUT, Host, Stage
from acceptance.hosts.marked_output import marked_script, new_mark
from acceptance.hosts.pipes import Pipes
from acceptance.hosts.program import Program, Starter
from acceptance.hosts.this_machine import SHELL

# A container may run as a user id without a name.
_WHO = "id -un 2>/dev/null || id -u"

_PYTHON = "python3"
_REACHED = "reached"

# A host of a Django site is certain to have Python, but no other program for this. The data is
# sent in lines of base64, since the last byte of other data could be held back as the beginning of
# a mark.
_RELAY = f"""\
import base64, os, socket, sys, threading
try:
    far = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
except OSError as error:
    sys.exit(str(error))
far.settimeout(None)
print("{_REACHED}", flush=True)
def lead():
    while chunk := os.read(0, 65536):
        far.sendall(chunk)
    far.shutdown(socket.SHUT_RDWR)
threading.Thread(target=lead, daemon=True).start()
while chunk := far.recv(65536):
    print(base64.b64encode(chunk).decode(), flush=True)
"""

_WITHOUT_TERMINAL = "which requires a terminal, but the suite has none"


class HostBehindCommand(Host):
    """A host that a command on this machine enters, once for each program."""

    def __init__(self, command: Sequence[str]) -> None:
        """Use this command with its arguments, without starting anything yet."""
        self._command = command
        self._shown = f"`{shlex.join(command)}`"
        self._starter = Starter(
            self._shown,
            ((re.compile(r"not a (tty|terminal)", re.IGNORECASE), _WITHOUT_TERMINAL),),
        )
        self._user: str | None = None

    def __str__(self) -> str:
        """Name it for a message."""
        return f"the host behind {self._shown}"

    @property
    def user(self) -> str:
        """The user that commands run as; connects if needed.

        Raises:
            ServerError: no command can be started there.

        """
        self.connect()
        assert self._user is not None
        return self._user

    @property
    def is_connected(self) -> bool:
        """Whether a command has run there since the last `disconnect`."""
        return self._user is not None

    def addresses(self) -> Sequence[str]:
        """Return none, since only the command knows them."""
        return []

    def stages(self) -> Sequence[Stage]:
        """Return the only part: whether the command runs other commands."""
        return [Stage("command", lambda: f"{self._shown} runs commands as {self.user}")]

    def connect(self) -> None:
        """Check that the command runs other commands, unless that is known.

        Raises:
            NotStartedError: it runs nothing there; the message includes what it printed.
            ServerError: it is not installed here, or takes too long.

        """
        if self.is_connected:
            return
        if shutil.which(self._command[0]) is None:
            message = (
                f"{self._command[0]}, which enters the site's host, is not installed: install it, "
                "or correct host_command."
            )
            raise ServerError(message)
        ask = ["sh", "-c", _WHO]
        try:
            with closing(self._start(ask, "/")) as program:
                self._user = program.read_line(COMMAND_TIMEOUT)
        except ConnectionLostError as error:
            raise self.explained(ask, "/", error) from None

    def disconnect(self) -> None:
        """Forget that the command works, so that the next `connect` checks it."""
        self._user = None

    def start(self, command: Sequence[str], folder: str) -> Program:
        """Start a program in a folder of the host.

        Raises:
            ConnectionLostError: not connected, or the command cannot be executed.

        """
        if not self.is_connected:
            message = f"the connection to {self} is closed"
            raise ConnectionLostError(message)
        return self._start(command, folder)

    def reach(self, name: str, port: int) -> ForwardedPort:
        """Forward a port of this machine to one that the host can reach.

        Raises:
            ConnectionLostError: there is no connection to the host.
            ServerError: nothing listens there, or the host has no Python.

        """
        return ForwardedPort(lambda: _Relay(self, name, port))

    def how_to_start_programs(self) -> str:
        """Return the advice for when no command can be started, as the end of a sentence."""
        entering = shlex.join([*self._command, "sh"])
        return (
            f"check that `echo true | {entering}` ends without an error, and that host_command "
            "allocates no terminal (Docker Compose: -T; others: without -t)"
        )

    def _start(self, command: Sequence[str], folder: str) -> Program:
        mark = new_mark()
        entering = [*self._command, SHELL, "-c", marked_script(folder, command, mark)]
        try:
            return Program(Pipes(entering, os.environ), mark, self._starter)
        except OSError as error:
            message = f"{self._shown} cannot be executed ({error.strerror})"
            raise ConnectionLostError(message) from None


class _Relay:
    """A connection that a program on the host makes and relays."""

    def __init__(self, host: Host, name: str, port: int) -> None:
        self._program = host.start([_PYTHON, "-c", _RELAY, name, str(port)], "/")
        try:
            self._program.read_line(COMMAND_TIMEOUT)
        except ConnectionLostError as error:
            self._program.close()
            message = (
                f"{name}, port {port}, cannot be reached from {host}, because {error}: check that "
                f"it listens there, and that `{_PYTHON}` is installed on the host."
            )
            raise ServerError(message) from None
        self._chunks = self._program.chunks()
        self._received = b""

    def recv(self, _size: int, /) -> bytes:
        """Wait for bytes and return some, b"" at the end; raises ConnectionLostError."""
        while b"\n" not in self._received:
            chunk = next(self._chunks, b"")
            if not chunk:
                return b""
            self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        return base64.b64decode(line)

    def sendall(self, content: bytes, /) -> None:
        """Send bytes; raises ConnectionLostError."""
        self._program.write(content)

    def close(self) -> None:
        """End the program."""
        with suppress(ConnectionLostError):
            self._program.write_no_more()
        self._program.close()
