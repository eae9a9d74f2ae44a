"""Text from elsewhere, made harmless for a terminal."""

import re

# All control characters (Unicode's Cc) but line breaks and tabs, which are part of ordinary text;
# other ends of lines; what shows a line in another order than it is written in (UAX #9); and halves
# of characters, which cannot be written out.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u2028\u2029"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return the text with escapes such as \x1b for what would control a terminal."""
    return _CONTROL.sub(lambda found: _escaped(found[0]), text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
