"""Text from elsewhere, made harmless for a terminal."""

import unicodedata

# Line breaks and tabs are part of ordinary text.
_HARMLESS = frozenset("\n\t")
# They show a line in another order than it is written in (Unicode's UAX #9).
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    r"""Return the text with escapes such as \x1b for what would control a terminal."""
    return "".join(_escaped(char) if _controls(char) else char for char in text)


def _controls(char: str) -> bool:
    if char in _HARMLESS:
        return False
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in _TURNING


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
