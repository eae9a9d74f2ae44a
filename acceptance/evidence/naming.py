"""Names of folders and anchors for scenarios: readable in any script, and unique."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

MOST_CHARACTERS = 60
MOST_BYTES = 180
"""A file name has at most 255 bytes, and more text may follow this name."""

# Letters, the marks on them, numbers, and pictures such as emoji.
_KEPT = re.compile(r"[LMN]|So")
# The number of an example in an outline, as behave writes it.
_EXAMPLE = re.compile(r" -- @(\d+)\.(\d+) ?")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])\Z")


def readable_name(text: str, *, otherwise: str = "scenario", occurrence: int = 0) -> str:
    """Return a name for a folder or an anchor, which depends only on the text.

    A name that leaves something out, and so could belong to another text as well, ends in a few
    digits that are unique to the text.

    Args:
        text: any text.
        otherwise: the name for a text without usable characters.
        occurrence: how many others with the same text come before.

    """
    plain = unicodedata.normalize("NFC", _EXAMPLE.sub(r" \1 \2 ", text)).strip().lower()
    words = "".join(each if _is_kept(each) else " " for each in plain).split()
    whole = "-".join(words)
    name = _shortened(whole)
    if not plain:
        name = otherwise
    elif re.sub(r"[\s_-]+", "-", plain) != name or _RESERVED.match(name):
        digits = sha256(text.encode(errors="backslashreplace")).hexdigest()[:6]
        name = f"{name or otherwise}-{digits}"
    return f"{name}-{occurrence + 1}" if occurrence else name


class Names:
    """Gives different names to different things, even if only capitals differ."""

    def __init__(self) -> None:
        self._owners: dict[str, Sequence[str]] = {}

    def name_for(self, owner: Sequence[str], name: str) -> str:
        """Return the name for `owner`: this one, unless it belongs to another."""
        while self._owners.setdefault(name, owner) != owner:
            digits = sha256("\0".join(owner).encode(errors="backslashreplace")).hexdigest()[:6]
            name = f"{name}-{digits}"
        return name


def _is_kept(character: str) -> bool:
    return bool(_KEPT.match(unicodedata.category(character)))


def _shortened(name: str) -> str:
    short = name[:MOST_CHARACTERS].encode()[:MOST_BYTES].decode(errors="ignore")
    return short.rstrip("-")
