"""Read the headers of emails, including those that break the rules."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from acceptance.mail.content import decoded, fields_of
from acceptance.mail.inbox import Arrival
from acceptance.mail.recipients import addresses_in

# After the first two: fields in which servers record the real recipient of an email.
_RECIPIENTS = frozenset(
    {"to", "cc", "delivered-to", "x-delivered-to", "x-original-to", "envelope-to", "x-envelope-to"}
)

_WHITE_SPACE = re.compile(r"\s+")


def arrival_of(head: bytes) -> Arrival:
    """Read the header of an email.

    A mailbox contains anyone's emails, so a mistake in one field must not affect others.
    """
    fields = [(name, one_line(text)) for name, text in fields_of(head)]
    recipients = [addresses_in(text) for name, text in fields if name in _RECIPIENTS]
    return Arrival(
        subject=one_line(decoded(next((text for name, text in fields if name == "subject"), ""))),
        recipients=sorted(set().union(*recipients)),
        sent=next((_date(text) for name, text in fields if name == "date"), None),
    )


def has_words(subject: str, words: str) -> bool:
    """Return whether a subject contains these words, perhaps among others."""
    return one_line(words).casefold() in one_line(subject).casefold()


def one_line(text: str) -> str:
    """Return `text` with each run of white space replaced by one space."""
    return _WHITE_SPACE.sub(" ", text).strip()


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except Exception:  # noqa: BLE001 (which ones, the library does not say)
        return None
