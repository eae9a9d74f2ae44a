"""The glossary of a project: the words that readers of its features have to know."""

import re
from dataclasses import dataclass
from pathlib import Path

from acceptance.reports.errors import ReportError

_BETWEEN = re.compile(r"\n\s*\n|\n(?=[-*] |\*\*)")
_TERM = re.compile(r"(?:[-*] )?\*\*(?P<name>.+?)\*\*:?\s*(?P<meaning>.*)", re.DOTALL)


@dataclass(frozen=True)
class Term:
    """A word and its meaning."""

    name: str
    meaning: str


def read_glossary(file: Path) -> tuple[Term, ...]:
    """Read a glossary in Markdown: a paragraph or a list item for each term, `**term**: meaning`.

    Other text, such as headings, is left out.

    Raises:
        ReportError: the file cannot be read.

    """
    found = (_TERM.fullmatch(block.strip()) for block in _BETWEEN.split(read_text(file)))
    return tuple(Term(each["name"].rstrip(":"), _plain(each["meaning"])) for each in found if each)


def read_text(file: Path) -> str:
    """Read a text for readers that a project keeps beside its features.

    Raises:
        ReportError: the file cannot be read.

    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        message = f"{file} cannot be read ({reason}): correct it, or remove it."
        raise ReportError(message) from None


def _plain(markdown: str) -> str:
    """Return a text without Markdown's marks for emphasis and code."""
    return " ".join(re.sub(r"[*`]+", "", markdown).removeprefix(":").split())
