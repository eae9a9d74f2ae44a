"""The server that a deployed site runs on: one SSH connection, and what runs over it."""

import logging
import os
import shlex
import socket
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from threading import Timer

from fabric import Connection
from paramiko import (
    AuthenticationException,
    BadHostKeyException,
    Channel,
    ChannelException,
    PasswordRequiredException,
    SSHException,
    Transport,
)

from features.support.server.errors import (
    CommandFailedError,
    ConnectionLostError,
    HostKeyError,
    LogInError,
    ServerError,
)
from features.support.server.host_keys import (
    SSH_PORT,
    UnknownHostKeyError,
    be_strict,
    explain_changed_key,
    explain_unknown_key,
)
from features.support.server.program import RemoteProgram

# All in seconds.
CONNECT_TIMEOUT = 10
COMMAND_TIMEOUT = 30
KEEPALIVE_INTERVAL = 15
# How much later than the server this end gives a command up.
_GRACE = 5

# The status of timeout(1) for a command that it had to stop; with one that it had to kill, it kills
# itself.
_STOPPED = 124

# What paramiko raises goes on to the person as one sentence; it would print tracebacks as well.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


class Server:
    """A host that is reached as the person's own ssh configuration says.

    Attributes:
        connections: how many connections have been opened.

    """

    def __init__(self, host: str, timeout: float = CONNECT_TIMEOUT) -> None:
        """Read the person's ssh configuration.

        Args:
            host: the name that the configuration knows the server by.
            timeout: how long the server may take for each step until somebody is logged in, in
                seconds.

        Raises:
            ServerError: the configuration cannot be read.

        """
        self._host = host
        self._timeout = timeout
        self._connection = self._new_connection()
        self.connections = 0

    def __str__(self) -> str:
        """Say as whom the server is reached where."""
        return _shown(self._connection)

    @property
    def user(self) -> str:
        """As whom commands run."""
        return str(self._connection.user)

    @property
    def is_connected(self) -> bool:
        """Whether the connection is there, as far as one can tell from this end."""
        return bool(self._connection.is_connected)

    def addresses(self) -> Sequence[str]:
        """Look the server's addresses up, or return none if another host is asked to reach it.

        Raises:
            ServerError: the name is not known.

        """
        connection = self._connection
        if connection.gateway:
            return []
        return addresses_of(connection.host)

    def connect(self) -> None:
        """Open the connection, unless it is open.

        Raises:
            ServerError: the server cannot be reached, is not the one that is known, or lets
                nobody in with the keys that there are.

        """
        if self.is_connected:
            return
        self.disconnect()
        self._connection = self._new_connection()
        try:
            self._connection.open()
        except (SSHException, ValueError, OSError, EOFError) as error:
            # Each host on the way is connected when the next one is tried.
            hops = reversed(_hops(self._connection))
            failed = next((hop for hop in hops if not hop.is_connected), self._connection)
            refusal = _refusal(failed, error)
            self.disconnect()
            raise refusal from None
        self.connections += 1
        transport = self._connection.transport
        transport.set_keepalive(KEEPALIVE_INTERVAL)
        if isinstance(transport.sock, socket.socket):
            # A request is one small packet, which must not wait for others to join it.
            transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def disconnect(self) -> None:
        """Close the connection, if it is open."""
        for hop in _hops(self._connection):
            # Fabric closes what it takes for open, and not the hosts on the way.
            with suppress(OSError, EOFError):
                hop.client.close()

    def run(self, command: Sequence[str], folder: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a command in a folder of the server and return what it wrote.

        Args:
            command: the program and its arguments, which no shell takes apart.
            folder: where it runs; may start with ~/.
            timeout: how long it may take, in seconds; then the server stops it.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ServerError: it could not be run, or took too long.

        """
        self.connect()
        shown = shlex.join(command)
        # The server's own clock, because closing a channel ends no program that does not write.
        limited = ["timeout", "--kill-after=1", f"{timeout:f}", *command]
        deadline = time.monotonic() + timeout
        status, said = None, ""
        try:
            with closing(self.start(limited, folder)) as program, suppress(TimeoutError):
                program.write_no_more()
                status, said = program.finish(timeout + _GRACE)
        except ConnectionLostError as error:
            message = f"`{shown}` was not finished on {self}, because {error}: try again."
            raise ConnectionLostError(message) from None
        if status == _STOPPED or (status is None and time.monotonic() >= deadline):
            message = f"`{shown}` on {self} took longer than {timeout:g} s: see how busy it is."
            raise ServerError(message)
        if status is None:
            message = f"`{shown}` was ended by a signal on {self}: see who sent it."
            raise ServerError(message)
        if status != 0:
            reason = (program.errors() or said.strip()).split("\n")[-1]
            message = f"`{shown}` failed on {self} with status {status}"
            raise CommandFailedError(f"{message}: {reason}" if reason else f"{message}.")
        return said

    def start(self, command: Sequence[str], folder: str) -> RemoteProgram:
        """Start a program in a folder of the server, over the connection that is there.

        Raises:
            ConnectionLostError: there is no connection any more, or nothing is started over it.

        """
        if not self.is_connected:
            message = f"the SSH connection to {self} was cut"
            raise ConnectionLostError(message)
        deadline = time.monotonic() + self._timeout
        try:
            channel = self._connection.transport.open_session(timeout=self._timeout)
            channel.settimeout(COMMAND_TIMEOUT)
            # paramiko waits for ever to hear that a program was started.
            limit = Timer(deadline - time.monotonic(), _give_up, [channel])
            limit.daemon = True
            limit.start()
            try:
                channel.exec_command(in_folder(folder, command))
            finally:
                limit.cancel()
        except (SSHException, OSError, EOFError) as error:
            # paramiko finds a connection active until it has noticed that it is not.
            message = f"the SSH connection to {self} was cut ({_reason(error)})"
            if time.monotonic() >= deadline:
                message = f"{self} did not start it within {self._timeout:g} s"
            raise ConnectionLostError(message) from None
        return RemoteProgram(channel)

    def reach(self, host: str, port: int) -> Channel:
        """Connect to what listens at a host and port, as seen from the server.

        Raises:
            ConnectionLostError: there is no connection any more.
            ServerError: nothing listens there, or the server connects nobody.

        """
        if not self.is_connected:
            message = f"the SSH connection to {self} was cut"
            raise ConnectionLostError(message)
        transport: Transport = self._connection.transport
        try:
            return transport.open_channel(
                "direct-tcpip", (host, port), ("127.0.0.1", 0), timeout=self._timeout
            )
        except ChannelException as error:
            message = (
                f"{host}, port {port}, cannot be reached from {self} ({error.text}): see that it "
                "listens there, and that sshd allows AllowTcpForwarding."
            )
            raise ServerError(message) from None
        except (SSHException, OSError, EOFError) as error:
            message = f"the SSH connection to {self} was cut ({_reason(error)})"
            raise ConnectionLostError(message) from None

    def _new_connection(self) -> Connection:
        try:
            connection = self._describe_connection()
            for hop in _hops(connection):
                be_strict(hop)
                self._be_patient(hop)
        except (OSError, ValueError, KeyError, SSHException) as error:
            message = (
                f"Your ssh configuration cannot be read ({_reason(error)}): correct ~/.ssh/config "
                "or the known_hosts file that it names."
            )
            raise ServerError(message) from None
        return connection

    def _describe_connection(self) -> Connection:
        return Connection(self._host, forward_agent=False)

    def _be_patient(self, hop: Connection) -> None:
        """Wait for each step of the way, but not for ever."""
        hop.connect_timeout = self._timeout
        steps = ("banner_timeout", "auth_timeout", "channel_timeout")
        hop.connect_kwargs = {**hop.connect_kwargs, **dict.fromkeys(steps, self._timeout)}
        # ssh goes on without an agent or a key that is not there; paramiko leaves a socket open for
        # the one, and ends for the other.
        hop.connect_kwargs["allow_agent"] = Path(os.environ.get("SSH_AUTH_SOCK", "")).is_socket()
        hop.connect_kwargs["key_filename"] = [
            name for name in _identity_files(hop) if Path(name).is_file()
        ]


def _give_up(channel: Channel) -> None:
    # Whoever waits for the channel goes on at once, and may cut the connection meanwhile.
    with suppress(SSHException, OSError, EOFError):
        channel.close()


def addresses_of(host: str) -> Sequence[str]:
    """Look the addresses of a host up.

    Raises:
        ServerError: the name is not known.

    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError as error:
        message = (
            f"The name {host} leads nowhere ({_reason(error)}): correct it, or add it to DNS or "
            "/etc/hosts."
        )
        raise ServerError(message) from None
    return sorted({str(address[4][0]) for address in found})


def in_folder(folder: str, command: Sequence[str]) -> str:
    """Write a command line for a shell: run `command` in `folder`, which may be below ~."""
    home, _, below = folder.partition("/")
    # Quoted as a whole, ~ would be a folder of that name.
    place = f'"$HOME"/{shlex.quote(below)}' if home == "~" else shlex.quote(folder)
    return f"cd {place} && exec {shlex.join(command)}"


def _hops(connection: Connection) -> Sequence[Connection]:
    """Return the connection and those that it goes through, the nearest last."""
    gateway = connection.gateway
    return [connection, *(_hops(gateway) if isinstance(gateway, Connection) else [])]


def _shown(connection: Connection) -> str:
    port = "" if connection.port == SSH_PORT else f", port {connection.port}"
    return f"{connection.user}@{connection.host}{port}"


def _identity_files(connection: Connection) -> Sequence[str]:
    named = connection.ssh_config.get("identityfile", [])
    return [named] if isinstance(named, str) else list(named)


def _refusal(hop: Connection, error: Exception) -> ServerError:
    """Say why there is no connection to a host on the way or at its end."""
    target = f"-p {hop.port} {hop.user}@{hop.host}"
    match error:
        case UnknownHostKeyError():
            return HostKeyError(explain_unknown_key(error, hop))
        case BadHostKeyException():
            return HostKeyError(explain_changed_key(error, hop))
        case PasswordRequiredException():
            key = " ".join(["ssh-add", *map(shlex.quote, _identity_files(hop)[:1])])
            return LogInError(
                f"The key for {_shown(hop)} is encrypted, and no agent holds it: type `{key}`, or "
                "start an agent first with `eval $(ssh-agent)`."
            )
        case _ if _is_about_keys(error):
            missing = [name for name in _identity_files(hop) if not Path(name).is_file()]
            also = f", and {missing[0]} does not exist" if missing else ""
            return LogInError(
                f"{_shown(hop)} lets nobody in with the keys that you have{also}: add your public "
                f"key there with `ssh-copy-id {target}`, or name the right user and key in "
                "~/.ssh/config."
            )
    return ServerError(
        f"{_shown(hop)} cannot be reached by SSH ({_reason(error)}): see that `ssh -v {target}` "
        "works."
    )


def _is_about_keys(error: Exception) -> bool:
    # paramiko has no class of its own for a person who has no key at all, and says in the same
    # class that a server never answered.
    is_late = "timeout" in str(error).lower()
    is_refused = isinstance(error, AuthenticationException)
    return (is_refused and not is_late) or "authentication methods" in str(error)


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it hung up"
    if isinstance(error, TimeoutError):
        return "no answer"
    causes = getattr(error, "errors", None)
    if isinstance(causes, dict) and causes:
        # paramiko keeps what went wrong for each address.
        return _reason(next(iter(causes.values())))
    if isinstance(error, ChannelException):
        return f"the host before it says: {error.text}"
    if "banner" in str(error):
        return "it does not greet as an SSH server does"
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)
