"""The requests of the suite to a staging site over a connection, and the answers."""

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

import superlists.staging
from acceptance.server.beginning import BeginningElsewhere
from acceptance.server.fixture_requests import LINE_LENGTH, FixtureRequests
from acceptance.server.models import Lease, Marker
from acceptance.server.site import Site, site
from acceptance.server.tests.conftest import EDITH, ELSPETH, HOST, Ask, dump, request
from accounts.models import User
from lists.models import List
from superlists.release import deployed_commit

pytestmark = pytest.mark.django_db

RUN = {"id": ELSPETH.id, "holder": ELSPETH.holder, "longest_pause": 120}


def changed(**members: object) -> bytes:
    """A reset with some of its members changed; None removes one."""
    whole = {"call": "reset", "arguments": {}, "host": HOST, "run": RUN, **members}
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


NONSENSE = {
    "nothing": b"\n",
    "no JSON": b"reset\n",
    "half a request": changed()[:-5],
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "not a number": b"NaN",
    "not UTF-8": b'{"call": "\xff\xfe"}\n',
    "UTF-16": '{"call": "describe"}'.encode("utf-16"),
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "a number of many digits": b"1" * 10_000,
    "no call": changed(call=None),
    "an unknown call": changed(call="delete_everything"),
    "the name of a method": changed(call="__class__"),
    "a list for a call": changed(call=["reset"]),
    "no arguments": changed(arguments=None),
    "a list of arguments": changed(arguments=[]),
    "an argument too many": changed(arguments={"host": HOST}),
    "an argument missing": changed(call="create_session"),
    "a list for a text": changed(call="create_session", arguments={"username": [EDITH]}),
    "no address": changed(call="create_session", arguments={"username": "edith"}),
    "a text for texts": changed(
        call="start_list", arguments={"owner": None, "items": "Buy milk", "shared_with": []}
    ),
    "a number among texts": changed(
        call="start_list", arguments={"owner": None, "items": [1], "shared_with": []}
    ),
    "true for a number": changed(
        call="age_login_links", arguments={"email": EDITH, "minutes": True}
    ),
    "too many minutes": changed(
        call="age_login_links", arguments={"email": EDITH, "minutes": 10**30}
    ),
    "minutes back": changed(call="age_login_links", arguments={"email": EDITH, "minutes": -1}),
    "no host": changed(host=None),
    "a list for a host": changed(host=[HOST]),
    "no run": changed(run=None),
    "a text for a run": changed(run=ELSPETH.id),
    "a run without id": changed(run={"holder": "elspeth@laptop", "longest_pause": 120}),
    "a run without holder": changed(run={"id": ELSPETH.id, "longest_pause": 120}),
    "a run without end": changed(run={"id": ELSPETH.id, "holder": "elspeth@laptop"}),
    "a pause of zero": changed(run={**RUN, "longest_pause": 0}),
    "a pause of hours": changed(run={**RUN, "longest_pause": 3601}),
    "true for a pause": changed(run={**RUN, "longest_pause": True}),
    "half a second of pause": changed(run={**RUN, "longest_pause": 0.5}),
    "a pause that is not a number": changed(run={**RUN, "longest_pause": "120"}),
    "a short id": changed(run={**RUN, "id": "1"}),
    "a number for an id": changed(run={**RUN, "id": 1}),
    "an empty holder": changed(run={**RUN, "holder": ""}),
    "a long holder": changed(run={**RUN, "holder": "e" * 201}),
    "a holder of two lines": changed(run={**RUN, "holder": "elspeth\nharry"}),
    "a holder that rewrites the line": changed(run={**RUN, "holder": "\x1b[2K"}),
    "a release without run": changed(call="release", run=None),
}


