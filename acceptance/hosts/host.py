"""What a host is to all that works with a deployed site, whichever way leads there."""

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
"""How long a command may take unless it is given longer, in seconds."""

# How much later than the host this end gives a command up, in seconds.
_GRACE = 5

# The status of timeout(1) for a command that it had to stop; with one that it had to kill, it kills
# itself.
_STOPPED = 124

# What is printed where there is no timeout(1), or one that takes other options.
_NO_TIMEOUT = re.compile(
    r"\btimeout: (.*not found|Permission denied|(un|in)(recogni[sz]ed|known|valid) )|Usage: timeout"
)

# A + before the content tells an empty file from none.
_READ = f"""{ABSENT}
if absent "$1"; then exit; fi
printf +
exec cat -- "$1"
"""


@dataclass(frozen=True)
class Stage:
    """A part of connecting that can go wrong by itself.

    Attributes:
        title: what it is about, in a word or two.
        reach: goes so far, unless someone is there already, and says in a few words what was found;
            raises ServerError.

    """

    title: str
    reach: Callable[[], str]


class Host(Protocol):
    """Where a deployed site runs: connect, run, start, read, reach.

    All hosts raise the errors of `acceptance.hosts.errors`. As a string, a host is what it is
    called in the middle of a sentence.
    """

    @property
    @abstractmethod
    def user(self) -> str:
        """As whom commands run."""
        ...

    @property
    @abstractmethod
    def is_connected(self) -> bool:
        """Whether programs can be started, as far as one can tell from this end."""
        ...

    @abstractmethod
    def addresses(self) -> Sequence[str]:
        """Look up the IP addresses that the way to the host leads to, or return none.

        Raises:
            ServerError: the name is not known.

        """
        ...

    @abstractmethod
    def stages(self) -> Sequence[Stage]:
        """Return the parts of connecting, for whoever wants to see how far it gets."""
        ...

    @abstractmethod
    def connect(self) -> None:
        """Make ready to start programs, unless that is done.

        Raises:
            ServerError: the host cannot be reached, is not the one that is known, or lets no one
                in; nothing is connected then.

        """

    @abstractmethod
    def disconnect(self) -> None:
        """Undo `connect`, if it was done; raises nothing."""

    @abstractmethod
    def start(self, command: Sequence[str], folder: str) -> Program:
        """Start a program in a folder of the host, over the connection that is there.

        Args:
            command: the program and its arguments, which no shell takes apart.
            folder: where it runs; may start with ~/.

        Raises:
            ConnectionLostError: there is no connection any more, or nothing is started over it.
            ServerError: the host starts no further program.

        """
        ...

    @abstractmethod
    def reach(self, name: str, port: int) -> ForwardedPort:
        """Open a port of this machine that leads to one that the host can reach.

        Args:
            name: a host name or address, as the host knows it.
            port: a port there.

        Raises:
            ConnectionLostError: there is no connection any more.
            ServerError: nothing listens there, or the host connects no one.

        """
        ...

    @abstractmethod
    def how_to_start_programs(self) -> str:
        """Return what to do where nothing is started, as the end of a sentence."""
        ...

    def run(self, command: Sequence[str], folder: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a command in a folder of the host and return what it wrote; connects if needed.

        Args:
            command: the program and its arguments, which no shell takes apart.
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
        """Run a command as `run` does and return exactly the bytes that it wrote.

        Args:
            command: the program and its arguments, which no shell takes apart.
            folder: where it runs; may start with ~/.
            timeout: how long it may take, in seconds; then the host stops it.
            given: what it reads, before it writes more than some kilobytes.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ServerError: it could not be run, or took too long.

        """
        self.connect()
        name = shown(command)
        # The host's own clock, because hanging up ends no program that does not write. In the words
        # that BusyBox has, too.
        limited = ["timeout", "-k", "1", f"{timeout:g}", *command]
        deadline = time.monotonic() + timeout
        status, output = None, b""
        try:
            with closing(self.start(limited, folder)) as program, suppress(TimeoutError):
                with suppress(ConnectionLostError):
                    # What ends before it has read everything says why.
                    for chunk in given:
                        program.write(chunk)
                    program.write_no_more()
                status, output = program.finish(deadline + _GRACE - time.monotonic())
        except ConnectionLostError as error:
            raise self.explained(command, folder, error) from None
        if status == _STOPPED or (status is None and time.monotonic() >= deadline):
            message = f"`{name}` on {self} took longer than {timeout:g} s: see how busy it is."
            raise ServerError(message)
        if status is None:
            message = f"`{name}` was ended by a signal on {self}: see who sent it."
            raise ServerError(message)
        if status != 0:
            errors = program.errors()
            if _NO_TIMEOUT.search(errors):
                message = (
                    f"{self} has no `timeout` that takes -k and seconds, without which a command "
                    "that hangs would never end there: install coreutils."
                )
                raise ServerError(message)
            reason = (errors or output.decode(errors="replace").strip()).split("\n")[-1].strip()
            message = f"`{name}` failed on {self} with status {status}"
            raise CommandFailedError(f"{message}: {reason}" if reason else f"{message}.")
        return output

    def read(self, path: str, folder: str = "/", timeout: float = COMMAND_TIMEOUT) -> bytes | None:
        """Return exactly what is in a file of the host, or None where there is none.

        Args:
            path: the file, as seen from the folder.
            folder: may start with ~/.
            timeout: how long it may take, in seconds.

        Raises:
            ServerError: it cannot be read, or is a link that leads nowhere.

        """
        found = self.output_of(["sh", "-c", _READ, "sh", path], folder, timeout)
        return found[1:] if found else None

    def explained(
        self, command: Sequence[str], folder: str, error: ConnectionLostError
    ) -> ServerError:
        """Return what to raise when a command came to no end for this reason."""
        name = shown(command)
        match error:
            case FolderError():
                return CommandFailedError(
                    f"`{name}` cannot run in {folder} on {self}, because {error}."
                )
            case NotStartedError():
                how = self.how_to_start_programs()
                return NotStartedError(f"Nothing runs on {self}, because {error}: {how}.")
        return ConnectionLostError(
            f"`{name}` was not finished on {self}, because {error}: try again."
        )
