"""Mailboxes that are read by POP3 over TLS (RFC 1939, and RFC 8314 section 3.3)."""

import poplib
import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from typing import cast

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.mail.errors import (
    MailboxError,
    NotNowError,
    OneMailError,
    TooOftenError,
)
from acceptance.mail.heads import arrival_of, one_line
from acceptance.mail.inbox import Arrival
from acceptance.mail.network import PATIENCE, explained

PORT = 995

# RFC 5322, section 2.1.1, allows lines of 998 characters, but emails have longer ones. poplib gives
# up after 2048: https://github.com/python/cpython/issues/94019
poplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]  # noqa: SLF001

# RFC 2449, section 8.1, and RFC 3206.
_TEMPORARY = re.compile(r"\[(IN-USE|LOGIN-DELAY|SYS/TEMP)[]/]", re.IGNORECASE)
_TOO_OFTEN = re.compile(r"\[LOGIN-DELAY[]/]", re.IGNORECASE)
_OTHER_CODE = re.compile(r"\[(?!AUTH[]/])", re.IGNORECASE)
_FULL = re.compile(r"\b(full|quota)\b", re.IGNORECASE)

# poplib's own message when the connection has ended.
_ENDED = "-ERR EOF"

_LINE_END = b"\r\n"

# RFC 1939, section 7: one space; some servers send more, and spaces within the identifier.
_UIDL_LINE = re.compile(r"\s*(?P<number>\d+)\s+(?P<identity>\S.*?)\s*")

MOST_HEADS = 400
"""How many headers are read at each look if a server lacks UIDL, half of them at either end."""

LONGEST_WHOLE = 1_000_000
"""The longest email that is read whole if a server does not send headers alone, in bytes."""

LONGEST_QUOTATION = 200
"""How much of a server's reply is shown, in characters."""


