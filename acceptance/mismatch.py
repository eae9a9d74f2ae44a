"""The expected and the shown value, stated by the assertion that compares them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mismatch:
    """The message of an assertion: `assert shown == expected, Mismatch(…)`.

    Attributes:
        sentence: a sentence that describes the problem.
        expected: the value that should have been shown.
        shown: the value that was shown; "" where the message of a wait contains it already.
        compared: what the two values are, such as "heading", or "".
        where: the selector at which the value should have been shown, or "".
        cause: a sentence about the cause, if the assertion knows it, or "".

    """

    sentence: str
    expected: object
    shown: object = ""
    compared: str = ""
    where: str = ""
    cause: str = ""

    def __str__(self) -> str:
        return self.sentence
