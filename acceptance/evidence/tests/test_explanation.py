from acceptance.browser.errors import BrowserError
from acceptance.browser.event import BrowserEvent
from acceptance.evidence.explanation import brief, explanation, message_of
from acceptance.evidence.log_records import records_in
from acceptance.hosts.errors import ConnectionLostError
from acceptance.mail.errors import MailboxError

BROKEN = """\
2030-01-01 12:00:00,123 ERROR django.request: Internal Server Error: /x (GET /x)
Traceback (most recent call last):
  File "/site/virtualenv/lib/python3.11/site-packages/django/core/handlers.py", line 55, in inner
    response = get_response(request)
               ^^^^^^^^^^^^^^^^^^^^^
  File "/site/lists/views.py", line 7, in home
    return deep()
           ^^^^^^
  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode
    raise JSONDecodeError
ValueError: no such list"""

NOTED = "2030-01-01 12:00:00,100 INFO lists: Somebody came"


def told(log: str = "", **events: str) -> str:
    of_people = {name: [BrowserEvent("script error", text)] for name, text in events.items()}
    return explanation(records_in(log), of_people, "artifacts/now/x", "behave features/x.feature:7")


def test_the_end_says_where_the_evidence_is_and_how_to_run_it_again() -> None:
    assert told() == "Evidence: artifacts/now/x\nAgain:    behave features/x.feature:7"


def test_the_servers_exception_comes_before_the_browsers_complaints() -> None:
    text = told(BROKEN, Edith="Error: boom")

    assert text.index("ValueError: no such list") < text.index("Error: boom")
    assert text.index("Error: boom") < text.index("Evidence:")


def test_what_was_merely_noted_is_left_out_where_something_broke() -> None:
    assert NOTED not in told(f"{NOTED}\n{BROKEN}")
    assert NOTED in told(NOTED)


def test_whose_browser_it_is_can_be_read() -> None:
    assert "Edith's browser told of\n  script error: Error: boom" in told(Edith="Error: boom")


def test_the_frames_of_libraries_are_left_out() -> None:
    (record,) = records_in(BROKEN)

    assert brief(record).splitlines() == [
        "2030-01-01 12:00:00,123 ERROR django.request: Internal Server Error: /x (GET /x)",
        "Traceback (most recent call last):",
        '  File "/site/lists/views.py", line 7, in home',
        "    return deep()",
        "           ^^^^^^",
        "ValueError: no such list",
    ]


def test_a_long_record_keeps_its_beginning_and_its_end() -> None:
    (record,) = records_in("\n".join([NOTED, *(f"line {number}" for number in range(100))]))

    lines = brief(record).splitlines()

    assert len(lines) < 30
    assert lines[0] == NOTED
    assert lines[1].endswith("lines are left out)")
    assert lines[-1] == "line 99"


def test_known_troubles_are_told_in_their_own_words() -> None:
    for error in (
        AssertionError("why"),
        BrowserError("why"),
        MailboxError("why"),
        ConnectionLostError("why"),
    ):
        assert message_of(error) == "why"


def test_an_assertion_that_says_nothing_is_told_as_such() -> None:
    assert message_of(AssertionError()) == "an assertion without a message"


def test_an_error_of_the_suites_own_is_not_a_known_trouble() -> None:
    assert message_of(TypeError("of no use")) is None
