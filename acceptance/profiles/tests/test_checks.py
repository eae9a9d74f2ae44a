import pytest

from acceptance.errors import NotReadyError
from acceptance.profiles.checks import Check, DoubtError, Verdict, look_at_all


def fails() -> str:
    message = "The door is locked: type `open`."
    raise NotReadyError(message)


def doubts() -> str:
    message = "the door squeaks"
    raise DoubtError(message)


def must_not_be_called() -> str:
    raise AssertionError


def test_a_check_says_what_it_found() -> None:
    findings = list(look_at_all([Check("door", lambda: "open"), Check("hinge", doubts)]))

    assert [finding.verdict for finding in findings] == [Verdict.OK, Verdict.WARNING]
    assert [str(finding).split(maxsplit=2) for finding in findings] == [
        ["ok", "door", "open"],
        ["warning", "hinge", "the door squeaks"],
    ]


def test_a_check_that_fails_says_what_to_do_and_others_go_on() -> None:
    failed, found = look_at_all([Check("door", fails), Check("window", lambda: "open")])

    assert str(failed).split(maxsplit=2) == ["FAILED", "door", "The door is locked: type `open`."]
    assert found.verdict is Verdict.OK


def test_what_needs_a_check_that_failed_is_not_looked_at() -> None:
    findings = list(
        look_at_all(
            [
                Check("door", fails),
                Check("room", must_not_be_called, needs=["door"]),
                Check("chair", must_not_be_called, needs=["room"]),
                Check("window", doubts),
                Check("air", lambda: "fresh", needs=["window"]),
            ]
        )
    )

    assert [finding.verdict for finding in findings] == [
        Verdict.FAILED,
        Verdict.LEFT_OUT,
        Verdict.LEFT_OUT,
        Verdict.WARNING,
        Verdict.OK,
    ]
    assert findings[1].text == "not looked at, for want of door"


def test_a_mistake_in_a_check_is_not_taken_for_its_finding() -> None:
    with pytest.raises(AssertionError):
        next(look_at_all([Check("door", must_not_be_called)]))
