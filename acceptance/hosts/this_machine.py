"""This machine as a host."""

import getpass
import os
import socket
from collections.abc import Mapping, Sequence

from acceptance.hosts.errors import ConnectionLostError, ServerError
from acceptance.hosts.forwarding import ForwardedPort
from acceptance.hosts.host import Host, Stage
from acceptance.hosts.marked_output import marked_script, new_mark
from acceptance.hosts.pipes import Pipes
from acceptance.hosts.program import Program, Starter

SHELL = "/bin/sh"

_TIMEOUT = 10  # seconds


class ThisMachine(Host):
    """The machine that the suite runs on, which needs no connection."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Start programs with exactly this environment; None for that of this process."""
        self._environment = environment

    def __str__(self) -> str:
        """Name it for a message."""
        return "this machine"

    @property
    def user(self) -> str:
        """The user that commands run as."""
        return getpass.getuser()

    @property
    def is_connected(self) -> bool:
        """Return True, since it is always available."""
        return True

    def addresses(self) -> Sequence[str]:
        """Return none, since no connection is needed."""
        return []

    def stages(self) -> Sequence[Stage]:
        """Return none, since there is nothing to connect."""
        return []

    def connect(self) -> None:
        """Do nothing."""

    def disconnect(self) -> None:
        """Do nothing."""

    def start(self, command: Sequence[str], folder: str) -> Program:
        """Start a program in a folder.

        Raises:
            ConnectionLostError: there is no shell.

        """
        mark = new_mark()
        environment = os.environ if self._environment is None else self._environment
        script = marked_script(folder, command, mark)
        try:
            return Program(Pipes([SHELL, "-c", script], environment), mark, Starter(SHELL))
        except OSError as error:
            message = f"{SHELL} cannot be started ({error.strerror})"
            raise ConnectionLostError(message) from None

    def reach(self, name: str, port: int) -> ForwardedPort:
        """Forward a port of this machine to another that it can reach.

        Raises:
            ServerError: nothing listens there.

        """

        def connect() -> socket.socket:
            try:
                far = socket.create_connection((name, port), _TIMEOUT)
            except OSError as error:
                message = (
                    f"{name}, port {port}, cannot be reached from {self} "
                    f"({error.strerror or error}): check that it listens there."
                )
                raise ServerError(message) from None
            far.settimeout(None)
            return far

        return ForwardedPort(connect)

    def how_to_start_programs(self) -> str:
        """Return the advice for when no command can be started, as the end of a sentence."""
        return f"check what `{SHELL} -c true` does here"
