"""The connection to a host that carries the SSH protocol."""

import os
import pwd
import socket
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from typing import IO

from acceptance.hosts.ssh.open_ssh import Settings, last_complaint

_FAMILIES = {"inet": socket.AF_INET, "inet6": socket.AF_INET6}

# How long a command may take to notice that it is no longer needed, in seconds.
_FAREWELL = 2


def connect(settings: Settings, timeout: float) -> socket.socket:
    """Connect to a host in the same way as ssh.

    Args:
        settings: the settings of ssh.
        timeout: how long each address may take, in seconds.

    Raises:
        OSError: it cannot be reached.

    """
    family = _FAMILIES.get(settings.get("addressfamily"), socket.AF_UNSPEC)
    found = socket.getaddrinfo(settings.host, settings.port, family, socket.SOCK_STREAM)
    refusal: OSError | None = None
    for _ in range(max(settings.number("connectionattempts"), 1)):
        for family, kind, protocol, _, address in found:
            with ExitStack() as undo:
                connection = undo.enter_context(socket.socket(family, kind, protocol))
                connection.settimeout(timeout)
                try:
                    if own := settings.get("bindaddress"):
                        connection.bind((own, 0))
                    connection.connect(address)
                except OSError as error:
                    refusal = error
                    continue
                undo.pop_all()
                return connection
    assert refusal is not None
    raise refusal


class ProxyCommand:
    """A ProxyCommand, run in the same way as by ssh.

    Attributes:
        socket: the socket that the command reads and writes.

    """

    def __init__(self, command: str) -> None:
        """Start it, without a terminal on which it could ask for something."""
        # The shell that ssh would use (ssh_config(5), "ProxyCommand").
        shell = os.environ.get("SHELL") or pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (close() does)
        self.socket, end = socket.socketpair()
        with end:
            self._process = subprocess.Popen(  # noqa: S603
                [shell, "-c", f"exec {command}"],
                stdin=end.fileno(),
                stdout=end.fileno(),
                stderr=self._complaints,
                start_new_session=True,
                env={**os.environ, "SSH_ASKPASS_REQUIRE": "never"},
            )

    def complaint(self) -> str:
        """Return its last line on stderr, or ""."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_FAREWELL)
        self._complaints.seek(0)
        log = os.fsdecode(self._complaints.read()).replace("\r", "")
        return last_complaint(log) if log.strip() else ""

    def close(self) -> None:
        """End it."""
        self.socket.close()
        self._process.terminate()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._complaints.close()
