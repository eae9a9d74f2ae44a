"""The interface of hosts for all code that uses a deployed site, however they are reached."""

import re
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Protocol

from acceptance.hosts.errors import (
    CommandFailedError,
    ConnectionLostError,
    FolderError,
    NotStartedError,
    ServerError,
)
from acceptance.hosts.forwarding import ForwardedPort
from acceptance.hosts.marked_output import shown
from acceptance.hosts.presence import ABSENT
from acceptance.hosts.program import Program

COMMAND_TIMEOUT = 30
"""How long a command may take by default, in seconds."""

# How much later than the host this end gives up on a command, in seconds.
_GRACE = 5

# The status of timeout(1) for a command that it stopped; if it had to kill the command, it kills
# itself as well.
_STOPPED = 124

# What is printed if there is no timeout(1), or one with other options.
_NO_TIMEOUT = re.compile(
    r"\btimeout: (.*not found|Permission denied|(un|in)(recogni[sz]ed|known|valid) )|Usage: timeout"
)

# A + before the content distinguishes an empty file from a missing one.
_READ = f"""{ABSENT}
if absent "$1"; then exit; fi
printf +
exec cat -- "$1"
"""


@dataclass(frozen=True)
class Stage:
    """A part of connecting that can go wrong by itself.

    Attributes:
        title: its name, in a word or two.
        reach: connects up to this stage, unless that is done, and returns what was found in a few
            words; raises ServerError.

    """

    title: str
    reach: Callable[[], str]


class Host(Protocol):
    """A machine on which a deployed site runs: connect, run, start, read, reach.

    All hosts raise the errors of `acceptance.hosts.errors`. As a string, a host is what it is
    called in the middle of a sentence.
    """

    @property
    @abstractmethod
    def user(self) -> str:
        """The user that commands run as."""
        ...

    @property
    @abstractmethod
    def is_connected(self) -> bool:
        """Whether programs can be started, as far as this end knows."""
        ...

    @abstractmethod
    def addresses(self) -> Sequence[str]:
        """Return the IP addresses of the host, or none if they are unknown.

        Raises:
            ServerError: the name cannot be resolved.

        """
        ...

    @abstractmethod
    def stages(self) -> Sequence[Stage]:
        """Return the parts of connecting, to find out how far it gets."""
        ...

    @abstractmethod
    def connect(self) -> None:
        """Get ready to start programs, unless that is done.

        Raises:
            ServerError: the host cannot be reached, is not the one that is known, or lets no one
                in; nothing is connected then.

        """

    @abstractmethod
    def disconnect(self) -> None:
        """Undo `connect`, if necessary; raises nothing."""

    @abstractmethod
    def start(self, command: Sequence[str], folder: str) -> Program:
        """Start a program in a folder of the host, over the existing connection.

        Args:
            command: the program and its arguments, which no shell expands.
            folder: where it runs; may start with ~/.

        Raises:
            ConnectionLostError: there is no connection, or nothing is started over it.
            ServerError: the host starts no more programs.

        """
        ...

    @abstractmethod
    def reach(self, name: str, port: int) -> ForwardedPort:
        """Forward a port of this machine to one that the host can reach.

        Args:
            name: a host name or address, from the point of view of the host.
            port: a port there.

        Raises:
            ConnectionLostError: there is no connection.
            ServerError: nothing listens there, or the host forwards no connections.

        """
        ...

    @abstractmethod
    def how_to_start_programs(self) -> str:
        """Return the advice for when no command can be started, as the end of a sentence."""
        ...

    def run(self, command: Sequence[str], folder: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a command in a folder of the host and return its output; connects if needed.

        Args:
            command: the program and its arguments, which no shell expands.
            folder: where it runs; may start with ~/.
            timeout: how long it may take, in seconds; then the host stops it.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ServerError: it could not be run, or took too long.

        """
        return self.output_of(command, folder, timeout).decode(errors="replace")

    def output_of(
        self,
        command: Sequence[str],
        folder: str,
        timeout: float = COMMAND_TIMEOUT,
        given: Iterable[bytes] = (),
    ) -> bytes:
        """Run a command as `run` does and return the exact bytes of its output.

        Args:
            command: the program and its arguments, which no shell expands.
            folder: where it runs; may start with ~/.
            timeout: how long it may take, in seconds; then the host stops it.
            given: its input, which it must read before it writes more than some kilobytes.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ServerError: it could not be run, or took too long.

        """
        self.connect()
        name = shown(command)
        # The host limits the time, because hanging up does not end a program that writes nothing.
        # BusyBox has these options, too.
        limited = ["timeout", "-k", "1", f"{timeout:g}", *command]
        deadline = time.monotonic() + timeout
        status, output = None, b""
        try:
            with closing(self.start(limited, folder)) as program, suppress(TimeoutError):
                with suppress(ConnectionLostError):
                    # A program that ends before it has read everything reports the reason.
                    for chunk in given:
                        program.write(chunk)
                    program.write_no_more()
                status, output = program.finish(deadline + _GRACE - time.monotonic())
        except ConnectionLostError as error:
            raise self.explained(command, folder, error) from None
        if status == _STOPPED or (status is None and time.monotonic() >= deadline):
            message = f"`{name}` on {self} took longer than {timeout:g} s: check how busy it is."
            raise ServerError(message)
        if status is None:
            message = f"`{name}` was ended by a signal on {self}: find out what sent it."
            raise ServerError(message)
        if status != 0:
            errors = program.errors()
            if _NO_TIMEOUT.search(errors):
                message = (
                    f"{self} has no `timeout` command with the option -k, without which a command "
                    "that hangs would never end there: install coreutils."
                )
                raise ServerError(message)
            reason = (errors or output.decode(errors="replace").strip()).split("\n")[-1].strip()
            message = f"`{name}` failed on {self} with status {status}"
            raise CommandFailedError(f"{message}: {reason}" if reason else f"{message}.")
        return output

    def read(self, path: str, folder: str = "/", timeout: float = COMMAND_TIMEOUT) -> bytes | None:
        """Return the exact content of a file of the host, or None if there is no such file.

        Args:
            path: the file, relative to the folder.
            folder: the folder; may start with ~/.
            timeout: how long it may take, in seconds.

        Raises:
            ServerError: it cannot be read, or is a link that leads nowhere.

        """
        found = self.output_of(["sh", "-c", _READ, "sh", path], folder, timeout)
        return found[1:] if found else None

    def explained(
        self, command: Sequence[str], folder: str, error: ConnectionLostError
    ) -> ServerError:
        """Return the error to raise if a command did not finish for this reason."""
        name = shown(command)
        match error:
            case FolderError():
                return CommandFailedError(
                    f"`{name}` cannot run in {folder} on {self}, because {error}."
                )
            case NotStartedError():
                how = self.how_to_start_programs()
                return NotStartedError(
                    f"No command can be started on {self}, because {error}: {how}."
                )
        return ConnectionLostError(
            f"`{name}` did not finish on {self}, because {error}: try again."
        )
