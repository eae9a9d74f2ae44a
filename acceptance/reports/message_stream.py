"""Cucumber Messages as a stream: NDJSON, one envelope a line."""

import json
import uuid
from collections.abc import Mapping
from itertools import count
from typing import Any, Protocol

from cucumber_messages import Envelope, message_converter

from acceptance.evidence.showable import showable

_SURROGATE = "\\ud"
"""How JSON begins a surrogate, which is half of a character."""


class TextSink(Protocol):
    """The file or terminal that a stream of messages is written to."""

    def write(self, text: str, /) -> object:
        """Write some text."""

    def flush(self) -> object:
        """Pass on what was written."""


class MessageStream:
    """Writes envelopes, and makes ids that are unique across runs."""

    def __init__(self, sink: TextSink) -> None:
        self._sink = sink
        self._run = uuid.uuid4().hex[:12]
        self._numbers = count(1)

    def new_id(self) -> str:
        """Return a unique id."""
        return f"{self._run}-{next(self._numbers)}"

    def write(self, envelope: Envelope) -> None:
        """Write a message."""
        self.write_plain(message_converter.to_dict(envelope))

    def write_plain(self, envelope: Mapping[str, object]) -> None:
        """Write a message that is JSON already."""
        # Only ASCII, so that it is valid UTF-8 whatever encoding behave opened the file with.
        text = json.dumps(envelope, separators=(",", ":"))
        if _SURROGATE in text:
            text = json.dumps(_showable(envelope), separators=(",", ":"))
        self._sink.write(text + "\n")

    def flush(self) -> None:
        """Make what was written so far visible to readers of the file."""
        self._sink.flush()


def _showable(node: Any) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(node, str):
        return showable(node)
    if isinstance(node, Mapping):
        return {name: _showable(each) for name, each in node.items()}
    if isinstance(node, list):
        return [_showable(each) for each in node]
    return node
