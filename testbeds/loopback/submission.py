"""The submission side of a mail server: SMTP with STARTTLS that requires a password."""

import asyncio
import email.policy
import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Literal, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(kw_only=True)
class Faults:
    """The faults that affect each email from now on.

    Attributes:
        delay: how long delivery is delayed, in seconds.
        encoding: the encoding to which its text is converted, as many mail servers do.
        drop: whether it is accepted but never delivered.
        refusal: the reply with which it is refused, or None.
        relay: a function that changes it on its way.

    """

    delay: float = 0.0
    encoding: Literal["base64", "quoted-printable"] | None = None
    drop: bool = False
    refusal: str | None = None
    relay: Callable[[EmailMessage], None] | None = None

    def reset(self) -> None:
        """Remove all faults."""
        self.__dict__.update(vars(Faults()))


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A running submission server.

    Attributes:
        port: its port on loopback.
        faults: what goes wrong, which tests can change.

    """

    port: int
    faults: Faults = field(default_factory=Faults)


class _Courier:
    """Delivers accepted emails to a mailbox, in the thread of the server."""

    def __init__(self, lmtp: Path, faults: Faults) -> None:
        self._lmtp = lmtp
        self._faults = faults

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self._faults.refusal:
            return self._faults.refusal
        content = bytes(envelope.original_content or b"")
        if self._faults.relay:
            content = _changed(content, self._faults.relay)
        if self._faults.encoding:
            content = _encoded_anew(content, self._faults.encoding)
        delivery = (str(envelope.mail_from), list(envelope.rcpt_tos), content)
        if self._faults.drop:
            pass
        elif self._faults.delay:
            server.loop.call_later(self._faults.delay, self._deliver, *delivery)
        else:
            # smtplib blocks while it waits for answers, which an event loop must not.
            await asyncio.to_thread(self._deliver, *delivery)
        return "250 2.0.0 Accepted"

    def _deliver(self, sender: str, recipients: list[str], content: bytes) -> None:
        with smtplib.LMTP(str(self._lmtp)) as mailbox:
            mailbox.sendmail(sender, recipients, content)


class _Controller(Controller):
    """A controller that lets the system choose the port."""

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _encoded_anew(content: bytes, encoding: str) -> bytes:
    return _changed(content, lambda mail: mail.set_content(mail.get_content(), cte=encoding))


def _changed(content: bytes, change: Callable[[EmailMessage], None]) -> bytes:
    mail = BytesParser(EmailMessage, policy=email.policy.SMTP).parsebytes(content)
    change(mail)
    return mail.as_bytes()


@contextmanager
def open_submission(
    user: str, password: str, lmtp: Path, tls: ssl.SSLContext
) -> Iterator[Submission]:
    """Accept emails with this password, and deliver them to the socket `lmtp`."""

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        is_right = login == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=is_right, handled=False)

    # aiosmtpd logs a warning about itself at each login.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    faults = Faults()
    server = _Controller(
        _Courier(lmtp, faults),
        hostname="127.0.0.1",
        port=0,
        ready_timeout=20,
        authenticator=authenticate,
        auth_required=True,
        require_starttls=True,
        tls_context=tls,
    )
    server.start()
    try:
        yield Submission(port=server.port, faults=faults)
    finally:
        server.stop()
