"""Names of scenarios as names of folders and anchors: readable in any script, and never shared."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

MOST_CHARACTERS = 60
MOST_BYTES = 180
"""A file's name has 255 bytes at most, and more may follow this one."""

# Letters, the marks on them, numbers, and pictures such as emoji.
_KEPT = re.compile(r"[LMN]|So")
# How behave numbers the examples of an outline.
_EXAMPLE = re.compile(r" -- @(\d+)\.(\d+) ?")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])\Z")


def readable_name(text: str, *, otherwise: str = "scenario", occurrence: int = 0) -> str:
    """Return a name for a folder or an anchor, which depends on nothing but the text.

    Where the name could be that of another text as well, since it leaves something out, it ends in
    a few digits that are the text's own.

    Args:
        text: any text.
        otherwise: what stands for a text of which nothing can be kept.
        occurrence: how many others have the same text and come before.

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
    """Sees to it that different things have different names, also where only capitals differ."""

    def __init__(self) -> None:
        self._owners: dict[str, Sequence[str]] = {}

    def name_for(self, owner: Sequence[str], name: str) -> str:
        """Return the name of what `owner` identifies: this one, unless it is another's."""
        while self._owners.setdefault(name, owner) != owner:
            digits = sha256("\0".join(owner).encode(errors="backslashreplace")).hexdigest()[:6]
            name = f"{name}-{digits}"
        return name


def _is_kept(character: str) -> bool:
    return bool(_KEPT.match(unicodedata.category(character)))


def _shortened(name: str) -> str:
    short = name[:MOST_CHARACTERS].encode()[:MOST_BYTES].decode(errors="ignore")
    return short.rstrip("-")
