"""The states of Superlists that scenarios start from, made with the site's own code.

The models are imported where they are used, because the tester of a site on a server does not set
up Django.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from acceptance.fixtures.declaration import fixture
from acceptance.fixtures.values import PagePath

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import CountedRequest


@fixture
def start_list(
    owner: str | None, items: Sequence[str], shared_with: Sequence[str] = ()
) -> PagePath:
    """Start a list and return the path of its page.

    Args:
        owner: the email address of its owner, or None for an open list.
        items: the texts of its items, in order.
        shared_with: the email addresses of the people the list is shared with.

    """
    from django.db import transaction

    from accounts.addresses import canonical_address
    from accounts.models import User
    from lists.models import List

    with transaction.atomic():
        person = None
        if owner is not None:
            person, _ = User.objects.get_or_create(email=canonical_address(owner))
        started = List.objects.create(owner=person)
        for text in items:
            started.add(text)
        for address in shared_with:
            started.share_with(canonical_address(address))
    return started.get_absolute_url()


# The link must be in the database before the email can arrive, and a slow mail server must not
# keep the database locked for the visitors of the site.
@fixture(commits=True)
def send_login_link(email: str, site: str) -> None:
    """Send a login link to this address, as the site does on request.

    Args:
        email: the address.
        site: the address of the site's home page, without a slash at its end.

    """
    from django.urls import reverse

    from accounts import mail
    from accounts.addresses import canonical_address

    mail.send_login_link(canonical_address(email), site + reverse("accounts:open_link"))


@fixture
def age_login_links(email: str, minutes: Annotated[int, Field(ge=0, le=1_000_000)]) -> None:
    """Make the login links that were sent to this address so many minutes older."""
    from django.db.models import F

    from accounts.addresses import canonical_address
    from accounts.models import LoginLink

    links = LoginLink.objects.filter(email=canonical_address(email))
    links.update(created_at=F("created_at") - timedelta(minutes=minutes))


@fixture
def age_sessions(email: str, days: Annotated[int, Field(ge=0, le=1000)]) -> None:
    """Make the sessions in which this person is logged in so many days older."""
    from django.contrib.auth import SESSION_KEY
    from django.contrib.sessions.models import Session

    from accounts.addresses import canonical_address
    from accounts.models import User

    person = User.objects.get(email=canonical_address(email))
    for session in Session.objects.all():
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.expire_date -= timedelta(days=days)
            session.save()


@fixture
def age_requests(email: str, minutes: Annotated[int, Field(ge=0, le=1_000_000)]) -> None:
    """Make the requests that the site has counted for this address so many minutes older."""
    from django.db.models import F

    from accounts.addresses import canonical_address

    _requests_about(canonical_address(email)).update(
        requested_at=F("requested_at") - timedelta(minutes=minutes)
    )


@fixture
def repeat_login_requests(email: str, number: Annotated[int, Field(ge=0, le=1000)]) -> None:
    """Make the site count the last request for a login link to this address again, so often.

    The requests count for the client that made the last one. No email is sent.
    """
    from accounts.addresses import canonical_address

    _repeat_last(_requests_about(canonical_address(email)), number)


@fixture
def repeat_requests_of_client(
    what: Literal["login links", "open lists", "changes"],
    number: Annotated[int, Field(ge=0, le=1000)],
    minutes: Annotated[int, Field(ge=0, le=1_000_000)] = 0,
) -> None:
    """Make the site count the last request of this kind again, for the client that made it.

    All requests of this kind then become so many minutes older.
    """
    from django.db.models import F

    from accounts.models import CountedRequest

    sources = {
        "login links": "client ",
        "open lists": "open lists by ",
        "changes": "open items by ",
    }
    requests = CountedRequest.objects.filter(source__startswith=sources[what])
    _repeat_last(requests, number)
    requests.update(requested_at=F("requested_at") - timedelta(minutes=minutes))


# The site counts requests in separate transactions.
@fixture(commits=True)
def count_login_emails(email: str, number: Annotated[int, Field(ge=0, le=1000)]) -> None:
    """Make the site count so many login emails to this address within the last hour.

    It counts no further than the site's own limit.
    """
    from accounts.addresses import canonical_address
    from accounts.limits import admit_login_mail

    address = canonical_address(email)
    # Each from a different client, so that only the limit of the address is reached.
    _count(number, lambda client: admit_login_mail(address, client=f"fixture {client}"))


# The site counts requests in separate transactions.
@fixture(commits=True)
def count_sharing_emails(email: str, number: Annotated[int, Field(ge=0, le=1000)]) -> None:
    """Make the site count so many emails about shared lists to this address in the last hour.

    It counts no further than the site's own limit.
    """
    from accounts.addresses import canonical_address
    from lists.limits import admit_sharing_email

    address = canonical_address(email)
    # Each from a different owner, so that only the limit of the address is reached.
    _count(number, lambda owner: admit_sharing_email(f"fixture-{owner}@example.com", address))


# The site counts requests in separate transactions.
@fixture(commits=True)
def count_emails_of_owner(email: str, number: Annotated[int, Field(ge=0, le=1000)]) -> None:
    """Make the site count so many emails about the lists of this owner within the last hour.

    It counts no further than the site's own limit.
    """
    from accounts.addresses import canonical_address
    from lists.limits import admit_sharing_email

    owner = canonical_address(email)
    # Each to a different address, so that only the limit of the owner is reached.
    _count(number, lambda sharee: admit_sharing_email(owner, f"fixture-{sharee}@example.com"))


def _requests_about(address: str) -> "QuerySet[CountedRequest]":
    """Return the requests that the site has counted for an address, whichever client made them."""
    from django.db.models import Q

    from accounts.models import CountedRequest

    source = f"address {address}"
    return CountedRequest.objects.filter(Q(source=source) | Q(source__startswith=f"{source} "))


def _repeat_last(requests: "QuerySet[CountedRequest]", number: int) -> None:
    """Count the last of these requests again, so often.

    Raises:
        ValidationError: the site has counted none.

    """
    from django.core.exceptions import ValidationError

    from accounts.models import CountedRequest

    counted = requests.order_by("requested_at").last()
    if counted is None:
        message = "The site has counted no such request, so there is none to count again."
        raise ValidationError(message)
    last = counted.requested_at
    CountedRequest.objects.bulk_create(
        CountedRequest(source=request.source, requested_at=last)
        for request in list(requests.filter(requested_at=last))
        for _ in range(number)
    )


def _count(number: int, admit: Callable[[int], None]) -> None:
    """Let the site count requests, no further than its own limit."""
    from accounts.limits import TooManyRequestsError

    with suppress(TooManyRequestsError):
        for each in range(number):
            admit(each)
