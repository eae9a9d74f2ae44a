"""Positions in the text of a feature; behave's model has only line numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cucumber_messages import Location

_PIPE = re.compile(r"(?<!\\)\|")
_LANGUAGE = re.compile(r"\s*#\s*language\s*:", re.IGNORECASE)
_QUOTES = 3


@dataclass(frozen=True)
class SourceLines:
    """The lines of a feature as behave counts them: it breaks lines wherever Unicode does.

    A line that is not there, because the file changed or a hook made a step, has no columns.
    """

    lines: Sequence[str]

    @classmethod
    def of(cls, data: str) -> "SourceLines":
        """Return the lines of a text."""
        return cls(data.splitlines())

    def location(self, line: int) -> Location:
        """Return the position of the first word of a line; both numbers count from 1."""
        text = self._line(line)
        return Location(line=line, column=_indent(text) + 1 if text else None)

    def tag(self, line: int, name: str) -> Location:
        """Return the position of a tag, whose name is given without the @."""
        found = re.search(rf"(?<!\S)@{re.escape(name)}(?!\S)", self._line(line))
        return Location(line=line, column=found.start() + 1 if found else None)

    def cells(self, line: int, count: int) -> list[Location]:
        """Return the positions of the cells of a table's row."""
        text = self._line(line)
        start = _indent(text) + 1
        columns = []
        for cell in _PIPE.split(text.strip()[1:-1]):
            columns.append(start + min(_indent(cell), len(cell)) + 1)
            start += len(cell) + 1
        if len(columns) != count:
            return [Location(line=line)] * count
        return [Location(line=line, column=column) for column in columns]

    def description(self, line: int, words: Sequence[str]) -> str:
        """Return a description with its empty lines and indents, which behave does not keep.

        Args:
            line: the line of the name that it follows.
            words: its lines as behave has them.

        """
        missing, found = list(words), list[str]()
        for text in self.lines[line:]:
            if not missing:
                return "\n".join(found)
            if text.strip() == missing[0]:
                found.append(text)
                missing.pop(0)
            elif not text.strip():
                found += [text] if found else []
            elif not text.lstrip().startswith("#"):
                break
        return "\n".join(words if missing else found)

    def quotation(self, line: int) -> tuple[str, str]:
        """Return the quotation marks that begin a text at a line, and the media type after them."""
        opening = self._line(line).strip()
        return opening[:_QUOTES] or '"""', opening[_QUOTES:].strip()

    def comments(self, feature: int, texts: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Return the comments with their lines.

        Args:
            feature: the line of the feature's name, above which its language may be named.
            texts: the lines at which quoted texts begin, in which nothing is a comment.

        """
        quoted = ""
        for number, text in enumerate(self.lines, 1):
            if quoted:
                quoted = "" if text.strip().startswith(quoted) else quoted
            elif number in texts:
                quoted, _ = self.quotation(number)
            elif text.lstrip().startswith("#") and not (number < feature and _LANGUAGE.match(text)):
                yield number, text

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
