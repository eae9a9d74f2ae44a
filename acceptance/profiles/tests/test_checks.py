import pytest

from acceptance.errors import NotReadyError
from acceptance.profiles.checks import Check, DoubtError, Verdict, run_checks


def fails() -> str:
    message = "The door is locked: type `open`."
    raise NotReadyError(message)


def doubts() -> str:
    message = "the door squeaks"
    raise DoubtError(message)


def must_not_be_called() -> str:
    raise AssertionError


def test_a_check_reports_its_finding() -> None:
    findings = list(run_checks([Check("door", lambda: "open"), Check("hinge", doubts)]))

    assert [finding.verdict for finding in findings] == [Verdict.OK, Verdict.WARNING]
    assert [str(finding).split(maxsplit=2) for finding in findings] == [
        ["ok", "door", "open"],
        ["warning", "hinge", "the door squeaks"],
    ]


def test_a_check_that_fails_explains_what_to_do_and_others_continue() -> None:
    failed, found = run_checks([Check("door", fails), Check("window", lambda: "open")])

    assert str(failed).split(maxsplit=2) == ["FAILED", "door", "The door is locked: type `open`."]
    assert found.verdict is Verdict.OK


def test_a_check_that_needs_a_failed_one_is_left_out() -> None:
    findings = list(
        run_checks(
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
    assert findings[1].text == "not checked, because it needs door"


def test_a_mistake_in_a_check_does_not_count_as_its_finding() -> None:
    with pytest.raises(AssertionError):
        next(run_checks([Check("door", must_not_be_called)]))
