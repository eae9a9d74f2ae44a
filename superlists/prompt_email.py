"""Send emails without letting a slow mail server block the site."""

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from smtplib import SMTP, SMTPServerDisconnected
from threading import Thread
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend


class PromptEmailBackend(EmailBackend):
    """Sends over SMTP within `EMAIL_TIMEOUT` seconds altogether, or not at all.

    smtplib's timeout applies to each step, and a name may have several addresses: a server that
    answers slowly, or byte by byte, could block a person and a worker for minutes.
    """

    _is_given_up = False
    _smtp: SMTP | None = None

    @property
    def connection_class(self) -> Callable[..., SMTP]:
        """Connects to the mail server; Django calls it once for each connection."""
        return partial(_ReachableSMTP, self._reach)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the messages and return how many were sent.

        Raises:
            TimeoutError: the mail server took longer than `EMAIL_TIMEOUT` seconds.
            OSError: as in Django's own backend; smtplib's exceptions are subclasses.

        """
        sent: Future[int] = Future()
        # No one waits for the thread to end, since a name lookup cannot be cancelled.
        Thread(target=self._hand_over, args=(email_messages, sent), daemon=True).start()
        try:
            return sent.result(self.timeout)
        except (TimeoutError, SMTPServerDisconnected) as error:
            # smtplib may notice it in the same moment, and calls it a lost connection.
            if not isinstance(error.__context__ or error, TimeoutError):
                raise
            self._is_given_up = True
            self._hang_up()
            raise TimeoutError(
                f"the mail server at {self.host} did not take the mail within {self.timeout} s"
            ) from None

    def _hand_over(self, email_messages: Sequence[EmailMessage], sent: "Future[int]") -> None:
        try:
            sent.set_result(super().send_messages(email_messages))
        except BaseException as error:  # noqa: BLE001 (raised where the result is awaited)
            sent.set_exception(error)

    def _reach(self, smtp: SMTP) -> None:
        self._smtp = smtp
        if self._is_given_up:
            self._hang_up()

    def _hang_up(self) -> None:
        """Close the connection that the thread waits for, so that it ends with an error."""
        if self._smtp is not None and self._smtp.sock is not None:
            with suppress(OSError):
                self._smtp.sock.shutdown(socket.SHUT_RDWR)


class _ReachableSMTP(SMTP):
    """A connection that can be ended by another thread while it is being made."""

    def __init__(self, reach: Callable[[SMTP], None], *arguments: Any, **options: Any) -> None:
        self._reach = reach
        super().__init__(*arguments, **options)

    def getreply(self) -> tuple[int, bytes]:
        """Wait for the server's reply, and let another thread close the connection meanwhile."""
        self._reach(self)
        return super().getreply()
