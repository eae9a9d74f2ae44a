"""The heads of mails, also of those that hardly follow any rule."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from features.support.mailboxes.inbox import Arrival

# Servers name the address that a mail was really sent to in one of the last three.
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")

_WHITE_SPACE = re.compile(r"\s+")


def arrival_of(head: bytes) -> Arrival:
    """Read what the head of a mail says.

    A mailbox holds anybody's mails, and the parser of the standard library's newer policies fails
    in many ways on bad ones; the older one leaves reading the fields to its caller.
    """
    mail = BytesHeaderParser().parsebytes(head)
    fields = [text for name in _RECIPIENTS for text in _fields(mail, name)]
    recipients = {address.lower() for _, address in getaddresses(fields) if "@" in address}
    return Arrival(
        subject=one_line(next(_fields(mail, "Subject"), "")),
        recipients=sorted(recipients),
        sent=next(map(_date, _fields(mail, "Date")), None),
    )


def one_line(text: str) -> str:
    """Return `text` with one space wherever it has white space."""
    return _WHITE_SPACE.sub(" ", text).strip()


def _fields(mail: Message, name: str) -> Iterator[str]:
    for raw in mail.get_all(name, []):
        unfolded = "".join(str(raw).splitlines())
        try:
            yield str(make_header(decode_header(unfolded)))
        except (HeaderParseError, LookupError, ValueError):
            # An encoded word with an unknown encoding, or none at all.
            yield unfolded


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
