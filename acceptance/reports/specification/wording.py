"""Texts for readers: sentences in parts, paragraphs, moments and numbers of things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

SHORT_COMMIT = 7

_TAGS = {"browser": "Needs a browser"}

_DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<commits>\d+)-g[0-9a-f]+")
_PARTS = re.compile(r'("[^"]*"|<[^<>\s][^<>]*>)')


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; `kind` is "plain", "quoted" or "parameter"."""

    text: str
    kind: str


def parts(text: str, parameters: Iterable[str] = ()) -> tuple[Part, ...]:
    """Return the pieces of a sentence, in which quotations and parameters stand out."""
    names = {f"<{name}>" for name in parameters}
    return tuple(Part(piece, _kind(piece, names)) for piece in _PARTS.split(text) if piece)


def _kind(piece: str, names: set[str]) -> str:
    if piece.strip('"') in names:
        return "parameter"
    return "quoted" if _PARTS.fullmatch(piece) and piece.startswith('"') else "plain"


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a description, each on one line."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return tuple(" ".join(block.split()) for block in blocks if block.strip())


def moment(when: datetime) -> str:
    """Return a moment in this machine's time, such as "25 November 2026, 14:03 UTC"."""
    local = when.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def span(first: datetime, last: datetime) -> str:
    """Return the time between two moments, such as "25 November 2026, 14:03 to 14:05 UTC"."""
    if moment(first) == moment(last):
        return moment(last)
    if day(first) != day(last):
        return f"{moment(first)} to {moment(last)}"
    return f"{day(first)}, {first.astimezone():%H:%M} to {last.astimezone():%H:%M %Z}"


def day(when: datetime) -> str:
    """Return the day of a moment in this machine's time, such as "25 November 2026"."""
    local = when.astimezone()
    return f"{local.day} {local:%B %Y}"


def tag_in_words(tag: str) -> str:
    """Return what readers call a tag: "Needs a browser", or "@urgent"."""
    return _TAGS.get(tag, f"@{tag}")


def number(count: int, one: str, many: str) -> str:
    """Return such as "1 rule" or "3 rules"."""
    return f"{count} {one if count == 1 else many}"


def release_in_words(release: str) -> str:
    """Return the name of a release as `git describe` has it in words: "2 commits after v1.2"."""
    described = _DESCRIBED.fullmatch(release)
    if described is None:
        return release
    return f"{number(int(described['commits']), 'commit', 'commits')} after {described['tag']}"
