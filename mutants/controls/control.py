"""A change of the site that the tests have to let pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from acceptance.errors import NotReadyError

Sources: TypeAlias = Mapping[str, str]
"""The text of each file of the site, by its path below the root, with slashes."""


class OutdatedControlError(NotReadyError):
    """The site no longer has the text that a control changes."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(
            f"A control changes {text!r}, which is not in {path}: "
            "give it a text of that file in mutants/controls/declared.py."
        )


@dataclass(frozen=True)
class Control:
    """A change that keeps every rule of the site.

    Attributes:
        name: what is different.
        change: returns the new text of each file that it changes or adds, by path.
        options: additional options of behave.

    """

    name: str
    change: Callable[[Sources], Sources]
    options: tuple[str, ...] = ()


def replaced(sources: Sources, path: str, changes: Mapping[str, str]) -> str:
    """Return the text of a file in which each text is replaced, wherever it occurs.

    Raises:
        OutdatedControlError: the file does not exist, or does not contain one of the texts.

    """
    text = sources.get(path, "")
    for old, new in changes.items():
        if old not in text:
            raise OutdatedControlError(old, path)
        text = text.replace(old, new)
    return text


def templates(sources: Sources) -> Sources:
    """Return the templates of pages."""
    return {path: text for path, text in sources.items() if path.endswith(".html")}
