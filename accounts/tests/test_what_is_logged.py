"""The log of a server contains nothing that identifies a person or logs anyone in."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import LoginLink
from accounts.tests.conftest import session_key
from superlists.request_logging import RequestFormatter

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "edith@example.com"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log, down to the least important of the site's own records."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    formatters: Any = settings.LOGGING["formatters"]
    handler.setFormatter(RequestFormatter(formatters["with_request"]["format"]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_nothing_that_people_do_is_logged(
    client: Client,
    log: io.StringIO,
    mailoutbox: list[EmailMessage],
    capfd: pytest.CaptureFixture[str],
) -> None:
    client.post("/accounts/send_login_email", {"email": ADDRESS})
    token = str(mailoutbox[0].body).rsplit("token=", 1)[-1]
    client.get(f"/accounts/login?token={token}")
    client.post("/accounts/login", {"token": token})
    key = session_key(client)
    page = client.post("/lists/new", {"text": "Buy milk"}).headers["Location"]
    client.post(f"{page}share", {"sharee": "oni@example.com"})
    client.post("/accounts/logout")

    assert key
    assert log.getvalue() == ""
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_refused_is_logged_without_its_token(
    client: Client, log: io.StringIO, method: str
) -> None:
    token = "A" * 42 if method == "get" else LoginLink.create_for(ADDRESS)[1]
    client.cookies["sessionid"] = "s" * 32
    if method == "post":
        Client().post("/accounts/login", {"token": token})

    getattr(client, method)("/accounts/login", {"token": token})

    line = log.getvalue()
    request = f"{method.upper()} /accounts/login"
    assert re.search(
        rf" WARNING django.request \[\w+\]: Bad Request: /accounts/login \({request}\)\n\Z", line
    )
    assert token not in line
    assert ADDRESS not in line
    assert "s" * 32 not in line
    assert line.count("\n") == 1
