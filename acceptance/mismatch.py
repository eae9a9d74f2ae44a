"""What was expected and what was shown instead, stated by the assertion that compares them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mismatch:
    """The message of an assertion: `assert shown == expected, Mismatch(…)`.

    Attributes:
        sentence: what is wrong, in words.
        expected: what should have been shown.
        shown: what was shown; "" where a wait ends with all that there was to see.

    """

    sentence: str
    expected: object
    shown: object = ""

    def __str__(self) -> str:
        return self.sentence
