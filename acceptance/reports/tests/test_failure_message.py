"""What went wrong, for a person who does not read tracebacks."""

import pytest

from acceptance.reports.failure_message import MOST_CHARACTERS, SUITE_BROKE, plain_message

TRACEBACK = (
    'Traceback (most recent call last):\n  File "steps.py", line 3, in step\n    assert no\n'
)


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("It reads nothing.", "It reads nothing."),
        ("\n\nIt reads nothing.\n", "It reads nothing."),
        ("ASSERT FAILED: It reads nothing.", "It reads nothing."),
        ("AssertionError: It reads nothing.", "It reads nothing."),
        ("builtins.AssertionError: It reads nothing.", "It reads nothing."),
        ("NoListError: no such list", "no such list"),
        ("Edith: no such list", "Edith: no such list"),
        ("Expected:\n\n  milk\n\nSeen:\n\n  tea", "Expected:\n  milk\nSeen:\n  tea"),
        (f"It reads nothing.\n\n{TRACEBACK}AssertionError: no", "It reads nothing."),
        (f"{TRACEBACK}AssertionError: It reads nothing.", "It reads nothing."),
        (f"{TRACEBACK}lists.errors.NoListError: gone", "gone"),
        ("It reads nothing.\nStacktrace:\n#0 0x55d0", "It reads nothing."),
        ("It reads nothing.\nCaptured stdout:\nnoise", "It reads nothing."),
        ("It reads nothing.\n(after 5 s) The page http://x/ said:\nMilk", "It reads nothing."),
        ("It reads nothing.\nThe server logged:\nnoise\nAgain: behave x:1", "It reads nothing."),
        ("It reads nothing.\n\nEdith's browser told of\n  noise", "It reads nothing."),
        (f"{TRACEBACK}NoListError: gone\nThe server logged:\nnoise", "gone"),
        ("", "It did not say why."),
        (TRACEBACK, "It did not say why."),
    ],
)
def test_a_message_is_told_without_its_circumstances(message: str, plain: str) -> None:
    assert plain_message(message) == plain


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("'sharer'", "KeyError"),
        ("KeyError: 'sharer'\n\nThe server logged:\nnoise", "StepFailedError"),
        ("ASSERT FAILED: TypeError: 'NoneType' object is not iterable", ""),
        (f"{TRACEBACK}IndexError: list index out of range", ""),
        (f"{TRACEBACK}UnicodeDecodeError: 'utf-8' codec can't decode", ""),
        ("", "RecursionError"),
    ],
)
def test_a_mistake_of_the_suite_is_reported_in_words(message: str, kind: str) -> None:
    assert plain_message(message, kind) == SUITE_BROKE


def test_a_long_message_is_told_to_the_fourth_line() -> None:
    assert plain_message("1\n2\n3\n4\n5") == "1\n2\n3\n4 …"


def test_a_message_of_one_endless_line_ends() -> None:
    assert plain_message("x" * 10_000) == "x" * MOST_CHARACTERS + " …"
