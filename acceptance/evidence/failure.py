"""The failure of a step or a hook, as one object for all outputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated

from pydantic import PlainSerializer, TypeAdapter, ValidationError

from acceptance.browser.errors import LateAnswerError, MissingElementError, PressedInVainError
from acceptance.errors import ExplainedError
from acceptance.evidence.showable import showable
from acceptance.evidence.tracebacks import has_traceback, origin, without_libraries
from acceptance.hosts.errors import ServerError
from acceptance.mismatch import Mismatch
from acceptance.waiting import TimedOutError

FAILURE = "application/x.acceptance.failure+json"
"""The media type of a failure in the messages of a run: a JSON object with its attributes."""

TROUBLES = (AssertionError, ExplainedError)
"""The errors whose messages describe a problem that a person can solve."""

# Mistakes in the suite itself, whose messages are about its code.
_MISTAKES = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    RecursionError,
    StopIteration,
    SyntaxError,
    TypeError,
    ValueError,
)


_Text = Annotated[str, PlainSerializer(showable)]


@dataclass(frozen=True)
class Failure:
    """The reason why a step or a hook failed, and everything that explains it.

    Attributes:
        reason: a description of the problem.
        cause: the most telling of its known causes, or "".
        expected: what should have been shown, or "" if the error does not state it.
        shown: what was shown instead, or "".
        compared: what the two are, such as "heading", or "".
        where: the selector at which it should have been shown, or the link's text, or "".
        sought: what kind of control that should be, or "".
        pressed: what kind of control was pressed there in vain, or "".
        waited: how long the wait was, in seconds.
        seen: what there was to see at the end of the wait, or "".
        logged: what the server logged, oldest first, without the frames of libraries.
        noted: the last forms, the last page and what went wrong in people's browsers, by names.
        evidence: the folder of the evidence, or the reason why there is none.
        again: the command that runs the scenario again, or "".
        is_mistake: whether the suite itself is wrong, so that the failure is not about the site.

    """

    reason: _Text
    cause: _Text = ""
    expected: _Text = ""
    shown: _Text = ""
    compared: _Text = ""
    where: _Text = ""
    sought: str = ""
    pressed: str = ""
    waited: float = 0.0
    seen: _Text = ""
    logged: tuple[_Text, ...] = ()
    noted: Mapping[_Text, tuple[_Text, ...]] = field(default_factory=dict)
    evidence: _Text = ""
    again: _Text = ""
    is_mistake: bool = False

    def to_json(self) -> bytes:
        """Return the failure as a JSON object that has the attributes as its keys."""
        return _failure().dump_json(self)


def failure_in(text: str) -> Failure | None:
    """Return the failure in a JSON object; None if it is not one."""
    try:
        return _failure().validate_json(text)
    except ValidationError:
        return None


def attach_failure(error: BaseException, failure: Failure) -> None:
    """Attach a failure to an error of any type, for the code that reports it."""
    vars(error)["failure"] = failure


def failure_of(error: BaseException) -> Failure:
    """Return the failure that is attached to an error, or one made from the error itself."""
    carried = vars(error).get("failure")
    if isinstance(carried, Failure):
        return carried
    if isinstance(error, TimedOutError):
        stated = _stated_by(error.__cause__, error.reason)
        if isinstance(error, LateAnswerError):
            stated = replace(stated, cause=error.reason)
        return replace(
            stated, shown=stated.shown or error.seen, waited=error.timeout, seen=error.seen
        )
    if isinstance(error, AssertionError):
        return _stated_by(error, str(error) or "an assertion without a message")
    if isinstance(error, ServerError):
        return _stated_by_site(error)
    if isinstance(error, TROUBLES):
        return Failure(str(error))
    named = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Failure(named, is_mistake=isinstance(error, _MISTAKES))


def _stated_by(error: BaseException | None, reason: str) -> Failure:
    """Return a failure with what an assertion states about it."""
    match error:
        case AssertionError(args=(Mismatch() as mismatch,)):
            return Failure(
                reason,
                cause=mismatch.cause,
                expected=_as_text(mismatch.expected),
                shown=_as_text(mismatch.shown),
                compared=mismatch.compared,
                where=mismatch.where,
            )
        case MissingElementError():
            return Failure(reason, where=error.what, sought=error.control)
        case PressedInVainError():
            return Failure(reason, where=error.what, pressed=error.control)
    return Failure(reason)


def _stated_by_site(error: ServerError) -> Failure:
    """Return a failure with the site's traceback, which the error of a fixture has."""
    lines = error.traceback.splitlines()
    added = origin(lines, known=error.reason) if has_traceback(lines) else ""
    logged = (without_libraries(error.traceback),) if lines else ()
    return Failure(error.reason + added, logged=logged)


def _as_text(value: object) -> str:
    match value:
        case list() | tuple():
            return "\n".join(map(_as_text, value))
    return str(value)


@cache
def _failure() -> TypeAdapter[Failure]:
    # Built only when a step fails, because that is slow.
    return TypeAdapter(Failure)
