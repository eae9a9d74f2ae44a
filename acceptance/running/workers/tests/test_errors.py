"""Errors of workers, as the lead reports them."""

import pickle
import traceback
from collections.abc import Callable

import pytest

from acceptance.errors import ConfigurationError
from acceptance.running.workers.errors import received, sent


class TwoWordsError(Exception):
    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)
        self.second = second

    def __str__(self) -> str:
        return f"{self.args[0]} and {self.second}"


def raise_key_error() -> None:
    numbers = {"a": 1}
    _ = numbers["a"] + numbers["b"]


def raise_with_cause() -> None:
    try:
        raise_key_error()
    except KeyError as error:
        message = "There is no b: add one."
        raise ConfigurationError(message) from error


def raise_of_own_class() -> None:
    class LocalError(TwoWordsError):
        pass

    first, second = "this", "that"
    raise LocalError(first, second)


def raise_with_what_cannot_be_sent() -> None:
    raise ValueError(lambda: None)


@pytest.mark.parametrize(
    "fail", [raise_key_error, raise_with_cause, raise_of_own_class, raise_with_what_cannot_be_sent]
)
def test_an_error_is_shown_as_in_the_process_that_raised_it(fail: Callable[[], None]) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (each of another class)
        fail()

    there = received(pickle.loads(pickle.dumps(sent(caught.value))))  # noqa: S301

    assert traceback.format_exception(there) == traceback.format_exception(caught.value)
    assert isinstance(there, type(caught.value).__mro__[1])


def test_an_error_keeps_its_attributes() -> None:
    error = TwoWordsError("this", "that")
    error.add_note("and more")

    there = received(sent(error))

    assert type(there) is TwoWordsError
    assert there.second == "that"
    assert there.__notes__ == ["and more"]
    assert str(there) == "this and that"


def test_a_system_error_keeps_its_number() -> None:
    with pytest.raises(OSError, match="missing") as caught, open("/missing/file"):  # noqa: PTH123
        pass

    there = received(sent(caught.value))

    assert isinstance(there, OSError)
    assert there.strerror == caught.value.strerror
    assert str(there) == str(caught.value)
