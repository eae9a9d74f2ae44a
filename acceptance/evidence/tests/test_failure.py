from collections.abc import Callable
from dataclasses import replace

import pytest

from acceptance.browser.errors import (
    Control,
    LateAnswerError,
    MissingElementError,
    PressedInVainError,
)
from acceptance.evidence.failure import (
    TROUBLES,
    Failure,
    attach_failure,
    failure_in,
    failure_of,
)
from acceptance.evidence.failure_text import circumstances_text, failure_text
from acceptance.hosts.errors import ServerError
from acceptance.hosts.secrets import Secrets
from acceptance.mismatch import Mismatch
from acceptance.waiting import TimedOutError, eventually

TOKEN = "Zk3vQ9pXw71LmN4t"

WHOLE = Failure(
    reason="the list reads ['1: tea'], not ['1: milk']",
    cause="the site broke: ValueError: no such list",
    expected="1: milk",
    shown="1: tea",
    waited=5.0,
    seen="The page http://localhost/ showed:\nYour list",
    logged=("ERROR django.request: Internal Server Error\nValueError: no such list",),
    noted={"Edith": ("script error: Error: boom",)},
    evidence="artifacts/now/x",
    again="behave features/x.feature:7",
)


def waited_for(message: object) -> AssertionError:
    """The error of a wait for an assertion that never held."""

    def look() -> None:
        raise AssertionError(message)

    with pytest.raises(AssertionError) as failed:
        eventually(look, timeout=0, describe=lambda: "The page showed:\nBuy tea")
    return failed.value


# From errors to failures.


def test_an_assertion_that_compares_states_what_was_expected_and_what_was_shown() -> None:
    failure = failure_of(
        AssertionError(Mismatch("the list is wrong", ["1: milk", "2: tea"], "no list"))
    )

    assert failure == Failure("the list is wrong", expected="1: milk\n2: tea", shown="no list")


@pytest.mark.parametrize("fails", [AssertionError, waited_for])
def test_an_assertion_that_compares_states_what_the_two_values_are(
    fails: Callable[[object], AssertionError],
) -> None:
    failure = failure_of(fails(Mismatch("it is wrong", "My lists", "To-Do", "heading")))

    assert failure.compared == "heading"
    assert failure_in(failure.to_json().decode()) == failure


def test_a_wait_in_vain_separates_the_reason_from_what_was_seen() -> None:
    failure = failure_of(waited_for(Mismatch("'milk' is not on the page", "milk")))

    assert failure.reason == "'milk' is not on the page"
    assert (failure.expected, failure.shown) == ("milk", "The page showed:\nBuy tea")
    assert (failure.waited, failure.seen) == (0, "The page showed:\nBuy tea")


def test_a_wait_in_vain_for_a_comparison_shows_what_was_compared() -> None:
    failure = failure_of(waited_for(Mismatch("no", ["milk"], ["tea"])))

    assert (failure.expected, failure.shown, failure.seen[:4]) == ("milk", "tea", "The ")


def test_an_assertion_may_know_its_cause_and_the_place_of_the_value() -> None:
    failure = failure_of(waited_for(Mismatch("no", "milk", where=".item", cause="it is hidden")))

    assert (failure.where, failure.cause) == (".item", "it is hidden")


def test_an_element_that_is_missing_is_sought_on_the_page() -> None:
    def look() -> None:
        raise MissingElementError("#id_text", Control.FIELD)

    with pytest.raises(AssertionError) as failed:
        eventually(look, timeout=0, describe=lambda: "The page showed:\nBuy tea")

    failure = failure_of(failed.value)
    assert failure.reason == "there is no '#id_text' on the page"
    assert (failure.where, failure.sought) == ("#id_text", "field")


def test_a_late_answer_states_its_cause() -> None:
    failure = failure_of(LateAnswerError("the site did not answer", 2, "The page showed:"))

    assert failure.cause == failure.reason == "the site did not answer"


def test_a_plain_assertion_becomes_a_failure() -> None:
    assert failure_of(AssertionError("why")) == Failure("why")
    assert failure_of(AssertionError()) == Failure("an assertion without a message")


@pytest.mark.parametrize("error", [KeyError("sharer"), TypeError("of no use"), RecursionError()])
def test_a_mistake_in_the_suite_is_marked_as_one(error: Exception) -> None:
    failure = failure_of(error)

    assert failure.is_mistake
    assert failure.reason.startswith(type(error).__name__)
    assert not isinstance(error, TROUBLES)


def test_a_failure_can_be_attached_to_any_error() -> None:
    error = TypeError("of no use")

    attach_failure(error, WHOLE)

    assert failure_of(error) is WHOLE


def test_errors_that_explain_themselves_keep_their_messages() -> None:
    for known in TROUBLES:
        assert failure_of(known("why")) == Failure("why")


