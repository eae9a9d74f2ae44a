"""The heads of mails, also of those that hardly follow any rule."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from acceptance.mail.content import decoded, fields_of
from acceptance.mail.inbox import Arrival
from acceptance.mail.recipients import addresses_in

# Servers name the address that a mail was really sent to in one of those after the first two.
_RECIPIENTS = frozenset(
    {"to", "cc", "delivered-to", "x-delivered-to", "x-original-to", "envelope-to", "x-envelope-to"}
)

_WHITE_SPACE = re.compile(r"\s+")


def arrival_of(head: bytes) -> Arrival:
    """Read what the head of a mail says.

    A mailbox holds anybody's mails: what is wrong in one field hides no other.
    """
    fields = [(name, one_line(text)) for name, text in fields_of(head)]
    recipients = [addresses_in(text) for name, text in fields if name in _RECIPIENTS]
    return Arrival(
        subject=one_line(decoded(next((text for name, text in fields if name == "subject"), ""))),
        recipients=sorted(set().union(*recipients)),
        sent=next((_date(text) for name, text in fields if name == "date"), None),
    )


def has_words(subject: str, words: str) -> bool:
    """Say whether a subject has these words, with or without others around them."""
    return one_line(words).casefold() in one_line(subject).casefold()


def one_line(text: str) -> str:
    """Return `text` with one space wherever it has white space."""
    return _WHITE_SPACE.sub(" ", text).strip()


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except Exception:  # noqa: BLE001 (which ones, the library does not say)
        return None
