"""Errors that are sent from the process beside the workers to a worker."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest

import acceptance
from acceptance.hosts.errors import ServerError
from acceptance.mismatch import Mismatch
from acceptance.profiles.crossing import packed, unpacked
from acceptance.profiles.errors import FixtureFailedError
from acceptance.waiting import TimedOutError

LAYERS_BELOW_WORKERS = ("errors", "waiting", "mail", "hosts", "fixtures", "checkout", "profiles")


def modules() -> Iterator[str]:
    for layer in LAYERS_BELOW_WORKERS:
        name = f"acceptance.{layer}"
        yield name
        path = getattr(import_module(name), "__path__", [])
        yield from (each.name for each in pkgutil.walk_packages(path, f"{name}."))


def errors_of_the_kit() -> list[type[Exception]]:
    found: dict[type[Exception], None] = {}
    for name in modules():
        if ".tests" in name or name == "acceptance.profiles.local":
            continue
        for each in vars(import_module(name)).values():
            if isinstance(each, type) and issubclass(each, Exception):
                found |= {each: None} if each.__module__.startswith(acceptance.__name__) else {}
    return list(found)


def example_of(kind: type[Exception]) -> Exception:
    if issubclass(kind, TimedOutError):
        return kind("no email arrived", 1.5, "Emails that arrived: none")
    if issubclass(kind, FixtureFailedError):
        return kind(
            "paint failed: no paint", "no paint", "Traceback …\n  File …\nValueError: no paint"
        )
    if issubclass(kind, ServerError):
        return kind("The host is gone: check where it is.", "Traceback …\nOSError")
    return kind("The thing is broken: repair it.")


@pytest.mark.parametrize("kind", errors_of_the_kit(), ids=lambda kind: kind.__qualname__)
def test_an_error_arrives_unchanged(kind: type[Exception]) -> None:
    try:
        error = example_of(kind)
    except (TypeError, AttributeError):
        pytest.skip("an error that stays in its own package may have other arguments")

    arrived = unpacked(packed(error))

    assert type(arrived) is kind
    assert str(arrived) == str(error)
    attributes = {name: value for name, value in vars(error).items() if name != "__notes__"}
    assert {name: vars(arrived)[name] for name in attributes} == attributes


def test_its_causes_arrive_with_it() -> None:
    error = TimedOutError("no email arrived", 1.5, "nothing")
    error.__cause__ = AssertionError(Mismatch("no email arrived", "an email"))
    error.__cause__.__cause__ = ServerError("The mail server is gone: start it.")

    arrived = unpacked(packed(error))

    assert arrived.__cause__ is not None
    assert arrived.__cause__.args == (Mismatch("no email arrived", "an email"),)
    assert isinstance(arrived.__cause__.__cause__, ServerError)


def test_an_unexpected_error_shows_where_it_came_from() -> None:
    def break_down() -> None:
        message = "a mistake"
        raise KeyError(message)

    with pytest.raises(KeyError) as raised:
        break_down()

    arrived = unpacked(packed(raised.value))

    assert isinstance(arrived, KeyError)
    assert "in break_down" in arrived.__notes__[0]


def test_an_error_that_cannot_be_sent_arrives_as_text() -> None:
    error = ValueError("no colour", lambda: None)

    arrived = unpacked(packed(error))

    assert isinstance(arrived, RuntimeError)
    assert str(arrived).startswith("ValueError: ('no colour', <function")