def test_the_error_of_a_fixture_names_what_it_was_raised_from_and_its_place() -> None:
    traceback = (
        "Traceback (most recent call last):\n"
        '  File "/x/site/fixtures.py", line 5, in start_list\n'
        "KeyError: 'owner'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        '  File "/x/site/fixtures.py", line 7, in start_list\n'
        "ValueError: no list"
    )

    failure = failure_of(ServerError("start_list failed: ValueError: no list", traceback))

    assert failure.reason == (
        "start_list failed: ValueError: no list, caused by KeyError: 'owner' (site/fixtures.py:5)"
    )


def test_the_traceback_of_a_server_counts_as_logged() -> None:
    traceback = (
        "Traceback (most recent call last):\n"
        '  File "/x/lib/python3.11/site-packages/django/db.py", line 5, in run\n'
        "    run()\n"
        "IntegrityError: twice"
    )
    failure = failure_of(ServerError("create_session failed: IntegrityError: twice", traceback))

    assert failure == Failure(
        "create_session failed: IntegrityError: twice",
        logged=("Traceback (most recent call last):\nIntegrityError: twice",),
    )


def test_a_control_that_was_pressed_in_vain_is_known() -> None:
    error = TimedOutError("no other page appeared", 1, "")
    error.__cause__ = PressedInVainError("#go", Control.BUTTON)

    assert failure_of(error).where == "#go"
    assert failure_of(error).pressed == "button"


# From failures to JSON and back.


def test_a_failure_in_json_is_the_same_failure() -> None:
    assert failure_in(WHOLE.to_json().decode()) == WHOLE


def test_bytes_that_are_not_text_are_shown_as_escapes() -> None:
    assert failure_in(Failure("caf\udce9").to_json().decode()) == Failure("caf\\udce9")


def test_unknown_keys_in_the_json_are_ignored() -> None:
    assert failure_in('{"reason": "why", "weather": "fair"}') == Failure("why")


@pytest.mark.parametrize("text", ["", "[]", '{"shown": "no reason"}', "{"])
def test_other_json_is_not_a_failure(text: str) -> None:
    assert failure_in(text) is None


# From failures to the terminal.


def test_the_terminal_shows_the_most_important_part_first() -> None:
    assert failure_text(WHOLE) == (
        "the site broke: ValueError: no such list\n"
        "the list reads ['1: tea'], not ['1: milk']\n"
        "(after 5 s) The page http://localhost/ showed:\n"
        "Your list\n\n"
        "The server logged:\n"
        "ERROR django.request: Internal Server Error\n"
        "ValueError: no such list\n\n"
        "Edith's browser reported:\n"
        "  script error: Error: boom\n\n"
        "Evidence: artifacts/now/x\n"
        "Again:    behave features/x.feature:7"
    )


def test_the_terminal_states_what_was_expected_where_the_reason_does_not() -> None:
    failure = Failure("the heading is 'To-Do'", expected="My Lists", compared="heading")

    assert failure_text(failure) == "the heading is 'To-Do'\nexpected heading: My Lists"
    for stated in (replace(failure, expected="To-Do"), replace(failure, shown=failure.reason)):
        assert failure_text(stated) == "the heading is 'To-Do'"


def test_what_explains_an_error_of_the_suite_begins_with_the_cause() -> None:
    assert circumstances_text(WHOLE).startswith(f"{WHOLE.cause}\n\nThe server logged:\n")


def test_the_end_names_the_evidence_and_the_command_to_run_it_again() -> None:
    failure = replace(WHOLE, cause="", logged=(), noted={})

    assert circumstances_text(failure) == (
        "Evidence: artifacts/now/x\nAgain:    behave features/x.feature:7"
    )


# Secrets.


def test_no_field_of_a_failure_contains_a_secret() -> None:
    secrets = Secrets([TOKEN])
    failure = Failure(
        reason=f"a {TOKEN}",
        cause=f"i {TOKEN}",
        expected=f"b {TOKEN}",
        shown=f"c {TOKEN}",
        seen=f"d {TOKEN}",
        logged=(f"e {TOKEN}",),
        noted={"Edith": (f"f {TOKEN}",)},
        evidence=f"g {TOKEN}",
        again=f"h {TOKEN}",
    )

    hidden = secrets.hidden(failure)

    assert TOKEN not in hidden.to_json().decode()
    assert hidden.to_json().decode().count("***") == 9


def test_a_secret_in_one_field_is_hidden_in_the_others() -> None:
    failure = Failure(reason=f"it is {TOKEN}", logged=(f"DJANGO_SECRET_KEY={TOKEN}",))

    assert Secrets().hidden(failure).reason == "it is ***"
