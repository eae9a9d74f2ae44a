"""The catch-all inbox of MailDev, which keeps all emails and serves them over HTTP."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, build_opener

from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web import proxy
from acceptance.mail.errors import MailboxError, NotNowError, OneMailError
from acceptance.mail.heads import one_line
from acceptance.mail.inbox import Arrival
from acceptance.mail.network import PATIENCE, explained
from acceptance.mail.recipients import addresses_in

# MailDev 3, and MailDev 2 and 1.
_PATHS = ("/api/email", "/email")

NOT_FOUND = 404
UNAUTHORIZED = 401
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = range(500, 600)


# Fields of MailDev's emails besides the id; one of them is enough to recognise an email.
_TELLING = frozenset({"envelope", "subject", "to"})


class NoSuchThingError(Exception):
    """The requested path does not exist."""


class MailDevInbox:
    """All emails that a MailDev has caught."""

    def __init__(
        self,
        url: str,
        password: SecretSetting,
        user: str | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Read the emails of the MailDev at `url`.

        Args:
            url: the address of its page, without a slash at its end.
            password: the user's password.
            user: the user to log in as, if MailDev requires it.
            patience: how long to wait for each answer, in seconds.

        """
        self._url = url
        self._password = password
        self._patience = patience
        self._paths: Sequence[str] = _PATHS
        self._headers = {}
        if user is not None:
            credentials = f"{user}:{password.value or ''}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(credentials).decode()}"

    @contextmanager
    def open(self) -> Iterator["OpenMailDevInbox"]:
        """List the emails that it has caught."""
        for path in self._paths:
            with suppress(NoSuchThingError):
                mails = self._mails_in(self.ask("GET", path))
                self._paths = [path]
                break
        else:
            raise self._is_no_maildev()
        yield OpenMailDevInbox(self, path, mails)

    def ask(self, method: str, path: str) -> bytes:
        """Send a request, and return the body of the response."""
        request = Request(self._url + path, method=method, headers=self._headers)  # noqa: S310
        server = urlsplit(self._url).netloc
        try:
            opener = build_opener(proxy.handler_for(self._url))
            with opener.open(request, timeout=self._patience) as answer:
                return bytes(answer.read())
        except HTTPError as refusal:
            with refusal:
                raise self._explained_status(refusal.code) from None
        except OSError as error:
            cause = proxy.explained(self._url, error)
            if isinstance(cause, proxy.ProxyError):
                message = f"{cause}."
                raise MailboxError(message) from None
            reason = getattr(error, "reason", error)
            raise explained(
                reason if isinstance(reason, OSError) else error, server, self._patience
            ) from error
        except HTTPException:
            raise self._is_no_maildev() from None

    def _explained_status(self, status: int) -> Exception:
        if status == NOT_FOUND:
            return NoSuchThingError()
        if status == UNAUTHORIZED:
            return MailboxError(
                f"{self._url} requires a login: give the user in the setting mailbox "
                f"(maildev+http://user@host:port), and {self._password.variable}."
            )
        if status == TOO_MANY_REQUESTS or status in SERVER_ERRORS:
            return NotNowError(f"{self._url} answers with status {status}.")
        return MailboxError(f"{self._url} answers with status {status}: check that it is MailDev.")

    def _mails_in(self, answer: bytes) -> Mapping[str, "_Mail"]:
        try:
            listed = json.loads(answer)
        except (ValueError, RecursionError):
            raise self._is_no_maildev() from None
        if not isinstance(listed, list):
            raise self._is_no_maildev()
        mails = [_Mail.read(each) for each in listed if _Mail.is_one(each)]
        if listed and not mails:
            raise self._is_no_maildev()
        return {mail.identity: mail for mail in mails}

    def _is_no_maildev(self) -> MailboxError:
        return MailboxError(
            f"{self._url} does not answer like MailDev: give the address of MailDev's page."
        )


@dataclass(frozen=True, kw_only=True)
class _Mail:
    identity: str
    size: int
    arrival: Arrival

    @staticmethod
    def is_one(listed: object) -> bool:
        """Return whether an entry of MailDev's list is an email."""
        return (
            isinstance(listed, dict)
            and isinstance(listed.get("id"), str | int)
            and not _TELLING.isdisjoint(listed)
        )

    @classmethod
    def read(cls, listed: Mapping[str, Any]) -> Self:
        """Read an email from MailDev's list, as far as its fields are known."""
        # The envelope also contains the recipients of blind copies.
        envelope = listed.get("envelope")
        fields = [
            *(listed.get(name) for name in ("to", "cc", "bcc", "calculatedBcc")),
            envelope.get("to") if isinstance(envelope, dict) else None,
        ]
        size = listed.get("size")
        return cls(
            identity=str(listed["id"]),
            size=size if isinstance(size, int) else 0,
            arrival=Arrival(
                subject=one_line(str(listed.get("subject") or "")),
                recipients=sorted(set().union(*map(_addresses, fields))),
                sent=_time(listed.get("time")),
            ),
        )


def _addresses(field: object) -> set[str]:
    """Return the addresses in a field of MailDev's, in any form."""
    if isinstance(field, list):
        return set().union(*map(_addresses, field))
    if isinstance(field, dict):
        return _addresses(field.get("address")) | _addresses(field.get("group"))
    return addresses_in(one_line(field)) if isinstance(field, str) else set()


def _time(listed: object) -> datetime | None:
    try:
        sent = datetime.fromisoformat(str(listed))
    except ValueError:
        return None
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


class OpenMailDevInbox:
    """The emails that MailDev had caught when it was asked."""

    def __init__(self, maildev: MailDevInbox, path: str, mails: Mapping[str, _Mail]) -> None:
        """Keep the emails that were listed at `path`."""
        self._maildev = maildev
        self._path = path
        self._mails = mails

    def identities(self) -> Sequence[str]:
        """Return MailDev's ids of the emails."""
        return list(self._mails)

    def size(self) -> int:
        """Return the size of all emails together, in bytes."""
        return sum(mail.size for mail in self._mails.values())

    def arrival(self, identity: str) -> Arrival:
        """Return MailDev's description of an email."""
        return self._mails[identity].arrival

    def content(self, identity: str) -> bytes:
        """Read a whole email."""
        return self._ask_about(identity, "GET", "/source")

    def delete(self, identity: str) -> None:
        """Delete an email."""
        self._ask_about(identity, "DELETE")

    def _ask_about(self, identity: str, method: str, more: str = "") -> bytes:
        try:
            return self._maildev.ask(method, f"{self._path}/{quote(identity, safe='')}{more}")
        except NoSuchThingError:
            message = "someone else has deleted it"
            raise OneMailError(message) from None
