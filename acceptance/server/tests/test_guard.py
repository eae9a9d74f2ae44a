"""Attempts to get past the guard of a site that must not be emptied."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from pytest_django import Settings

from acceptance.fixtures.declaration import Fixture
from acceptance.server import fixtures, guard, known_fixtures
from acceptance.server.beginning import BeginningElsewhere
from acceptance.server.models import Lease, Marker
from acceptance.server.refusal import Refused
from acceptance.server.tests.conftest import EDITH, ELSPETH, HARRY, HOST, Ask, dump
from accounts.models import CountedRequest, User
from features.support.fixtures import send_login_link, start_list
from superlists.models import ProductionUse

pytestmark = pytest.mark.django_db

ARGUMENTS: dict[str, dict[str, object]] = {
    "reset": {},
    "forget_clients": {},
    "create_session": {"username": EDITH},
    "find_view": {"path": "/"},
    "find_declaration": {"message": "no such constraint"},
    "start_list": {"owner": EDITH, "items": ["Buy milk"], "shared_with": []},
    "age_login_links": {"email": EDITH, "minutes": 5},
    "send_login_link": {"email": EDITH, "site": f"https://{HOST}"},
    "send_trial_mail": {"email": EDITH, "home": f"https://{HOST}"},
    "count_login_emails": {"email": EDITH, "number": 30},
    "count_sharing_emails": {"email": EDITH, "number": 30},
    "count_emails_of_owner": {"email": EDITH, "number": 30},
    "age_sessions": {"email": EDITH, "days": 1},
    "age_requests": {"email": EDITH, "minutes": 5},
    "repeat_login_requests": {"email": EDITH, "number": 1},
    "repeat_requests_of_client": {"what": "login links", "number": 1},
}
"""For each call, arguments with which it would change the database."""

HERE = BeginningElsewhere()

OTHER_HOSTS = [
    "superlists.example.com",
    "localhost",
    "127.0.0.1",
    "",
    HOST.upper(),
    f"{HOST}.",
    f" {HOST}",
    f"{HOST}\n",
    f"{HOST}:443",
    f"https://{HOST}",
    HOST.replace("a", "\N{CYRILLIC SMALL LETTER A}"),
    HOST.replace("s", "\N{LATIN SMALL LETTER LONG S}"),
    HOST.replace("-", "\N{NON-BREAKING HYPHEN}"),
    HOST.replace(".", "\N{IDEOGRAPHIC FULL STOP}"),
    "x" * 100_000,
]


def leased_by_harry() -> None:
    with transaction.atomic():
        guard.admit(HOST, HARRY, HERE)


def age_lease(seconds: int) -> None:
    """Make the lease older by so many seconds."""
    lease = Lease.objects.get()
    lease.since -= timedelta(seconds=seconds)
    lease.expires_at -= timedelta(seconds=seconds)
    lease.save()


def seconds_left() -> int:
    return round((Lease.objects.get().expires_at - timezone.now()).total_seconds())


def unmarked(_settings: Settings) -> None:
    Marker.objects.all().delete()


def copied_to_another_site(settings: Settings) -> None:
    settings.SITE_NAME = "superlists.example.com"


def copied_from_another_site(_settings: Settings) -> None:
    Marker.objects.update(site_name="superlists.example.com")


def in_use(_settings: Settings) -> None:
    leased_by_harry()


OBSTACLES = [unmarked, copied_to_another_site, copied_from_another_site, in_use]


@pytest.fixture
def full(marked: None) -> None:
    """A site with content that a call could destroy or change."""
    start_list(EDITH, ["Buy milk"])
    send_login_link(EDITH, f"https://{HOST}")
    fixtures.create_session(EDITH)
    for source in (f"address {EDITH}", "client 198.51.100.7"):
        CountedRequest.objects.create(source=source)


def sentence(answer: dict[str, object]) -> str:
    assert answer.keys() == {"refused"}, answer
    text = str(answer["refused"])
    assert text.endswith(".")
    assert ": " in text, "it explains what to do"
    assert "\n" not in text
    return text


@pytest.mark.parametrize("call", ARGUMENTS)
def test_a_run_that_is_admitted_gets_its_fixture(full: None, ask: Ask, call: str) -> None:
    before = dump()

    answer = ask(call, **ARGUMENTS[call])

    assert answer.keys() == {"answer"}
    assert dump() != before


def test_every_call_is_tried() -> None:
    modules = (fixtures, known_fixtures.module_of_site())
    declared = [each for module in modules for each in vars(module).values()]
    assert ARGUMENTS.keys() == {each.name for each in declared if isinstance(each, Fixture)}


@pytest.mark.parametrize("call", ARGUMENTS)
@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_refusal_writes_nothing(
    full: None, ask: Ask, settings: Settings, call: str, obstacle: Callable[[Settings], None]
) -> None:
    obstacle(settings)
    before = dump()

    sentence(ask(call, **ARGUMENTS[call]))

    assert dump() == before


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_another_name_of_the_host_is_refused(full: None, ask: Ask, host: str) -> None:
    before = dump()

    refusal = sentence(ask("reset", host=host))

    assert f"the site is {HOST}" in refusal
    assert len(refusal) < 1000
    assert dump() == before


def test_an_unmarked_database_is_reported(ask: Ask) -> None:
    Marker.objects.all().delete()

    assert sentence(ask("reset")) == (
        f"The database of {HOST} is not marked as one that may be emptied: if it may, run manage.py"
        " mark_as_staging on the server."
    )


def test_a_database_that_served_production_must_not_be_marked(ask: Ask) -> None:
    Marker.objects.all().delete()
    now = timezone.now()
    ProductionUse.objects.create(
        site_name="superlists.example.com", first_started=now, last_started=now
    )

    refusal = sentence(ask("reset"))

    assert "superlists.example.com served people from it as a production site" in refusal
    assert "mark_as_staging" not in refusal


@pytest.mark.parametrize("host", [HOST, "superlists.example.com"])
def test_a_copied_database_is_reported(ask: Ask, settings: Settings, host: str) -> None:
    settings.SITE_NAME = "superlists.example.com"

    assert sentence(ask("reset", host=host)) == (
        f"The database is marked as the one of {HOST}, but the site is superlists.example.com, so"
        " it looks like a copy: if it may be emptied, run manage.py mark_as_staging on the server."
    )


def test_a_marker_in_other_letters_is_that_of_another_site(ask: Ask) -> None:
    Marker.objects.update(site_name=HOST.upper())

    assert "looks like a copy" in sentence(ask("reset"))


@pytest.mark.parametrize(("seconds", "ago"), [(65, "65 seconds"), (365, "6 minutes")])
def test_another_run_has_to_wait_and_learns_who_has_the_site(
    ask: Ask, seconds: int, ago: str
) -> None:
    leased_by_harry()
    lease = Lease.objects.get()
    lease.since -= timedelta(seconds=seconds)
    lease.save()

    refusal = sentence(ask("reset"))

    assert refusal == (
        f"harry@desktop has been using {HOST} since {lease.since:%Y-%m-%d %H:%M:%S} UTC ({ago}"
        f" ago): wait for that run to end, or until {lease.expires_at:%Y-%m-%d %H:%M:%S} UTC, when"
        " its lease expires unless the run is still at work."
    )


def test_the_same_holder_in_another_run_has_to_wait(ask: Ask) -> None:
    ask("reset", run=HARRY)

    assert "harry@desktop has been using" in sentence(
        ask("reset", run=replace(ELSPETH, holder=HARRY.holder))
    )


def test_an_expired_lease_is_free(ask: Ask) -> None:
    leased_by_harry()
    age_lease(seconds=HARRY.longest_pause)

    assert "answer" in ask("reset")

    lease = Lease.objects.get()
    assert lease.holder == "elspeth@laptop"
    assert timezone.now() - lease.since < timedelta(seconds=10)
    assert "elspeth@laptop has been using" in sentence(ask("reset", run=HARRY))


def test_a_lease_that_was_given_back_is_free(ask: Ask) -> None:
    ask("reset", run=HARRY)
    ask("release", run=HARRY)

    assert "answer" in ask("reset")


def test_no_one_gives_back_the_lease_of_another_run(ask: Ask) -> None:
    leased_by_harry()

    assert ask("release") == {"answer": None}

    assert Lease.objects.get().holder == "harry@desktop"


def test_every_request_renews_the_lease(ask: Ask) -> None:
    ask("reset")
    age_lease(seconds=100)
    since = Lease.objects.get().since

    ask("create_session", username=EDITH)

    assert seconds_left() == ELSPETH.longest_pause
    assert Lease.objects.get().since == since


def test_a_run_that_waits_long_for_its_email_keeps_the_site(ask: Ask) -> None:
    ask("reset", run=replace(HARRY, longest_pause=1200))
    age_lease(seconds=1199)

    assert "harry@desktop has been using" in sentence(ask("reset"))


def test_a_wipe_leaves_the_marker_and_the_lease(ask: Ask) -> None:
    marker = Marker.objects.get().identity

    ask("reset")

    assert Marker.objects.get().identity == marker
    assert Lease.objects.get().holder == "elspeth@laptop"


def test_a_fixture_that_fails_takes_no_lease(ask: Ask) -> None:
    answer = ask("start_list", owner=None, items=["Buy milk", "Buy milk"], shared_with=[])

    assert "failed" in answer
    assert not Lease.objects.exists()


def test_a_lease_is_shortened_when_its_connection_ends(marked: None) -> None:
    with transaction.atomic():
        lease = guard.admit(HOST, ELSPETH, HERE)

    guard.expire_soon(lease)

    assert seconds_left() == guard.LEASE_SECONDS_AFTER_A_CUT


def test_a_lease_that_ends_sooner_is_not_extended(marked: None) -> None:
    with transaction.atomic():
        guard.admit(HOST, ELSPETH, HERE)
    age_lease(seconds=ELSPETH.longest_pause + 1)

    guard.expire_soon(Lease.objects.get())

    assert seconds_left() == -1


def test_a_run_that_continues_on_another_connection_keeps_its_lease(marked: None) -> None:
    with transaction.atomic():
        cut = guard.admit(HOST, ELSPETH, HERE)
    with transaction.atomic():
        guard.admit(HOST, ELSPETH, HERE)

    guard.expire_soon(cut)

    assert seconds_left() == ELSPETH.longest_pause


def test_a_person_at_the_server_learns_who_has_the_site(marked: None) -> None:
    leased_by_harry()

    with transaction.atomic(), pytest.raises(Refused, match=r"^harry@desktop has been using "):
        guard.admit_by_hand(HOST, HERE)


def test_a_person_at_the_server_takes_no_lease(marked: None) -> None:
    with transaction.atomic():
        guard.admit_by_hand(HOST, HERE)

    assert not Lease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_guard_insists_on_a_transaction(marked: None) -> None:
    with pytest.raises(TransactionManagementError):
        guard.admit(HOST, ELSPETH, HERE)

    assert not Lease.objects.exists()


@pytest.mark.parametrize("model", [Marker, Lease])
def test_a_second_row_is_refused_by_the_database(
    marked: None, model: type[Marker] | type[Lease]
) -> None:
    now = timezone.now()
    row = (
        Marker(id=2, site_name=HOST)
        if model is Marker
        else Lease(id=2, run_id=HARRY.id, holder=HARRY.holder, since=now, expires_at=now)
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_refused_reset_does_not_affect_people(full: None, ask: Ask) -> None:
    leased_by_harry()

    ask("reset")

    assert User.objects.exists()