class Pop3Inbox:
    """The mailbox of one user.

    A POP3 server shows a mailbox as it was at login (RFC 1939, section 8), so each look is a
    connection of its own.
    """

    def __init__(
        self, host: str, port: int, user: str, password: SecretSetting, patience: float = PATIENCE
    ) -> None:
        """Read the emails of `user`.

        Args:
            host: the name of the server, which its certificate must contain.
            port: its port of POP3 over TLS.
            user: the user to log in as.
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
        """Log in for the duration of the block."""
        with self._explanations():
            connection = _Connection(self._host, self._port, self._patience)
        try:
            with self._explanations():
                self._log_in(connection)
                opened = OpenPop3Inbox(connection, self._explanations)
            yield opened
            # The server deletes the emails now, unless the connection is cut. That is not an error,
            # since the reader knows which emails were taken.
            with suppress(OSError, poplib.error_proto):
                connection.quit()
        finally:
            connection.close()

    def _log_in(self, connection: poplib.POP3_SSL) -> None:
        try:
            connection.user(self._user)
            connection.pass_(str(self._password.value))
        except poplib.error_proto as error:
            refusal = self._words(error)
            if _OTHER_CODE.search(refusal) or _FULL.search(refusal) or refusal == _ENDED:
                raise
            message = (
                f"{self._server} does not let {self._user} in ({refusal}): correct the user in the "
                f"setting mailbox, or the password in {self._password.variable}."
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
            # poplib parses the server's replies as numbers.
            raise _explained_refusal(str(error), self._server) from error

    def _words(self, error: poplib.error_proto) -> str:
        text = _text(error).replace(str(self._password.value), "***")
        return text[:LONGEST_QUOTATION].rstrip(".")

    @property
    def _server(self) -> str:
        return f"{self._host}:{self._port}"


class OpenPop3Inbox:
    """A mailbox as it was at login."""

    def __init__(
        self, connection: poplib.POP3_SSL, explanations: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """Number the emails, over a connection that is logged in."""
        self._connection = connection
        self._explanations = explanations
        self._size = connection.stat()[1]
        # The headers that had to be read to identify the emails.
        self._heads: dict[str, bytes] = {}
        try:
            self._numbers = self._numbers_by_uidl()
        except _RefusedCommandError:
            self._numbers = self._numbers_by_heads()

    def identities(self) -> Sequence[str]:
        """Return the unique identifiers of the emails (RFC 1939, UIDL), in the server's order.

        If the server lacks UIDL, which is optional, emails are identified by their headers.
        """
        return list(self._numbers)

    def size(self) -> int:
        """Return the size of all emails together, in bytes."""
        return self._size

    def arrival(self, identity: str) -> Arrival:
        """Read the header of an email."""
        if identity not in self._heads:
            self._heads[identity] = self._head(self._numbers[identity])
        return arrival_of(self._heads[identity])

    def content(self, identity: str) -> bytes:
        """Read a whole email."""
        with self._explanations():
            return _LINE_END.join([*self._whole(self._numbers[identity]), b""])

    def delete(self, identity: str) -> None:
        """Delete an email when the mailbox is closed."""
        with self._explanations():
            self._connection.dele(self._numbers[identity])

    def _numbers_by_uidl(self) -> dict[str, int]:
        with _refusals():
            listed = self._connection.uidl()[1]
        found = [_UIDL_LINE.fullmatch(line.decode("utf-8", "replace")) for line in listed]
        if listed and not any(found):
            message = "the reply to UIDL is not a list"
            raise poplib.error_proto(message)
        return _numbered((line["identity"], int(line["number"])) for line in found if line)

    def _numbers_by_heads(self) -> dict[str, int]:
        numbers = [int(line.split()[0]) for line in self._connection.list()[1]]
        middle = slice(MOST_HEADS // 2, max(MOST_HEADS // 2, len(numbers) - MOST_HEADS // 2))
        del numbers[middle]
        heads: dict[int, bytes] = {}
        for number in numbers:
            with suppress(OneMailError):
                heads[number] = self._head(number)
        found = _numbered((sha256(head).hexdigest(), number) for number, head in heads.items())
        self._heads = {identity: heads[number] for identity, number in found.items()}
        return found

    def _head(self, number: int) -> bytes:
        with self._explanations():
            try:
                with _refusals():
                    lines = self._connection.top(number, 0)[1]
            except _RefusedCommandError:
                # TOP is optional.
                self._see_length(number)
                lines = self._whole(number)
        return _LINE_END.join(lines[: lines.index(b"")] if b"" in lines else lines)

    def _whole(self, number: int) -> list[bytes]:
        try:
            with _refusals():
                return self._connection.retr(number)[1]
        except _RefusedCommandError as refusal:
            raise OneMailError(str(refusal)) from None

    def _see_length(self, number: int) -> None:
        with suppress(_RefusedCommandError), _refusals():
            # Such as "+OK 3 4711", although typeshed declares a list.
            answer = cast("bytes", self._connection.list(number))
            length = int(answer.split()[2])
            if length > LONGEST_WHOLE:
                message = f"it has {length} bytes, and the server does not send headers alone"
                raise OneMailError(message)


class _RefusedCommandError(Exception):
    """The server refused a command, and keeps serving."""


@contextmanager
def _refusals() -> Iterator[None]:
    """Distinguish the refusal of one command from those that concern the whole mailbox."""
    try:
        yield
    except poplib.error_proto as error:
        refusal = _text(error)
        if refusal == _ENDED or _TEMPORARY.search(refusal):
            raise
        if not refusal.startswith("-ERR"):
            message = f"The server answers {refusal[:LONGEST_QUOTATION]!r}, which is not POP3."
            raise NotNowError(message) from None
        raise _RefusedCommandError(refusal[:LONGEST_QUOTATION]) from None


def _numbered(listed: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Number emails by their identities, with a count if several have the same one."""
    numbers: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for identity, number in listed:
        counts[identity] += 1
        count = counts[identity]
        numbers[identity if count == 1 else f"{identity} {count}"] = number
    return numbers


def _text(error: poplib.error_proto) -> str:
    words = error.args[0] if error.args else ""
    return one_line(words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))


class _Connection(poplib.POP3_SSL):
    """A connection that is closed if the server does not greet like a POP3 server."""

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
            f"{server} is not a POP3 server (it replies {refusal!r}): give the port of POP3 over "
            "TLS, which is usually 995."
        )
    if _FULL.search(refusal):
        return MailboxError(f"The mailbox on {server} is full ({refusal}): delete emails in it.")
    if _TOO_OFTEN.search(refusal):
        return TooOftenError(f"{server} refuses to be contacted again so soon ({refusal}).")
    if _TEMPORARY.search(refusal):
        return NotNowError(f"{server} cannot serve the mailbox now ({refusal}).")
    return MailboxError(
        f"{server} refuses to serve the mailbox ({refusal}): ask its administrator about that."
    )
