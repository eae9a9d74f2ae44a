"""The fixtures that can be asked for over a connection, and what each takes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from acceptance.server import fixtures, guard
from acceptance.server.beginning import Beginning
from acceptance.server.guard import Run
from acceptance.server.models import Hold
from acceptance.server.refusal import Refused
from acceptance.server.session_cookie import SessionCookie

_MOST_MINUTES = 1_000_000


@dataclass(frozen=True)
class Kind:
    """A kind of argument: what to call it, and how to tell one."""

    name: str
    fits: Callable[[Any], bool]


_TEXT = Kind("a text", lambda value: isinstance(value, str))
_TEXT_OR_NULL = Kind("a text or null", lambda value: value is None or isinstance(value, str))
_TEXTS = Kind(
    "a list of texts",
    lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
)
_MINUTES = Kind(
    f"a whole number from 0 to {_MOST_MINUTES}",
    # True and False are whole numbers to Python.
    lambda value: type(value) is int and 0 <= value <= _MOST_MINUTES,
)


@dataclass(frozen=True)
class Call:
    """A fixture.

    Attributes:
        function: makes it.
        arguments: the name and kind of each argument; a request has them all.
        commits: the function needs its own changes to be in the database before it goes on, so it
            runs after the guard's transaction and not in it.

    """

    function: Callable[..., Any]
    arguments: Mapping[str, Kind]
    commits: bool = False


CALLS: Mapping[str, Call] = {
    "reset": Call(fixtures.empty_site, {}),
    "create_session": Call(fixtures.create_session, {"email": _TEXT}),
    "start_list": Call(
        fixtures.start_list, {"owner": _TEXT_OR_NULL, "items": _TEXTS, "shared_with": _TEXTS}
    ),
    "age_login_links": Call(fixtures.age_login_links, {"email": _TEXT, "minutes": _MINUTES}),
    # The link must be there before anybody can have the mail, and visitors of the site must not
    # wait for a mail server to let go of the database.
    "send_login_link": Call(
        fixtures.send_login_link, {"email": _TEXT, "site": _TEXT}, commits=True
    ),
    "send_trial_mail": Call(
        fixtures.send_trial_mail, {"email": _TEXT, "site": _TEXT}, commits=True
    ),
    # It counts as the site does, in transactions of its own.
    "use_up_login_mails": Call(fixtures.use_up_login_mails, {"email": _TEXT}, commits=True),
}


def find(name: object) -> Call:
    """Return the call with this name.

    Raises:
        Refused: there is none.

    """
    call = CALLS.get(name) if isinstance(name, str) else None
    if call is None:
        raise Refused(
            f"{str(name)[:100]!r} is no fixture that the site knows: deploy the version of the"
            " project that the run has."
        )
    return call


def check_arguments(call: Call, arguments: object) -> dict[str, Any]:
    """Return the arguments, if they are what the call takes.

    Raises:
        Refused: they are not.

    """
    if not isinstance(arguments, dict) or arguments.keys() != call.arguments.keys():
        raise Refused(
            f"{call.function.__name__} takes {', '.join(call.arguments) or 'no arguments'}, and the"
            " request has something else: deploy the version of the project that the run has."
        )
    for name, kind in call.arguments.items():
        if not kind.fits(arguments[name]):
            raise Refused(
                f"{name} of {call.function.__name__} must be {kind.name}, and the request has"
                " something else: see acceptance/server/calls.py."
            )
    return arguments


def make(
    call: Call, arguments: Mapping[str, Any], host: str, run: Run, beginning: Beginning
) -> tuple[Any, Hold]:
    """Make the fixture if the guard admits the run.

    Returns:
        what the function returns, ready for JSON, and the hold that the run now has.

    Raises:
        Refused: the guard does not; nothing has been written.

    """
    answer = None
    with transaction.atomic():
        hold = guard.admit(host, run, beginning)
        if not call.commits:
            answer = call.function(**arguments)
    if call.commits:
        answer = call.function(**arguments)
    return asdict(answer) if isinstance(answer, SessionCookie) else answer, hold
