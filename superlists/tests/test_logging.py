import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, RequestFactory

from superlists.request_logging import RequestFormatter
from superlists.tests.conftest import Run

ASK_FOR_THE_BROKEN_PAGE = """
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ROOT_URLCONF = "superlists.tests.failing_urls"
client = Client(raise_request_exception=False)
host = {"host": settings.ALLOWED_HOSTS[0]}
host["X-Request-ID"] = "2f1c7d0e5b8a4f60a1d35e9b7c64e201"
client.post("/breaks/here?token=secret", secure=True, headers=host)
"""


@pytest.mark.parametrize("on_a_server", [True, False])
def test_the_console_shows_an_error_with_its_request_and_its_cause(
    run: Run, production: dict[str, str], *, on_a_server: bool
) -> None:
    answer = run(
        # WhiteNoise warns that there are no static files; only a server collects them.
        "-W",
        "ignore:No directory at",
        "-c",
        ASK_FOR_THE_BROKEN_PAGE,
        DJANGO_SETTINGS_MODULE="superlists.settings",
        **(production if on_a_server else {}),
    )

    assert answer.returncode == 0, answer.stderr
    first, *rest = answer.stderr.splitlines()
    assert first.endswith(
        " ERROR django.request [2f1c7d0e5b8a4f60a1d35e9b7c64e201]: "
        "Internal Server Error: /breaks/here (POST /breaks/here)"
    )
    logged = datetime.strptime(f"{first[:23]} +0000", "%Y-%m-%d %H:%M:%S,%f %z")
    assert abs(datetime.now(UTC) - logged) < timedelta(minutes=10), "the log is not in UTC"
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1] == "LookupError: the reason, deep down"
    assert answer.stderr.count("Traceback") == 1
    assert "secret" not in answer.stderr


def test_django_has_no_handlers_that_would_print_a_line_again() -> None:
    assert logging.getLogger("django").handlers == []


def formatted(**extra: object) -> str:
    record = logging.makeLogRecord({"msg": "Something", **extra})
    return RequestFormatter("%(message)s").format(record)


def test_a_line_without_a_request_stays_as_it_is() -> None:
    assert formatted() == "Something"


def test_a_request_of_another_kind_is_left_alone() -> None:
    assert formatted(request=object()) == "Something"


def test_a_path_cannot_forge_a_second_line() -> None:
    request = RequestFactory().get("/x%0AERROR%20all%20is%20lost")

    assert formatted(request=request) == r"Something (GET /x\nERROR all is lost)"


def test_a_line_outside_of_requests_names_none() -> None:
    record = logging.makeLogRecord({"msg": "Something", "name": "somewhere"})

    assert RequestFormatter("%(name)s%(request_tag)s").format(record) == "somewhere"


def test_the_client_can_choose_the_id_of_its_request(client: Client) -> None:
    answer = client.get("/health", headers={"X-Request-ID": "2f1c7d0e5b8a4f60a1d35e9b7c64e201"})

    assert answer["X-Request-ID"] == "2f1c7d0e5b8a4f60a1d35e9b7c64e201"
    assert "Access-Control-Expose-Headers" not in answer


@pytest.mark.parametrize("name", ["", "no UUID", "2f1c7d0e" * 40, "2f1c7d0e\tERROR all is lost"])
def test_an_id_that_is_not_a_uuid_is_replaced(
    client: Client, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    answer = client.get("/health", headers={"X-Request-ID": name})

    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])
    assert caplog.text == ""
