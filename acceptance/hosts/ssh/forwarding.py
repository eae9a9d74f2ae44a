"""A port of this machine that leads to one that the server can reach."""

import select
import socket
from contextlib import closing, suppress
from threading import Thread

from paramiko import Channel

from acceptance.hosts.errors import ServerError
from acceptance.hosts.ssh.connection import Server

LOOPBACK = "127.0.0.1"

_CHUNK = 65536
_FAREWELL = 2  # seconds


class ForwardedPort:
    """Leads whoever connects to it on loopback through the server, until it is closed.

    Fabric's own needs to be told a free port, and ends when a single connection fails.

    Attributes:
        port: its number.

    """

    def __init__(self, server: Server, host: str, port: int) -> None:
        """Lead to `host` and `port`, as seen from the server.

        Raises:
            ConnectionLostError: there is no connection to the server any more.
            ServerError: nobody can be reached there.

        """
        # Whoever connects later could not be told why it failed.
        server.reach(host, port).close()
        self._server = server
        self._target = (host, port)
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let nobody in any more; who is in leaves when either end hangs up."""
        # Closing alone does not wake whoever waits for a connection.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._lead, args=(near,), daemon=True).start()

    def _lead(self, near: socket.socket) -> None:
        with near:
            try:
                far = self._server.reach(*self._target)
            except ServerError:
                return
            with closing(far):
                with suppress(OSError):
                    _carry(near, far)
                _wait_for_the_end_of_a_cut(far)


def _carry(near: socket.socket, far: Channel) -> None:
    """Hand on what comes from either end, until one of them hangs up."""
    while True:
        ends: list[socket.socket | Channel] = [near, far]
        ready, _, _ = select.select(ends, [], [])
        if near in ready:
            said = near.recv(_CHUNK)
            far.sendall(said)
        if far in ready:
            said = far.recv(_CHUNK)
            near.sendall(said)
        if not said:
            return


def _wait_for_the_end_of_a_cut(far: Channel) -> None:
    # paramiko ends the channels of a broken connection before it takes it for broken. Whoever sees
    # this end hang up shall find that it was cut.
    if far.closed and not far.eof_received:
        far.get_transport().join(_FAREWELL)
