from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.limits import (
    CLIENTS_TOGETHER,
    WINDOW,
    Limit,
    TooManyRequestsError,
    admit,
    admit_login_mail,
    forget,
    forget_clients,
    minutes_of,
)
from accounts.models import CountedRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_limits(settings: Settings) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 2
    settings.LOGIN_MAILS_PER_CLIENT_PER_HOUR = 3


def admitted(address: str, client: str = "192.0.2.1") -> bool:
    try:
        admit_login_mail(address, client)
    except TooManyRequestsError:
        return False
    return True


def let_pass(time: timedelta) -> None:
    CountedRequest.objects.update(requested_at=F("requested_at") - time)


def test_a_client_may_ask_only_so_often_for_an_address() -> None:
    assert [admitted("edith@example.com") for _ in range(3)] == [True, True, False]
    assert admitted("francis@example.com")


def test_no_client_locks_an_address_out_for_others() -> None:
    for _ in range(10):
        admitted("edith@example.com", "192.0.2.66")

    assert admitted("edith@example.com", "192.0.2.1")


def test_many_clients_together_leave_an_address_an_email_from_time_to_time(
    settings: Settings,
) -> None:
    together = CLIENTS_TOGETHER * settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR

    answers = [admitted("edith@example.com", f"192.0.2.{number}") for number in range(50)]

    assert answers == [True] * together + [False] * (50 - together)
    with pytest.raises(TooManyRequestsError) as refusal:
        admit_login_mail("edith@example.com", "198.51.100.1")
    assert timedelta(minutes=4) < refusal.value.retry_after <= timedelta(minutes=5)
    let_pass(refusal.value.retry_after)
    assert admitted("edith@example.com", "198.51.100.1")
    assert not admitted("edith@example.com", "198.51.100.2")


def test_the_newest_link_always_works_where_another_one_is_refused(settings: Settings) -> None:
    """Asking again and again cannot fill the mailbox with nothing but expired links."""
    sent = timedelta(0)
    for number in range(200):
        if admitted("edith@example.com", f"192.0.2.{number}"):
            sent = timedelta(0)
        assert sent < settings.LOGIN_LINK_LIFETIME
        let_pass(timedelta(seconds=20))
        sent += timedelta(seconds=20)


def test_a_client_has_one_limit_for_all_addresses() -> None:
    answers = [admitted(f"person{number}@example.com") for number in range(4)]

    assert answers == [True, True, True, False]
    assert admitted("person0@example.com", "192.0.2.2")


def test_an_address_and_a_client_of_the_same_name_are_two_things() -> None:
    assert [admitted("192.0.2.1", "192.0.2.1") for _ in range(3)] == [True, True, False]
    assert admitted("edith@example.com", "192.0.2.1")


def test_there_is_room_again_when_the_first_request_is_an_hour_old() -> None:
    admitted("edith@example.com")
    let_pass(WINDOW / 2)
    admitted("edith@example.com")
    let_pass(WINDOW / 2)

    assert [admitted("edith@example.com") for _ in range(2)] == [True, False]


def test_a_refusal_includes_how_long_to_wait() -> None:
    admitted("edith@example.com")
    let_pass(timedelta(minutes=20))
    admitted("edith@example.com")

    with pytest.raises(TooManyRequestsError) as refusal:
        admit_login_mail("edith@example.com", "192.0.2.1")

    assert timedelta(minutes=39) < refusal.value.retry_after <= timedelta(minutes=40)


def test_the_longer_of_two_waits_counts() -> None:
    admitted("edith@example.com")
    admitted("edith@example.com")
    let_pass(timedelta(minutes=50))
    for number in range(3):
        admitted(f"person{number}@example.com", "192.0.2.7")

    with pytest.raises(TooManyRequestsError) as refusal:
        admit_login_mail("edith@example.com", "192.0.2.7")

    assert refusal.value.retry_after > timedelta(minutes=59)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 minute"), (60, "1 minute"), (61, "2 minutes"), (3600, "60 minutes")],
)
def test_a_wait_is_shown_in_minutes_rounded_up(seconds: int, words: str) -> None:
    assert minutes_of(timedelta(seconds=seconds)) == words


def test_asking_while_locked_out_does_not_prolong_it() -> None:
    for _ in range(2):
        admitted("edith@example.com")
    let_pass(WINDOW - timedelta(minutes=1))
    assert [admitted("edith@example.com") for _ in range(5)] == [False] * 5

    let_pass(timedelta(minutes=1))

    assert admitted("edith@example.com")


def test_a_refused_address_costs_the_client_nothing() -> None:
    for _ in range(5):
        admitted("edith@example.com")

    assert [admitted(f"person{number}@example.com") for number in range(2)] == [True, False]


def test_old_requests_are_not_kept() -> None:
    admitted("edith@example.com")
    let_pass(WINDOW)

    admitted("francis@example.com", "192.0.2.2")

    assert sorted(CountedRequest.objects.values_list("source", flat=True)) == [
        "address francis@example.com",
        "address francis@example.com by 192.0.2.2",
        "client 192.0.2.2",
    ]


def test_a_request_is_visible_to_all_before_anyone_counts() -> None:
    """Two that count first would both find the last free place."""
    with CaptureQueriesContext(connection) as queries:
        admit_login_mail("edith@example.com", "192.0.2.1")

    verbs = [query["sql"].split()[0] for query in queries]
    assert verbs.count("INSERT") == 1
    assert "SELECT" not in verbs[: verbs.index("INSERT")]
    assert "SELECT" in verbs


@pytest.mark.django_db(transaction=True)
def test_no_request_is_counted_in_a_transaction() -> None:
    """No one else would see it before the transaction ends."""
    with pytest.raises(RuntimeError), transaction.atomic():
        admit_login_mail("edith@example.com", "192.0.2.1")


def test_one_source_is_forgotten_alone() -> None:
    one, other = (Limit(source, most=1) for source in ("one", "other"))
    admit([one, other])

    forget(one)

    admit([one])
    with pytest.raises(TooManyRequestsError):
        admit([other])


def test_the_longest_address_fits() -> None:
    assert admitted("a" * 254, "2001:db8:1111:2222::/64")
    for counted in CountedRequest.objects.all():
        counted.full_clean()


def test_a_forgotten_client_may_ask_again_but_not_for_the_same_address() -> None:
    addresses = ["edith@example.com", "edith@example.com", "francis@example.com"]
    assert all(map(admitted, addresses))
    assert not admitted("oni@example.com")

    forget_clients()

    assert admitted("oni@example.com")
    assert not admitted("edith@example.com")
