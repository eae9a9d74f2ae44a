"""Superlists' fixtures, as far as the contract of the profiles does not test them."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from acceptance.fixtures.values import SessionCookie
from acceptance.server.fixtures import create_session
from accounts.limits import admit_login_mail
from accounts.models import CountedRequest, LoginLink, User
from features.support.fixtures import (
    age_login_links,
    age_requests,
    age_sessions,
    count_login_emails,
    repeat_login_requests,
    repeat_requests_of_client,
    start_list,
)
from lists.models import DuplicateItemError, Item, List

EDITH = "edith@example.com"
FRANCIS = "francis@example.com"
ONI = "oni@example.com"
NO_ADDRESSES = ["", "edith", "edith@example", "edith@example.com\nBcc: oni@example.com", "a" * 300]

pytestmark = pytest.mark.django_db


def test_a_tester_on_another_machine_calls_them_without_django() -> None:
    program = (
        "import sys, features.support.person, acceptance.profiles.staging;"
        "print({'django', 'accounts', 'lists'} & sys.modules.keys())"
    )

    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "set()\n"  # noqa: S603


def test_a_list_belongs_to_its_owner_and_is_shared_with_others() -> None:
    path = start_list(" Edith@EXAMPLE.com", ["Buy milk"], ["Oni@EXAMPLE.com"])

    def status(address: str) -> int:
        client, cookie = Client(), create_session(address)
        client.cookies[cookie.name] = cookie.value
        return int(client.get(path).status_code)

    assert [status(address) for address in (EDITH, ONI, FRANCIS)] == [200, 200, 404]
    assert Client().get(path).status_code == 404


def test_a_known_person_owns_their_list() -> None:
    edith = User.objects.create(email=EDITH)

    start_list(EDITH, ["Buy milk"])
    start_list(EDITH, ["Buy milk"])

    assert edith.lists.count() == 2
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("owner", "items", "shared_with", "error"),
    [
        ("edith", ["Buy milk"], [], ValidationError),
        (EDITH, ["Buy milk"], ["oni"], ValidationError),
        (EDITH, ["Buy milk", "Buy milk"], [], DuplicateItemError),
    ],
)
def test_an_invalid_list_leaves_nothing_behind(
    owner: str, items: list[str], shared_with: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        start_list(owner, items, shared_with)

    assert not User.objects.exists()
    assert not List.objects.exists()
    assert not Item.objects.exists()


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (15, False), (16, False)])
def test_a_login_link_is_as_old_as_it_was_made(minutes: int, works: bool) -> None:  # noqa: FBT001
    _, token = LoginLink.create_for(EDITH)

    age_login_links("Edith@EXAMPLE.com", minutes)

    assert (LoginLink.redeem(token) is not None) == works


def test_ageing_adds_up() -> None:
    _, token = LoginLink.create_for(EDITH)

    age_login_links(EDITH, 8)
    age_login_links(EDITH, 8)

    assert LoginLink.redeem(token) is None


def test_the_links_of_others_do_not_age() -> None:
    _, token = LoginLink.create_for(FRANCIS)

    age_login_links(EDITH, 16)

    assert LoginLink.redeem(token) is not None


@pytest.mark.parametrize(("number", "status"), [(14, 200), (15, 429)])
def test_emails_are_counted_beyond_the_limit_of_one_client(
    settings: Settings, number: int, status: int
) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 5
    settings.LOGIN_MAILS_PER_CLIENT_PER_HOUR = 3

    count_login_emails(EDITH, number)

    answer = Client().post("/accounts/send_login_email", {"email": EDITH}, follow=True)
    assert answer.status_code == status


def test_emails_are_counted_up_to_the_limit() -> None:
    count_login_emails(EDITH, 30)
    counted = CountedRequest.objects.count()

    count_login_emails(EDITH, 30)

    assert CountedRequest.objects.count() == counted


def test_the_requests_of_others_do_not_age() -> None:
    for address in (EDITH, "edith@example.com.org", FRANCIS):
        admit_login_mail(address, "192.0.2.1")

    age_requests(" Edith@EXAMPLE.com", 60)

    now = timezone.now() - timedelta(minutes=1)
    recent = CountedRequest.objects.filter(requested_at__gt=now)
    assert {request.source.split()[1] for request in recent} == {
        "192.0.2.1",
        "edith@example.com.org",
        FRANCIS,
    }


@pytest.mark.parametrize(("number", "status"), [(3, 200), (4, 429)])
def test_repeated_requests_count_for_the_client_that_made_the_last_one(
    settings: Settings, client: Client, number: int, status: int
) -> None:
    settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR = 5
    client.post("/accounts/send_login_email", {"email": EDITH})

    repeat_login_requests(EDITH, number)

    answer = client.post("/accounts/send_login_email", {"email": EDITH}, follow=True)
    assert answer.status_code == status
    other = Client(REMOTE_ADDR="192.0.2.2").post(
        "/accounts/send_login_email", {"email": EDITH}, follow=True
    )
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("number", "minutes", "status"), [(3, 0, 302), (4, 0, 429), (4, 59, 429), (4, 60, 302)]
)
def test_requests_of_a_client_are_repeated_and_age(
    settings: Settings, client: Client, number: int, minutes: int, status: int
) -> None:
    settings.OPEN_LISTS_PER_CLIENT_PER_HOUR = 5
    client.post("/lists/new", {"text": "Buy milk"})

    repeat_requests_of_client("open lists", number, minutes)

    assert client.post("/lists/new", {"text": "Make tea"}).status_code == status
    other = Client(REMOTE_ADDR="192.0.2.2")
    assert other.post("/lists/new", {"text": "Make tea"}).status_code == 302


def test_only_the_sessions_of_one_person_age(client: Client) -> None:
    cookies = [create_session(address) for address in (EDITH, EDITH, FRANCIS)]

    age_sessions(" Edith@EXAMPLE.com", 14)

    def is_logged_in(cookie: SessionCookie) -> bool:
        client.cookies[cookie.name] = cookie.value
        return client.get("/my-lists/").status_code == 200

    assert [is_logged_in(cookie) for cookie in cookies] == [False, False, True]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_an_invalid_address_has_neither_links_nor_emails(text: str) -> None:
    with pytest.raises(ValidationError):
        age_login_links(text, 16)
    with pytest.raises(ValidationError):
        count_login_emails(text, 30)
    with pytest.raises(ValidationError):
        age_requests(text, 60)
    with pytest.raises(ValidationError):
        repeat_login_requests(text, 8)


@pytest.mark.parametrize(
    "repeat",
    [lambda: repeat_login_requests(EDITH, 1), lambda: repeat_requests_of_client("changes", 1)],
)
def test_a_request_that_the_site_has_not_counted_is_not_repeated(
    repeat: Callable[[], None],
) -> None:
    with pytest.raises(ValidationError, match="no such request"):
        repeat()
