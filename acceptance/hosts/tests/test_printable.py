"""Text from other machines on a terminal."""

import pytest

from acceptance.errors import NotReadyError
from acceptance.hosts.errors import ServerError
from acceptance.hosts.printable import printable
from acceptance.profiles.checks import Check, run_checks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("zażółć\t„gęślą”\nжизнь 👩‍👩‍👧", "zażółć\t„gęślą”\nжизнь 👩‍👩‍👧"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("all is well\rnot", "all is well\\rnot"),
        ("a\u202eb\u2028c", "a\\u202eb\\u2028c"),
        ("\udc9b", "\\udc9b"),
    ],
)
def test_control_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert str(ServerError(text)) == shown

    def fail() -> str:
        raise NotReadyError(text)

    (finding,) = run_checks([Check("server", fail)])
    assert str(finding).endswith(shown)
