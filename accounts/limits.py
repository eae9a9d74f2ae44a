"""Limit how often one client, or for one address, something may be requested within an hour.

The counts are rows in the site's own database, which all server processes share. django-ratelimit,
the usual choice, counts in Django's cache and needs one with atomic increments that all processes
share, which means another server to run, Memcached or Redis.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from accounts.models import CountedRequest

WINDOW = timedelta(hours=1)

CLIENTS_TOGETHER = 3
"""The limit for one address by all clients together, as a multiple of that by one client."""


@dataclass(frozen=True)
class Limit:
    """The number of requests of one source that are admitted within an hour.

    Attributes:
        source: who or what is counted.
        most: how many are admitted within an hour.
        interval: the time after which one more is admitted beyond that; none is, if None.

    """

    source: str
    most: int
    interval: timedelta | None = None


class TooManyRequestsError(Exception):
    """No further request is admitted before `retry_after` has passed.

    Attributes:
        retry_after: how long to wait.
        limit: the limit that has been reached.

    """

    def __init__(self, retry_after: timedelta, limit: Limit) -> None:
        super().__init__(f"no further request for {retry_after}")
        self.retry_after = retry_after
        self.limit = limit


def minutes_of(wait: timedelta) -> str:
    """Return the wait as text for people, such as "1 minute", rounded up."""
    minutes = math.ceil(wait / timedelta(minutes=1))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def retry_later(response: HttpResponse, refusal: TooManyRequestsError) -> HttpResponse:
    """Add to the response the time to try again, for programs (RFC 9110, 10.2.3); return it."""
    response.headers["Retry-After"] = str(math.ceil(refusal.retry_after.total_seconds()))
    return response


def admit_login_mail(address: str, client: str) -> None:
    """Count one request for an email to a canonical address from a client (see `client_of`).

    No one can lock the owner of an address out. The limit of one client does not affect other
    clients. If many clients together ask for more than anyone needs, the address still gets an
    email from time to time: often enough that the newest link in the mailbox always works.

    Emails that the mail server refuses count, too, so that no one can make the site call that
    server all day.

    Raises:
        TooManyRequestsError: the past hour has as many emails as the settings
            `LOGIN_MAILS_PER_ADDRESS_PER_HOUR` or `LOGIN_MAILS_PER_CLIENT_PER_HOUR` allow. The
            refused request itself does not count.
    """
    per_address = settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR
    admit(
        [
            Limit(f"client {client}", settings.LOGIN_MAILS_PER_CLIENT_PER_HOUR),
            Limit(f"address {address} by {client}", per_address),
            Limit(
                f"address {address}",
                CLIENTS_TOGETHER * per_address,
                interval=settings.LOGIN_LINK_LIFETIME / 3,
            ),
        ]
    )


def forget(limit: Limit) -> None:
    """Reset the count of one source."""
    CountedRequest.objects.filter(source=limit.source).delete()


def forget_clients() -> None:
    """Reset the counts of all clients; those of people, which begin with "address", remain."""
    CountedRequest.objects.exclude(source__startswith="address ").delete()


def admit(limits: Sequence[Limit]) -> None:
    """Count one request against each of the limits.

    Call this function outside of a transaction.

    Raises:
        TooManyRequestsError: one of them has been reached; of several, the one with the longest
            wait. The refused request itself does not count.

    """
    now = timezone.now()
    CountedRequest.objects.filter(requested_at__lte=now - WINDOW).delete()
    # Count only after the own row is visible to all. If two processes counted first, both could
    # find room for one request and let two pass.
    with transaction.atomic(durable=True):
        own = CountedRequest.objects.bulk_create(
            CountedRequest(source=limit.source, requested_at=now) for limit in limits
        )
    wait, limit = max(((_wait(limit, now), limit) for limit in limits), key=lambda pair: pair[0])
    if wait:
        CountedRequest.objects.filter(pk__in=[request.pk for request in own]).delete()
        raise TooManyRequestsError(wait, limit)


def _wait(limit: Limit, now: datetime) -> timedelta:
    """Return the time until the source may ask again; zero if this request is admitted."""
    times = list(
        # Those that have left the window have been deleted.
        CountedRequest.objects.filter(source=limit.source)
        .order_by("-requested_at")
        .values_list("requested_at", flat=True)[: limit.most + 1]
    )
    if len(times) <= limit.most:
        return timedelta(0)
    # The newest is this request; there is room again when the oldest of the `most` before it has
    # left the window.
    room = times[limit.most] + WINDOW - now
    if limit.interval is None:
        return room
    return max(timedelta(0), min(room, times[1] + limit.interval - now))