def conversation(*requests: bytes) -> list[dict[str, Any]]:
    answers = io.BytesIO()
    FixtureRequests(BeginningElsewhere()).answer_all(io.BytesIO(b"".join(requests)), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


@pytest.mark.parametrize("line", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_in_one_sentence_and_writes_nothing(
    ask: Ask, marked: None, line: bytes
) -> None:
    before = dump()

    (_, refusal, healthy) = conversation(line.rstrip(b"\n").replace(b"\n", b" ") + b"\n", ELSEWHERE)

    assert refusal.keys() == {"refused"}, refusal
    assert refusal["refused"].endswith(".")
    assert "\n" not in refusal["refused"]
    assert len(refusal["refused"]) < 300
    assert dump() == before
    assert "the site is" in healthy["refused"], "the next request is answered as if nothing was"


ELSEWHERE = request("reset", host="superlists.example.com")


def test_an_endless_request_is_refused_once(marked: None) -> None:
    before = dump()
    huge = b" " * (3 * LINE_LENGTH) + changed() + b"\n"

    _, refusal, healthy = conversation(huge, ELSEWHERE)

    assert refusal == {"refused": "A request has at most 1000000 bytes: send a shorter one."}
    assert "the site is" in healthy["refused"]
    assert dump() == before


def test_it_reports_when_it_is_ready_and_answers_in_order(marked: None) -> None:
    assert conversation(
        request("reset"), request("age_login_links", email=EDITH, minutes=1), b"{}\n"
    ) == [
        {"ready": True},
        {"answer": None},
        {"answer": None},
        {
            "refused": "The site has no fixture 'None': deploy the version of the project that the"
            " run uses."
        },
    ]


def test_the_last_line_needs_no_line_break(marked: None) -> None:
    assert conversation(request("reset").rstrip()) == [{"ready": True}, {"answer": None}]


def test_a_session_is_returned_as_a_whole_cookie(ask: Ask) -> None:
    cookie = ask("create_session", username=EDITH)["answer"]
    client = Client()
    client.cookies[cookie["name"]] = cookie["value"]

    assert cookie.keys() == {"name", "value", "path", "secure", "http_only", "same_site"}
    assert EDITH in client.get("/").content.decode()


def test_a_list_is_returned_as_its_path(ask: Ask) -> None:
    path = ask("start_list", owner=EDITH, items=["Buy milk"], shared_with=["oni@example.com"])

    started = List.objects.get()
    assert path == {"answer": started.get_absolute_url()}
    assert [user.email for user in started.shared_with.all()] == ["oni@example.com"]


def test_a_link_is_sent_for_the_site_that_the_run_sees(
    ask: Ask, mailoutbox: list[EmailMessage]
) -> None:
    assert ask("send_login_link", email=EDITH, site="https://localhost:4430") == {"answer": None}

    assert "\nhttps://localhost:4430/accounts/login?token=" in str(mailoutbox[0].body)


def test_a_reset_empties_the_site(ask: Ask) -> None:
    ask("create_session", username=EDITH)

    assert ask("reset") == {"answer": None}

    assert not User.objects.exists()


def test_an_error_is_returned_with_its_traceback(ask: Ask, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answer = ask("send_login_link", email=EDITH, site=f"https://{HOST}")

    assert answer["failed"] == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert answer["traceback"].startswith("Traceback (most recent call last):\n")
    assert "accounts/mail.py" in answer["traceback"]


def test_a_description_has_the_facts_that_a_run_checks_first(ask: Ask, settings: Settings) -> None:
    ask("reset")
    marker, lease = Marker.objects.get(), Lease.objects.get()
    before = dump()

    description = ask("describe")["answer"]

    assert abs(description.pop("time") - time.time()) < 10
    assert description == {
        "site_name": HOST,
        "commit": deployed_commit(settings.BASE_DIR),
        "identity": marker.identity,
        "marker": {"site_name": HOST, "marked_at": marker.marked_at.isoformat()},
        "production_sites": [],
        "hold": {
            "holder": "elspeth@laptop",
            "since": lease.since.isoformat(),
            "expires_at": lease.expires_at.isoformat(),
        },
    }
    assert dump() == before


def test_an_expired_lease_belongs_to_no_one(ask: Ask) -> None:
    ask("reset")
    Lease.objects.update(expires_at=timezone.now())

    assert ask("describe")["answer"]["hold"] is None


def test_a_site_describes_itself_to_anyone(site: None) -> None:
    _, answer = conversation(b'{"call": "describe"}\n')

    description = answer["answer"]
    assert description["site_name"] == HOST
    assert description["marker"] is description["identity"] is description["hold"] is None


def test_a_full_disk_is_reported_in_one_sentence(marked: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        answer = FixtureRequests(BeginningElsewhere()).answer(
            request("start_list", owner=None, items=["x" * 5000], shared_with=[])
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    assert "cannot grow, because the disk is full: " in answer["failed"]
    assert answer["traceback"] == ""


@pytest.fixture
def broken_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_fixtures.py").write_text("def start_list(:\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (None, "name no module of fixtures: set ACCEPTANCE_FIXTURES"),
        ("no.such.module", "(ModuleNotFoundError: No module named 'no')"),
        ("broken_fixtures", "(SyntaxError: "),
    ],
)
@pytest.mark.usefixtures("broken_module")
def test_fixtures_that_cannot_be_imported_are_reported_in_one_sentence(
    ask: Ask, settings: Settings, name: str | None, reason: str
) -> None:
    settings.ACCEPTANCE_FIXTURES = name
    before = dump()

    refusals = {ask(call)["refused"] for call in ("describe", "reset")}

    (refusal,) = refusals
    assert reason in refusal
    assert "\n" not in refusal
    assert refusal.endswith(".")
    assert dump() == before


@pytest.mark.parametrize("name", [None, "no.such.module"])
def test_a_site_that_cannot_be_found_is_reported_in_one_sentence(
    settings: Settings, name: str | None
) -> None:
    settings.ACCEPTANCE_SITE = name

    with pytest.raises(ImproperlyConfigured, match=r"^ACCEPTANCE_SITE .*: \w.*\.$"):
        site()


def test_superlists_implements_the_protocol_of_a_site() -> None:
    kept: Site = superlists.staging

    assert kept is site()
