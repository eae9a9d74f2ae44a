"""Cucumber Messages as a stream: NDJSON, one envelope a line."""

import json
import uuid
from collections.abc import Mapping
from itertools import count
from typing import Protocol

from cucumber_messages import Envelope, message_converter


class TextSink(Protocol):
    """Where a stream of messages goes to."""

    def write(self, text: str, /) -> object:
        """Take some text."""

    def flush(self) -> object:
        """Pass on what was taken."""


class MessageStream:
    """Writes envelopes, and gives out ids that no other run gives out."""

    def __init__(self, sink: TextSink) -> None:
        self._sink = sink
        self._run = uuid.uuid4().hex[:12]
        self._numbers = count(1)

    def new_id(self) -> str:
        """Return an id that nothing else has."""
        return f"{self._run}-{next(self._numbers)}"

    def write(self, envelope: Envelope) -> None:
        """Write a message."""
        self.write_plain(message_converter.to_dict(envelope))

    def write_plain(self, envelope: Mapping[str, object]) -> None:
        """Write a message that is JSON already."""
        # Nothing but ASCII, so that it is UTF-8 whatever encoding behave opened the file with.
        self._sink.write(json.dumps(envelope, separators=(",", ":")) + "\n")

    def flush(self) -> None:
        """Leave what was written so far to whoever reads the file."""
        self._sink.flush()
