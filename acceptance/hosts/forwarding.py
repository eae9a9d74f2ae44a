"""A port of this machine that leads to one that a host can reach."""

import socket
from collections.abc import Callable
from contextlib import closing, suppress
from threading import Thread
from typing import Protocol

from acceptance.hosts.errors import ServerError

LOOPBACK = "127.0.0.1"

_CHUNK = 65536


class FarEnd(Protocol):
    """A connection to the port that a host can reach."""

    def recv(self, size: int, /) -> bytes:
        """Wait for bytes and return some, b"" at the end; raises OSError or ServerError."""
        ...

    def sendall(self, content: bytes, /) -> None:
        """Hand bytes over; raises OSError or ServerError."""

    def close(self) -> None:
        """Hang up, which ends a `recv` that waits."""


class ForwardedPort:
    """Leads whoever connects to it on loopback to the far end, until it is closed.

    Fabric's own has to be given a free port, and ends when a single connection fails.

    Attributes:
        port: its number.

    """

    def __init__(self, connect: Callable[[], FarEnd]) -> None:
        """Lead to where `connect` does.

        Raises:
            ConnectionLostError: there is no connection to the host any more.
            ServerError: no one can be reached there.

        """
        # Whoever connects later could not be shown why it failed.
        connect().close()
        self._connect = connect
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let no one in any more; who is in leaves when either end hangs up."""
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
        with near, suppress(ServerError), closing(self._connect()) as far:
            back = Thread(target=_lead_back, args=(far, near), daemon=True)
            back.start()
            _hand_on(near.recv, far.sendall)
            far.close()
            back.join()


def _lead_back(far: FarEnd, near: socket.socket) -> None:
    _hand_on(far.recv, near.sendall)
    # Whoever sees the near end hang up shall find what became of the far one.
    far.close()
    with suppress(OSError):
        near.shutdown(socket.SHUT_RDWR)


def _hand_on(receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
    with suppress(OSError, ServerError):
        while chunk := receive(_CHUNK):
            send(chunk)
