"""Errors for another process, with everything that reporters read from them."""

import pickle
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from acceptance.running.workers.tracebacks import Entry, entries_of, traceback_of


@dataclass(frozen=True)
class SentError:
    """An error in the form in which it is sent.

    Attributes:
        names: the modules and names of its class and of its base classes.
        text: its message.
        values: its arguments and attributes, pickled, as far as possible.
        entries: its traceback.
        cause, context: the errors before it.
        hides_context: whether the context is hidden.

    """

    names: Sequence[tuple[str, str]]
    text: str
    values: bytes
    entries: Sequence[Entry]
    cause: "SentError | None"
    context: "SentError | None"
    hides_context: bool


def sent(error: BaseException, seen: frozenset[int] = frozenset()) -> SentError:
    """Return an error in the form in which it is sent."""
    seen |= {id(error)}
    cause, context = (
        sent(each, seen) if each is not None and id(each) not in seen else None
        for each in (error.__cause__, error.__context__)
    )
    attributes = {name: value for name, value in vars(error).items() if _is_sendable(value)}
    arguments = tuple(each if _is_sendable(each) else repr(each) for each in error.args)
    return SentError(
        [(each.__module__, each.__qualname__) for each in type(error).__mro__],
        _text_of(error),
        pickle.dumps((arguments, attributes)),
        entries_of(error.__traceback__),
        cause,
        context,
        error.__suppress_context__,
    )


def received(error: SentError) -> BaseException:
    """Return an error of the same class with the same message.

    A class that this process does not have, such as one in a step file, is created anew.
    """
    arguments, attributes = pickle.loads(error.values)  # noqa: S301 (from a worker of ours)
    made = _made(error, arguments, attributes)
    made.__traceback__ = traceback_of(error.entries)
    made.__context__ = received(error.context) if error.context else None
    made.__cause__ = received(error.cause) if error.cause else None
    made.__suppress_context__ = error.hides_context
    return made


def _made(
    error: SentError, arguments: tuple[object, ...], attributes: Mapping[str, object]
) -> BaseException:
    names = iter(error.names)
    found = _class_named(*next(names))
    if found is not None:
        # Many classes build their message from other arguments than they keep.
        for make in (found, lambda *values: found.__new__(found, *values)):
            with suppress(Exception):
                made = _filled(make(*arguments), arguments, attributes)
                if _text_of(made) == error.text:
                    return made
    base = next(filter(None, (_class_named(*each) for each in names)), BaseException)
    module, name = error.names[0]
    stand_in = type(
        name.rpartition(".")[2],
        (base,),
        {"__module__": module, "__qualname__": name, "__str__": lambda _: error.text},
    )
    made = cast("BaseException", stand_in.__new__(stand_in, *arguments))
    return _filled(made, arguments, attributes)


def _filled(
    error: BaseException, arguments: tuple[object, ...], attributes: Mapping[str, object]
) -> BaseException:
    error.args = arguments
    vars(error).update(attributes)
    return error


def _class_named(module: str, name: str) -> type[BaseException] | None:
    # Only if the module has been imported: importing it here could have side effects.
    found: object = sys.modules.get(module)
    for each in name.split("."):
        found = getattr(found, each, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 (a project's own class may raise anything)
        return ""


def _is_sendable(value: object) -> bool:
    try:
        pickle.loads(pickle.dumps(value))  # noqa: S301
    except Exception:  # noqa: BLE001 (what cannot be pickled is not sent)
        return False
    return True
