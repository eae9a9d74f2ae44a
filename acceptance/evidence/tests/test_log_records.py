import logging

import pytest
from django.test import Client

from acceptance.evidence.log_records import concerning, most_relevant, records_in
from superlists import settings
from superlists.request_logging import RequestFormatter

MINE = "2f1c7d0e5b8a4f60a1d35e9b7c64e201"
OTHER = "9a0b7d0e5b8a4f60a1d35e9b7c64e2ff"

BROKEN = f"""\
2030-01-01 12:00:00,123 ERROR django.request [{MINE}]: Internal Server Error: /x (GET /x)
Traceback (most recent call last):
  File "/site/lists/views.py", line 7, in home
    return deep()
ValueError: no such list

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/site/lists/views.py", line 9, in home
    raise LookupError from error
LookupError: the reason
DETAIL: more of it"""

LOG = f"""\
the end of something
2030-01-01 12:00:00,000 WARNING django.request [{OTHER}]: Not Found: /y (GET /y)
{BROKEN}
2030-01-01 12:00:00,200 INFO accounts: no one's
[2030-01-01 12:00:01 +0000] [17] [CRITICAL] WORKER TIMEOUT (pid:18)
gunicorn-example.com.service: Main process exited, code=killed
"""


def test_a_log_is_split_where_records_begin() -> None:
    assert [record.lines[0] for record in records_in(LOG)] == [
        "the end of something",
        f"2030-01-01 12:00:00,000 WARNING django.request [{OTHER}]: Not Found: /y (GET /y)",
        BROKEN.splitlines()[0],
        "2030-01-01 12:00:00,200 INFO accounts: no one's",
        "[2030-01-01 12:00:01 +0000] [17] [CRITICAL] WORKER TIMEOUT (pid:18)",
        "gunicorn-example.com.service: Main process exited, code=killed",
    ]


def test_nothing_of_a_log_is_lost() -> None:
    assert "\n".join(map(str, records_in(LOG))) == LOG.rstrip("\n")


def test_an_empty_log_has_no_records() -> None:
    assert records_in("") == ()


def test_the_parts_of_a_record_are_known() -> None:
    (broken,) = records_in(BROKEN)

    assert broken.level == "ERROR"
    assert broken.logger == "django.request"
    assert broken.request_id == MINE
    assert broken.has_traceback


def test_a_scenario_has_the_records_of_its_requests_and_of_none() -> None:
    kept = concerning(records_in(LOG), {MINE})

    assert OTHER not in "\n".join(map(str, kept))
    assert [record.request_id for record in kept] == [None, MINE, None, None, None]


def test_the_cause_is_the_exception_that_ended_the_request_and_the_one_it_was_raised_from() -> None:
    (broken,) = records_in(BROKEN)

    assert broken.cause == (
        "LookupError: the reason, caused by ValueError: no such list (lists/views.py:7)"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The above exception was the direct cause of", "During handling of"),
        ("LookupError: the reason", "LookupError: no such list"),
    ],
    ids=["another exception", "the same words"],
)
def test_an_exception_that_explains_nothing_more_is_left_out(old: str, new: str) -> None:
    (broken,) = records_in(BROKEN.replace(old, new))

    assert broken.cause.startswith("LookupError: ")
    assert "ValueError" not in broken.cause


def test_an_exception_that_was_raised_in_a_library_has_the_place_of_the_next() -> None:
    (broken,) = records_in(
        BROKEN.replace('"/site/lists/views.py", line 7', '"/lib/python3.11/a.py", line 7')
    )

    assert broken.cause.endswith(" (lists/views.py:9)")


def test_the_cause_without_a_traceback_is_the_first_line() -> None:
    (line,) = records_in("[2030-01-01 12:00:01 +0000] [17] [ERROR] Worker failed to boot.")

    assert line.cause == "[2030-01-01 12:00:01 +0000] [17] [ERROR] Worker failed to boot."


def test_a_traceback_that_was_cut_off_has_a_cause() -> None:
    (broken,) = records_in("\n".join(BROKEN.splitlines()[:3]))

    assert broken.cause.startswith('  File "/site/lists/views.py", line 7, in home')


@pytest.mark.parametrize(
    ("first_line", "is_unhandled"),
    [
        (f"2030-01-01 12:00:00,123 ERROR django.request [{MINE}]: Internal Server Error: /", True),
        ("[2030-01-01 12:00:01 +0000] [17] [ERROR] Error handling request /", True),
        # The site has caught it and informed the person.
        (f"2030-01-01 12:00:00,123 ERROR accounts.views [{MINE}]: No login mail to edith", False),
        (f"2030-01-01 12:00:00,123 WARNING django.request [{MINE}]: Not Found: /", False),
    ],
)
def test_an_exception_is_unhandled_if_a_logger_of_last_resort_logs_it(
    first_line: str, *, is_unhandled: bool
) -> None:
    traceback = BROKEN.splitlines()[1:]
    (record,) = records_in("\n".join([first_line, *traceback]))
    (without,) = records_in(first_line)

    assert record.is_unhandled_exception == is_unhandled
    assert not without.is_unhandled_exception


@pytest.mark.urls("superlists.tests.failing_urls")
def test_the_format_of_the_site_is_read(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    client.raise_request_exception = False
    caplog.handler.setFormatter(
        RequestFormatter(settings.LOGGING["formatters"]["with_request"]["format"])  # type: ignore[index]
    )
    caplog.set_level(logging.INFO)

    client.get("/breaks/here", headers={"X-Request-ID": MINE})

    (record,) = records_in(caplog.text)
    assert record.request_id == MINE
    assert record.is_unhandled_exception
    assert record.cause == "LookupError: the reason, deep down (tests/failing_urls.py:8)"


IN_LIBRARIES = """\
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
NOTED = "2030-01-01 12:00:00,100 INFO lists: Edith arrived"


def test_the_frames_of_libraries_are_left_out() -> None:
    (record,) = records_in(IN_LIBRARIES)

    assert record.brief.splitlines() == [
        "2030-01-01 12:00:00,123 ERROR django.request: Internal Server Error: /x (GET /x)",
        "Traceback (most recent call last):",
        '  File "/site/lists/views.py", line 7, in home',
        "    return deep()",
        "           ^^^^^^",
        "ValueError: no such list",
    ]


def test_a_long_record_keeps_its_beginning_and_its_end() -> None:
    (record,) = records_in("\n".join([NOTED, *(f"line {number}" for number in range(100))]))

    lines = record.brief.splitlines()

    assert len(lines) < 30
    assert lines[0] == NOTED
    assert lines[1].endswith("lines omitted)")
    assert lines[-1] == "line 99"


def test_records_without_a_traceback_are_left_out_after_an_exception() -> None:
    noted, broken = records_in(f"{NOTED}\n{IN_LIBRARIES}")

    assert most_relevant([noted, broken]) == [broken]
    assert most_relevant([noted]) == [noted]
