"""How many login mails may be asked for within an hour, for one address and by one client.

The counts are rows in the site's own database, which all server processes share. django-ratelimit,
the usual choice, counts in Django's cache and needs one with atomic increments that all processes
share, which is a Memcached or Redis server more to run.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import LoginMailRequest

WINDOW = timedelta(hours=1)


class TooManyLoginMailsError(Exception):
    """Nobody may have another login mail before `retry_after` has passed."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"no further login mail for {retry_after}")
        self.retry_after = retry_after


def admit_login_mail(address: str, client: str) -> None:
    """Count one request for a mail to a canonical address, from a client as `client_of` has it.

    Mails that the mail server refuses count, too: the limits also keep people from making the
    site knock at it all day.

    Raises:
        TooManyLoginMailsError: the hour before now has as many mails as the settings
            `LOGIN_MAILS_PER_ADDRESS_PER_HOUR` or `LOGIN_MAILS_PER_CLIENT_PER_HOUR` allow. The
            refused request itself does not count.
    """
    limits = {
        f"address {address}": settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR,
        f"client {client}": settings.LOGIN_MAILS_PER_CLIENT_PER_HOUR,
    }
    now = timezone.now()
    LoginMailRequest.objects.filter(requested_at__lte=now - WINDOW).delete()
    # Count only after one's own row is there for everybody to see. Of two processes that counted
    # first, both could find room for one and let two pass.
    with transaction.atomic(durable=True):
        own = LoginMailRequest.objects.bulk_create(
            LoginMailRequest(source=source, requested_at=now) for source in limits
        )
    wait = max(_wait(source, limit, now) for source, limit in limits.items())
    if wait:
        LoginMailRequest.objects.filter(pk__in=[request.pk for request in own]).delete()
        raise TooManyLoginMailsError(wait)


def _wait(source: str, limit: int, now: datetime) -> timedelta:
    """How long until the source may ask again; zero if this request, counted already, is fine."""
    times = (
        LoginMailRequest.objects.filter(source=source, requested_at__gt=now - WINDOW)
        .order_by("-requested_at")
        .values_list("requested_at", flat=True)
    )
    # The newest is this request; there is room again when the last of the `limit` before it
    # has left the window.
    beyond = list(times[limit : limit + 1])
    return beyond[0] + WINDOW - now if beyond else timedelta(0)
