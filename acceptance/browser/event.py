"""Something that went wrong in a browser while a person used it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BrowserEvent:
    """Something that went wrong on a person's pages.

    Attributes:
        kind: `script error`, `console`, `request` or `policy`.
        text: the browser's description.

    """

    kind: str
    text: str

    @property
    def is_script_error(self) -> bool:
        """Whether a script of the page raised an error that nothing caught."""
        return self.kind == "script error"

    def __str__(self) -> str:
        """Describe what went wrong."""
        return f"{self.kind}: {self.text}"
