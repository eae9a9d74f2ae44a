"""What may have caused the failure of a step, and which of several causes is the most telling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reporter(StrEnum):
    """Who reports a cause."""

    SERVER = "server"
    BROWSER = "browser"
    PAGE = "page"
    STEP = "step"


class Kind(StrEnum):
    """What a cause is, the most telling one first: `most_telling` relies on that order."""

    EXCEPTION = "the site raised an exception that nothing caught"
    BROKEN_ANSWER = "the site answered 500, and logged no exception"
    UNDEFINED_VARIABLE = "a template printed a variable that does not exist"
    REFUSED_REQUEST = "the site refused the request for the open page, and logged the reason"
    HANDLED_EXCEPTION = "the site logged an exception that it caught"
    SCRIPT_ERROR = "a script of a page failed"
    STATED = "what the failed assertion itself knows"
    SENT_BY_GET = "a form for POST was sent with GET"
    # If an error page has the expected text, the error was expected, too.
    TEXT_ELSEWHERE = "the expected text is at another place of the page, or cannot be seen"
    REFUSING_PAGE = "the open page has a status of 4xx or 5xx"
    MISSING_FILE = "the page's style sheet or script could not be loaded"
    FORBIDDEN_FILE = "the page's policy forbids something that the page uses"
    PRESSED_IN_VAIN = "what was pressed sends nothing, or leads nowhere"
    REFUSED_ELSEWHERE = "the site refused another person's request, or an earlier one"
    NAMED_OTHERWISE = "the page has other links, fields or buttons than the one that was sought"


_REPORTERS = {
    Kind.EXCEPTION: Reporter.SERVER,
    Kind.BROKEN_ANSWER: Reporter.BROWSER,
    Kind.UNDEFINED_VARIABLE: Reporter.SERVER,
    Kind.REFUSED_REQUEST: Reporter.SERVER,
    Kind.HANDLED_EXCEPTION: Reporter.SERVER,
    Kind.SCRIPT_ERROR: Reporter.BROWSER,
    Kind.STATED: Reporter.STEP,
    Kind.SENT_BY_GET: Reporter.BROWSER,
    Kind.TEXT_ELSEWHERE: Reporter.PAGE,
    Kind.REFUSING_PAGE: Reporter.BROWSER,
    Kind.MISSING_FILE: Reporter.BROWSER,
    Kind.FORBIDDEN_FILE: Reporter.BROWSER,
    Kind.PRESSED_IN_VAIN: Reporter.PAGE,
    Kind.REFUSED_ELSEWHERE: Reporter.BROWSER,
    Kind.NAMED_OTHERWISE: Reporter.PAGE,
}

_ORDER = list(Kind)


@dataclass(frozen=True)
class Cause:
    """A fact that may explain why a step failed.

    Attributes:
        kind: what it is.
        sentence: the fact, for people to read.

    """

    kind: Kind
    sentence: str

    @property
    def reporter(self) -> Reporter:
        """Who reports it."""
        return _REPORTERS[self.kind]

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence


def most_telling(causes: Iterable[Cause]) -> Cause | None:
    """Return the most telling cause, and of several of that kind the one that was found last.

    What happened last is closest to the failure.
    """
    found: Sequence[Cause] = list(causes)
    return max(reversed(found), key=lambda each: -_ORDER.index(each.kind), default=None)
