"""Notes which line of the project's code made each answer of the site in this process."""

import inspect
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from django.core.handlers import exception
from django.db import DatabaseError, IntegrityError
from django.db.models import Model
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path

from acceptance.evidence.causes.answers import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Call(NamedTuple):
    """A call, without its code itself: sites may pickle their responses to cache them.

    Attributes:
        file: the path of the file.
        first_line: the line where the function begins.
        function: its qualified name.
        line: the line that the call was at.
        known: the variables that hold what conditions ask about, and nothing secret, in words.

    """

    file: str
    first_line: int
    function: str
    line: int
    known: tuple[str, ...]


Calls = tuple[Call, ...]
"""The calls that led to something, innermost first."""

# Outside of it are the server and the middleware that passed the request on.
_HANDLERS = str(Path(exception.__file__).parent)
_LIBRARIES = "site-packages"
_HELPERS = "django/utils/"
_CALLS = "calls_that_made_it"
_CAN_BE_EMPTY = (str, list, tuple, set, dict)
_MAKE_ERROR_PAGES = {
    make.__code__
    for make in (
        exception.response_for_exception,
        exception.get_exception_response,
        exception.handle_uncaught_exception,
    )
}


@dataclass(frozen=True)
class _Noted:
    request_id: str
    method: str
    path: str
    status: int
    location: str
    calls: Calls
    refused: str


class AnswerLog:
    """The answers of the site since a scenario began.

    Noting one takes microseconds; what it means is found out only when a step has failed.
    """

    def __init__(self, root: Path, request_id_header: str) -> None:
        """Note nothing yet.

        Args:
            root: the folder of the project.
            request_id_header: the header with the ID of a request.

        """
        self._root = root
        self._request_id = f"HTTP_{request_id_header.upper().replace('-', '_')}"
        self._noted: list[_Noted] = []

    def begin(self) -> None:
        """Forget the answers until now."""
        self._noted.clear()

    def note(self, path: str, environ: "WSGIEnvironment", response: HttpResponseBase) -> None:
        """Note the answer to a request for a path, which has no percent-encoding."""
        self._noted.append(
            _Noted(
                environ.get(self._request_id, ""),
                environ["REQUEST_METHOD"],
                path,
                response.status_code,
                response.headers.get("Location", ""),
                getattr(response, _CALLS, ()),
                vars(_of_thread).pop(_REFUSED, ""),
            )
        )

    def since_begin(self) -> Sequence[Answer]:
        """Return the answers since then, oldest first."""
        return [
            Answer(
                each.request_id,
                each.method,
                escape_uri_path(each.path),
                each.status,
                _without_values(each.location),
                *_place(each.calls, each.path, self._root),
                refused=each.refused,
            )
            for each in list(self._noted)
        ]


_of_thread = threading.local()
_REFUSED = "refused"


@contextmanager
def refusals_noted() -> Iterator[None]:
    """Note what the database refuses while it answers a request, for the duration of the block."""

    # A function around each statement would be part of the tracebacks.
    def note(error: IntegrityError, *reason: object) -> None:
        DatabaseError.__init__(error, *reason)
        vars(_of_thread)[_REFUSED] = str(error).partition("\n")[0]

    IntegrityError.__init__ = note  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        del IntegrityError.__init__


@contextmanager
def calls_noted() -> Iterator[None]:
    """Let each response know the calls that made it, for the duration of the block."""
    make = HttpResponseBase.__init__

    def make_and_note(response: HttpResponseBase, *args: Any, **kwargs: Any) -> None:
        make(response, *args, **kwargs)
        vars(response)[_CALLS] = _calls(sys._getframe(1))  # noqa: SLF001 (as logging does)

    HttpResponseBase.__init__ = make_and_note  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        HttpResponseBase.__init__ = make  # type: ignore[method-assign]


def _calls(frame: FrameType | None) -> Calls:
    """Return the calls from the handler of requests to a frame, or to where its error came from."""
    calls = []
    while frame is not None and not frame.f_code.co_filename.startswith(_HANDLERS):
        calls.append(_call(frame, frame.f_lineno))
        frame = frame.f_back
    # The page for an error, such as Http404, is made after the call that raised it has ended.
    while frame is not None and frame.f_code in _MAKE_ERROR_PAGES:
        if frame.f_code is exception.response_for_exception.__code__:
            return _calls_to(frame.f_locals["exc"])
        frame = frame.f_back
    return tuple(calls)


def _calls_to(error: BaseException) -> Calls:
    """Return the calls from the handler of requests to the place that raised an error."""
    calls: list[Call] = []
    trace = error.__traceback__
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_HANDLERS):
            calls.append(_call(trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return tuple(reversed(calls))


def _call(frame: FrameType, line: int) -> Call:
    code = frame.f_code
    known: tuple[str, ...] = ()
    if _LIBRARIES not in code.co_filename:
        shown = ((name, _shown(value)) for name, value in frame.f_locals.items())
        known = tuple(f"{name} is {value}" for name, value in shown if value)
    return Call(code.co_filename, code.co_firstlineno, code.co_qualname, line, known)


def _shown(value: object) -> str:
    """Return what conditions ask about a value, and nothing that may be secret; "" if unknown."""
    # Nothing lazy is asked, because that would send a query to the database.
    if value is None or isinstance(value, bool):
        return str(value)
    if type(value) in _CAN_BE_EMPTY:
        return "not empty" if value else "empty"
    return f"a {type(value).__name__}" if isinstance(value, Model) else ""


def _without_values(location: str) -> str:
    """Return an address without the values of its query, which may be secret."""
    address = urlsplit(location)
    names = "&".join(f"{name}=…" for name, _ in parse_qsl(address.query, keep_blank_values=True))
    return urlunsplit(address._replace(query=names))


def _place(calls: Calls, path: str, root: Path) -> tuple[str, str, tuple[str, ...]]:
    """Return the place in the project's code that made an answer, or the library that did so.

    The place is a line of the view, and the lines of helpers that it called; the third value is
    what was known at these lines.
    """
    passed_on = _functions_at(path)
    own: list[str] = []
    known: list[str] = []
    for call in calls:
        file = Path(call.file)
        if not file.is_relative_to(root) or _LIBRARIES in file.parts:
            continue
        name = call.function.replace("<locals>.", "")
        place = f"{file.relative_to(root).as_posix()}:{call.line}"
        own.append(f"{place} (in {name})")
        if call.known:
            known.append(f"at {place}: {', '.join(call.known)}")
        # Outside of the view are only decorators, which passed the request on.
        if (call.file, call.first_line) in passed_on:
            break
    if own or not calls:
        made = f"made at {' → '.join(reversed(own))}" if own else ""
        return made, "", tuple(reversed(known))
    files = [PurePath(call.file).as_posix() for call in reversed(calls)]
    libraries = [each.rpartition(f"/{_LIBRARIES}/")[2] for each in files]
    # What only helps others to make middleware and decorators says nothing.
    library = next((each for each in libraries if not each.startswith(_HELPERS)), libraries[0])
    return "", library, ()


def _functions_at(path: str) -> set[tuple[str, int]]:
    """Return the files and first lines of the view that answers at a path, and its decorators."""
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return set()
    found = set()
    while view is not None:
        if inspect.isfunction(view):
            found.add((view.__code__.co_filename, view.__code__.co_firstlineno))
        view = getattr(view, "__wrapped__", None)
    return found
