"""Forward a port of this machine to one that a host can reach."""

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
        """Send bytes; raises OSError or ServerError."""

    def close(self) -> None:
        """Hang up, which ends a `recv` that waits."""


class ForwardedPort:
    """Connects its clients on loopback to the far end, until it is closed.

    Fabric's own has to be given a free port, and ends when a single connection fails.

    Attributes:
        port: its number.

    """

    def __init__(self, connect: Callable[[], FarEnd]) -> None:
        """Forward to the connections that `connect` opens.

        Raises:
            ConnectionLostError: there is no connection to the host.
            ServerError: nothing can be reached there.

        """
        # A client that connects later could not be shown the reason of a failure.
        connect().close()
        self._connect = connect
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Accept no more clients; open connections last until either end hangs up."""
        # Closing alone does not wake the thread that waits for a connection.
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
    # Close the far end first, so that its state is known once the near end hangs up.
    far.close()
    with suppress(OSError):
        near.shutdown(socket.SHUT_RDWR)


def _hand_on(receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
    with suppress(OSError, ServerError):
        while chunk := receive(_CHUNK):
            send(chunk)
