"""Undo, layer by layer, the encodings of text in emails, pages, addresses and logs.

A secret is searched for in every reading of a text, and each reading knows the places of its bytes
in the text. So only the secret is replaced, and a text without one stays unchanged, even if a
decoder misreads it.
"""

import base64
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from html.entities import html5

_MOST_LAYERS = 4
_MOST_READINGS = 48

_ESCAPES = (
    # RFC 2047; each word is encoded by itself.
    rb"=\?[\w*-]+\?[bB]\?(?P<word>[A-Za-z0-9+/=]*)\?="
    rb"|%(?P<percent>[0-9a-fA-F]{2})"
    # The semicolon may be missing, except where a line was broken within the digits.
    rb"|&#0*(?P<decimal>[0-9]{1,7}+)(?:;|(?![\s\\=%]))"
    rb"|&#[xX]0*(?P<hexadecimal>[0-9a-fA-F]{1,6}+)(?:;|(?![\s\\=%]))"
    rb"|&(?P<named>[A-Za-z][A-Za-z0-9]{1,31};)"
    rb"|\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u(?P<short>[0-9a-fA-F]{4})"
    rb"|\\(?:U00|u\{0*)(?P<long>[0-9a-fA-F]{1,6}+)\}?"
    rb"|\\x(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<octal>[0-3][0-7]{2})"
    rb"|\\(?P<letter>.)"
)
# RFC 2045, section 6.7; some programs leave white space before a soft line break, or CR alone.
_QUOTED_PRINTABLE = rb"|=(?P<quoted>[0-9a-fA-F]{2})|=(?P<soft_break>[ \t]*(?:\r\n|\n|\r))"

_PLAIN = re.compile(_ESCAPES, re.DOTALL)
_OF_MAILS = re.compile(_ESCAPES + _QUOTED_PRINTABLE, re.DOTALL)

_ESCAPED_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"\f", b"v": b"\v"}

# What may separate two letters of one word: line ends with the prefix of the next line (such as
# quotation marks in emails, and frames), characters that allow a line break, colours, the end of an
# encoded word and the beginning of the next (RFC 2047), and the zeros of UTF-16.
_BETWEEN = re.compile(
    rb"(?:\s*\n[ \t]*(?:[>|][ \t]*)+"
    rb"|\s|\0|\xc2[\xa0\xad]|\xe2\x80[\x8b-\x8f\xa8\xa9]|\xe2\x81\xa0|\xef\xbb\xbf"
    rb"|\x1b\[[0-9;:]*[A-Za-z]"
    rb"|</?(?:wbr|br|b|i|u|em|strong|span|mark|font)\b[^<>]*>"
    rb"|\?=\s*=\?[\w*-]+\?[bBqQ]\?)+"
)


class Reading:
    """A text with layers of encoding undone.

    Attributes:
        content: the decoded bytes.
        has_words: whether it still has the white space between words.

    """

    def __init__(self, content: bytes, *, has_words: bool = True) -> None:
        """Read a text unchanged."""
        self.content = content
        self.has_words = has_words

    def place(self, begin: int, end: int) -> tuple[int, int]:
        """Return the place in the original text of the bytes from `begin` to `end` here."""
        return begin, end

    def decoded(self, *, of_mails: bool) -> "Reading":
        """Undo one layer of escapes; with `of_mails`, also quoted-printable."""
        pattern = _OF_MAILS if of_mails else _PLAIN
        return _DerivedReading(self, pattern, _decoded, has_words=self.has_words)

    def joined(self) -> "Reading":
        """Leave out everything that may separate the letters of a broken word."""
        return _DerivedReading(self, _BETWEEN, lambda _found: b"", has_words=False)


class _DerivedReading(Reading):
    """A reading of a reading; the places of its bytes are computed on first use."""

    def __init__(
        self,
        parent: Reading,
        pattern: re.Pattern[bytes],
        replacement: Callable[[re.Match[bytes]], bytes],
        *,
        has_words: bool,
    ) -> None:
        # Without a function as replacement, this takes a tenth of the time.
        replaced = b"" if pattern is _BETWEEN else replacement
        super().__init__(pattern.sub(replaced, parent.content), has_words=has_words)
        self._parent = parent
        self._pattern = pattern
        self._replacement = replacement

    def place(self, begin: int, end: int) -> tuple[int, int]:
        return self._parent.place(self._place(begin)[0], self._place(end - 1)[1])

    def _place(self, position: int) -> tuple[int, int]:
        """Return the place in the parent that became the byte at a position."""
        begins, pieces = self._pieces
        number = bisect_right(begins, position) - 1
        begin, end = pieces[number]
        if end is not None:
            return begin, end
        begin += position - begins[number]
        return begin, begin + 1

    @cached_property
    def _pieces(self) -> tuple[list[int], list[tuple[int, int | None]]]:
        """The beginnings of pieces here, and their places in the parent (end None if unchanged)."""
        begins: list[int] = []
        pieces: list[tuple[int, int | None]] = []
        read, length = 0, 0
        for found in self._pattern.finditer(self._parent.content):
            if found.start() > read:
                begins.append(length)
                pieces.append((read, None))
                length += found.start() - read
            replaced = self._replacement(found)
            if replaced:
                begins.append(length)
                pieces.append(found.span())
                length += len(replaced)
            read = found.end()
        begins.append(length)
        pieces.append((read, None))
        return begins, pieces


def readings_of(text: bytes) -> Iterator[Reading]:
    """Return the text itself and everything that it may encode, each reading once."""
    known = {text}
    layer = [Reading(text)]
    yield layer[0]
    for _ in range(_MOST_LAYERS):
        found: list[Reading] = []
        for reading in layer:
            joined = reading.joined()
            ways = [
                joined,
                *(
                    each.decoded(of_mails=mails)
                    for each in (reading, joined)
                    for mails in (False, True)
                ),
            ]
            for way in ways:
                if way.content not in known and len(known) < _MOST_READINGS:
                    known.add(way.content)
                    found.append(way)
                    yield way
        layer = found


def _decoded(found: re.Match[bytes]) -> bytes:  # noqa: PLR0911 (one for each way of spelling)
    kind = str(found.lastgroup)
    text = found[kind]
    match kind:
        case "percent" | "byte" | "quoted":
            return bytes([int(text, 16)])
        case "word":
            return _word(text)
        case "octal":
            return bytes([int(text, 8)])
        case "decimal":
            return _letter(int(text), found)
        case "hexadecimal" | "short" | "long":
            return _letter(int(text, 16), found)
        case "low":
            pair = int(found["high"], 16), int(text, 16)
            return _letter(0x10000 + ((pair[0] - 0xD800) << 10) + (pair[1] - 0xDC00), found)
        case "named":
            return html5.get(text.decode(), found[0].decode()).encode()
        case "letter":
            return _ESCAPED_LETTERS.get(text, text)
    return b""


def _word(text: bytes) -> bytes:
    whole = text.rstrip(b"=")
    return base64.b64decode(whole[: len(whole) - (len(whole) % 4 == 1)] + b"==")


def _letter(code: int, found: re.Match[bytes]) -> bytes:
    try:
        return chr(code).encode()
    except (ValueError, OverflowError):
        # No letter has that number.
        return found[0]
