"""Mailboxes that speak POP3 over TLS (RFC 1939, and RFC 8314 section 3.3)."""

import poplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress

from features.support.mailboxes.errors import MailboxError, NotNowError
from features.support.mailboxes.heads import arrival_of, one_line
from features.support.mailboxes.inbox import Arrival
from features.support.mailboxes.network import PATIENCE, explained

PORT = 995

# RFC 5322, section 2.1.1, allows lines of 998 characters, and mails have longer ones. poplib gives
# up after 2048: https://github.com/python/cpython/issues/94019
poplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]  # noqa: SLF001

# RFC 2449, section 8.1, and RFC 3206.
_TEMPORARY = re.compile(r"\[(IN-USE|LOGIN-DELAY|SYS/TEMP)[]/]", re.IGNORECASE)
_OTHER_CODE = re.compile(r"\[(?!AUTH[]/])", re.IGNORECASE)
_FULL = re.compile(r"\b(full|quota)\b", re.IGNORECASE)

# What poplib says itself when the connection has ended.
_ENDED = "-ERR EOF"

_LINE_END = b"\r\n"

LONGEST_QUOTATION = 200
"""How much of what a server says is told, in characters."""


class Pop3Inbox:
    """The mailbox of one user.

    A POP3 server shows a mailbox as it was at the log-in (RFC 1939, section 8), so each look is a
    connection of its own.
    """

    def __init__(
        self, host: str, port: int, user: str, password: str, patience: float = PATIENCE
    ) -> None:
        """Read the mails of `user`.

        Args:
            host: the name of the server, for which its certificate must be.
            port: where it speaks POP3 over TLS.
            user: who logs in.
            password: the user's password.
            patience: how long to wait for each answer, in seconds.

        """
        self._host = host
        self._port = port
        self._user = user
        self._password = password
        self._patience = patience

    @contextmanager
    def open(self) -> Iterator["OpenPop3Inbox"]:
        """Log in for the length of the block."""
        with self._explanations():
            connection = _Connection(self._host, self._port, self._patience)
        try:
            with self._explanations():
                self._log_in(connection)
                opened = OpenPop3Inbox(connection, self._explanations)
            yield opened
            # Mails are deleted now, or not if the connection is cut; nobody is told, as whoever
            # took them knows which.
            with suppress(OSError, poplib.error_proto):
                connection.quit()
        finally:
            connection.close()

    def _log_in(self, connection: poplib.POP3_SSL) -> None:
        try:
            connection.user(self._user)
            connection.pass_(self._password)
        except poplib.error_proto as error:
            refusal = self._words(error)
            if _OTHER_CODE.search(refusal) or _FULL.search(refusal) or refusal == _ENDED:
                raise
            message = (
                f"{self._server} does not let {self._user} in ({refusal}): correct the user in the "
                "setting mailbox, or the password in SUPERLISTS_MAILBOX_PASSWORD."
            )
            raise MailboxError(message) from None

    @contextmanager
    def _explanations(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise explained(error, self._server, self._patience) from error
        except poplib.error_proto as error:
            raise _explained_refusal(self._words(error), self._server) from None
        except (ValueError, IndexError) as error:
            # poplib takes what it is told for numbers.
            raise _explained_refusal(str(error), self._server) from error

    def _words(self, error: poplib.error_proto) -> str:
        words = error.args[0] if error.args else ""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return one_line(text.replace(self._password, "***"))[:LONGEST_QUOTATION].rstrip(".")

    @property
    def _server(self) -> str:
        return f"{self._host}:{self._port}"


class OpenPop3Inbox:
    """A mailbox as it was at the log-in."""

    def __init__(
        self, connection: poplib.POP3_SSL, explanations: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """Number the mails, over a connection that is logged in."""
        self._connection = connection
        self._explanations = explanations
        self._size = connection.stat()[1]
        numbered = (line.decode("ascii", "replace").split() for line in connection.uidl()[1])
        self._numbers = {identity: int(number) for number, identity in numbered}

    def identities(self) -> Sequence[str]:
        """Return the unique identifiers of the mails (RFC 1939, UIDL), the oldest mail first."""
        return list(self._numbers)

    def size(self) -> int:
        """Return how long all mails together are, in bytes."""
        return self._size

    def arrival(self, identity: str) -> Arrival:
        """Read the head of a mail."""
        number = self._numbers[identity]
        with self._explanations():
            try:
                _, lines, _ = self._connection.top(number, 0)
            except poplib.error_proto:
                # A server may do without TOP.
                _, lines, _ = self._connection.retr(number)
        return arrival_of(_LINE_END.join(lines))

    def content(self, identity: str) -> bytes:
        """Read a whole mail."""
        with self._explanations():
            _, lines, _ = self._connection.retr(self._numbers[identity])
        return _LINE_END.join([*lines, b""])

    def delete(self, identity: str) -> None:
        """Delete a mail when the mailbox is closed."""
        with self._explanations():
            self._connection.dele(self._numbers[identity])


class _Connection(poplib.POP3_SSL):
    """A connection that is closed when the server does not greet as a POP3 server does."""

    def __init__(self, host: str, port: int, patience: float) -> None:
        trust = ssl.create_default_context()
        try:
            super().__init__(host, port, timeout=patience, context=trust)
        except BaseException:
            if hasattr(self, "file"):
                self.close()
            raise


def _explained_refusal(refusal: str, server: str) -> MailboxError | NotNowError:
    if refusal == _ENDED:
        return NotNowError(f"{server} closed the connection.")
    if not refusal.startswith("-ERR"):
        return MailboxError(
            f"{server} is no POP3 server (it says {refusal!r}): give the port of POP3 over TLS, "
            "which mostly is 995."
        )
    if _FULL.search(refusal):
        return MailboxError(f"The mailbox on {server} is full ({refusal}): delete mails in it.")
    if _TEMPORARY.search(refusal):
        return NotNowError(f"{server} cannot serve the mailbox now ({refusal}).")
    return MailboxError(f"{server} refuses to serve the mailbox ({refusal}): ask who runs it.")
