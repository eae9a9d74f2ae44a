"""Make text from other machines harmless for a terminal."""

import re

# All control characters (Unicode's Cc) except line breaks and tabs, which are part of ordinary
# text; other line separators; characters that change the order of text (UAX #9); and surrogates,
# which cannot be encoded.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u2028\u2029"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return the text with escapes such as \x1b for characters that control a terminal."""
    return _CONTROL.sub(lambda found: _escaped(found[0]), text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
