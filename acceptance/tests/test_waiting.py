import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest

from acceptance.browser.errors import (
    BrowserFailedError,
    Control,
    MissingElementError,
    NeedsBrowserError,
)
from acceptance.waiting import eventually

LONG = 5.0
SHORT = 0.05


class Attempts:
    """An action with a given outcome for each try."""

    def __init__(self, outcomes: Iterator[Exception | str]) -> None:
        self.outcomes = outcomes
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        outcome = next(self.outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def undescribed() -> Callable[[], str]:
    def describe() -> str:
        pytest.fail("asked for a description before time was up")

    return describe


def test_an_action_that_works_is_done_once(undescribed: Callable[[], str]) -> None:
    action = Attempts(iter(["done"]))

    assert eventually(action, timeout=LONG, describe=undescribed) == "done"
    assert action.tries == 1


def test_an_action_that_fails_is_tried_again(undescribed: Callable[[], str]) -> None:
    not_yet = [AssertionError("not yet"), MissingElementError("button", Control.BUTTON)]
    action = Attempts(iter([*not_yet, "done"]))

    assert eventually(action, timeout=LONG, describe=undescribed) == "done"
    assert action.tries == len(not_yet) + 1


def test_the_last_error_is_reported_when_time_is_up() -> None:
    def errors() -> Iterator[Exception]:
        yield AssertionError("the first")
        while True:
            yield MissingElementError("the last", Control.FIELD)

    action = Attempts(errors())
    with pytest.raises(AssertionError) as given_up:
        eventually(action, timeout=SHORT, describe=lambda: "The page showed:\nBuy milk")

    assert str(given_up.value).startswith("there is no 'the last' on the page")
    assert str(given_up.value).endswith("\n(after 0.05 s) The page showed:\nBuy milk")
    assert isinstance(given_up.value.__cause__, MissingElementError)
    assert action.tries > 1


def test_the_description_is_asked_for_once() -> None:
    descriptions = iter(["the first", "the second"])

    with pytest.raises(AssertionError, match="the first"):
        eventually(
            Attempts(repeat(AssertionError("not yet"))),
            timeout=SHORT,
            describe=lambda: next(descriptions),
        )

    assert next(descriptions) == "the second"


@pytest.mark.parametrize(
    "error",
    [KeyError("id"), BrowserFailedError("crashed"), NeedsBrowserError(), TypeError()],
)
def test_an_error_that_no_page_on_its_way_causes_ends_the_wait(
    undescribed: Callable[[], str], error: Exception
) -> None:
    action = Attempts(iter([AssertionError("not yet"), error]))

    with pytest.raises(type(error)) as raised:
        eventually(action, timeout=LONG, describe=undescribed)

    assert raised.value is error
    assert action.tries == 2


@pytest.mark.parametrize("timeout", [0, -1])
def test_without_any_time_there_is_one_try(timeout: float) -> None:
    action = Attempts(iter([AssertionError("not yet"), "too late"]))

    with pytest.raises(AssertionError, match="not yet"):
        eventually(action, timeout=timeout, describe=lambda: "")

    assert action.tries == 1


def test_pauses_may_grow_longer(undescribed: Callable[[], str]) -> None:
    action = Attempts(chain(repeat(AssertionError("not yet"), 2), ["done"]))
    pauses = chain([0.0, SHORT], repeat(LONG))
    began = time.monotonic()

    assert eventually(action, timeout=LONG, describe=undescribed, pauses=pauses) == "done"
    assert SHORT <= time.monotonic() - began < LONG


def test_a_pause_ends_when_time_is_up_and_is_followed_by_a_last_try(
    undescribed: Callable[[], str],
) -> None:
    action = Attempts(iter([AssertionError("not yet"), "just in time"]))
    began = time.monotonic()

    eventually(action, timeout=SHORT, describe=undescribed, pauses=repeat(LONG))

    assert SHORT <= time.monotonic() - began < LONG


def test_pauses_that_come_to_an_end_are_a_mistake(undescribed: Callable[[], str]) -> None:
    action = Attempts(repeat(AssertionError("not yet")))

    with pytest.raises(ValueError, match="the pauses ended"):
        eventually(action, timeout=LONG, describe=undescribed, pauses=[0.0])
