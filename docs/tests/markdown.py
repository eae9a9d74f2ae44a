"""The project's documents, and what stands in them."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from testbeds import ROOT

_FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a document.

    Attributes:
        kind: what stands after the fence, such as "console".
        text: what stands in it, with a line end.
        before: the text between the block before, or the beginning, and this one.

    """

    kind: str
    text: str
    before: str


@cache
def documents() -> Sequence[Path]:
    """Return the documents for people who read about the project, without pages of the site."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [ROOT / line for line in listed.splitlines() if "/static/" not in line]
    return [file for file in files if file.exists()]


def blocks(document: Path) -> Iterator[Block]:
    """Return the fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    end = 0
    for found in _FENCE.finditer(text):
        indent, kind, content = found.groups()
        lines = [line.removeprefix(indent) for line in content.splitlines(keepends=True)]
        yield Block(kind.strip(), "".join(lines), text[end : found.start()])
        end = found.end()


def prose(document: Path) -> str:
    """Return a document without its fenced blocks."""
    return _FENCE.sub("", document.read_text(encoding="utf-8"))


def links(document: Path) -> Iterator[str]:
    """Return where the links and pictures of a document lead."""
    for inline, listed in _LINK.findall(prose(document)):
        yield inline or listed


def anchors(document: Path) -> set[str]:
    """Return the names that GitHub gives to the headings of a document."""
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose(document))
    }
