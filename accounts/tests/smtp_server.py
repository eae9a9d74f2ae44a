"""A real mail server for tests."""

import asyncio
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP


class LoopbackController(Controller):
    """A mail server in a thread, on a port of this machine that the system picks."""

    def __init__(self, handler: Sink, **options: Any) -> None:
        """Prepare the server.

        Args:
            handler: takes the emails.
            options: those of the SMTP dialogue.

        """
        self._answering: list[SMTP] = []
        super().__init__(handler, hostname="127.0.0.1", port=0, **options)

    def factory(self) -> SMTP:
        """Return what answers a connection."""
        answering: SMTP = super().factory()  # type: ignore[no-untyped-call]
        self._answering.append(answering)
        return answering

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002 (as it is there)
        """Close the connections, which would otherwise be left open, and end the server."""
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        super().stop(no_assert)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    async def _close(self) -> None:
        for each in self._answering:
            if isinstance(each.transport, asyncio.WriteTransport):
                each.transport.abort()
        # The event loop closes them in its next round.
        await asyncio.sleep(0)
