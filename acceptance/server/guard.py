"""The guard, which keeps the acceptance suite from emptying a site that must not be emptied."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from acceptance.server.beginning import Beginning
from acceptance.server.marking import production_sites
from acceptance.server.models import Lease, Marker
from acceptance.server.refusal import Refused

LEASE_SECONDS_AFTER_A_CUT = 15
"""How long a run keeps the site if its connection ends before it has given the site back."""

_LOCK_SECONDS = 20
"""How long PostgreSQL may wait for a lock of another program; by default, it waits forever."""

_MINUTE = 60


@dataclass(frozen=True)
class Run:
    """One run of the acceptance suite.

    Attributes:
        id: an ID that no other run has.
        holder: the person who started it.
        longest_pause: for how many seconds it may send no request and still be at work.
        identity: the identity of the database on which the run began, or None if it is unknown.

    """

    id: str
    holder: str
    longest_pause: int
    identity: str | None = None


def admit(host: str, run: Run, beginning: Beginning) -> Lease:
    """Let the run change the site, and give the site to it for its `longest_pause`.

    Call this in the transaction that makes the changes. Then the checks still hold when the changes
    are made, and if two runs ask at the same time, the second one waits and finds the lease of the
    first.

    Args:
        host: the name by which the run knows the site.
        run: the run that asks.
        beginning: the state of the site when this process began.

    Returns:
        The lease that the run now has.

    Raises:
        Refused: the database is not marked, is marked for another site, or was marked anew; the
            site has another name than the run expects, or has changed since the process began; or
            another run has the site. Nothing has been written.

    """
    _check_site(host, beginning, run.identity)
    return _acquire(run)


def admit_by_hand(host: str, beginning: Beginning) -> None:
    """Let a person at the server change the site, in the transaction that changes it.

    Raises:
        Refused: for the same reasons as `admit`. The person gets no lease.

    """
    _check_site(host, beginning)
    _free_lease(None)


def check_marker(beginning: Beginning, identity: str | None = None) -> None:
    """Check that the database is marked for this site, and that the site has not changed.

    Args:
        beginning: the state of the site when this process began.
        identity: the identity that the marker must have, or None for any.

    Raises:
        Refused: one of the checks fails.

    """
    # First, because the database may be that of another site.
    beginning.check()
    # The lock makes PostgreSQL's transactions queue here; on SQLite, each starts as a writer, so
    # they are queued already.
    marker = Marker.objects.select_for_update().first()
    if marker is None:
        served = " and ".join(production_sites())
        if served:
            raise Refused(
                f"The database of {settings.SITE_NAME} is not marked as one that may be emptied,"
                f" and {served} served people from it as a production site: check that the site's"
                " settings name a separate database for staging."
            )
        raise Refused(
            f"The database of {settings.SITE_NAME} is not marked as one that may be emptied: if it"
            " may, run manage.py mark_as_staging on the server."
        )
    if marker.site_name != settings.SITE_NAME:
        raise Refused(
            f"The database is marked as the one of {marker.site_name}, but the site is"
            f" {settings.SITE_NAME}, so it looks like a copy: if it may be emptied, run"
            " manage.py mark_as_staging on the server."
        )
    if identity not in (None, marker.identity):
        raise Refused(
            f"The database of {settings.SITE_NAME} is not the one that this run began with, or was"
            " marked anew: check what the site is now before you start another run."
        )
    # Again at the end, when no other program can remove the marker.
    beginning.check()


def limit_waiting() -> None:
    """Limit this transaction's waits for locks to about SQLite's own limit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")


def release(run: Run) -> None:
    """Give the site back, if the run has it."""
    Lease.objects.filter(run_id=run.id).delete()


def expire_soon(lease: Lease) -> None:
    """Let a lease expire soon, unless it was released or renewed meanwhile.

    A run whose connection was lost may continue on a new one within `LEASE_SECONDS_AFTER_A_CUT`.
    """
    soon = timezone.now() + timedelta(seconds=LEASE_SECONDS_AFTER_A_CUT)
    if soon < lease.expires_at:
        current = Lease.objects.filter(run_id=lease.run_id, expires_at=lease.expires_at)
        current.update(expires_at=soon)


def _check_site(host: str, beginning: Beginning, identity: str | None = None) -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("The guard only works in the transaction that it guards.")
    limit_waiting()
    check_marker(beginning, identity)
    if host != settings.SITE_NAME:
        raise Refused(
            f"{host[:100]!r} was asked for, but the site is {settings.SITE_NAME}, and an alias or"
            " a tunnel may lead to the wrong server: use the site's own name."
        )


def _acquire(run: Run) -> Lease:
    """Return the lease of the run, new or renewed."""
    lease = _free_lease(run)
    now = timezone.now()
    if lease.run_id != run.id:
        lease.since = now
    lease.run_id = run.id
    lease.holder = run.holder
    lease.expires_at = now + timedelta(seconds=run.longest_pause)
    lease.save()
    return lease


def _free_lease(run: Run | None) -> Lease:
    """Return the lease, new or from the database, if the run may have it."""
    lease = Lease.objects.first()
    if lease is None:
        return Lease()
    now = timezone.now()
    if lease.expires_at <= now or (run is not None and lease.run_id == run.id):
        return lease
    raise Refused(
        f"{lease.holder} has been using {settings.SITE_NAME} since {_in_utc(lease.since)}"
        f" ({_ago(now - lease.since)}): wait for that run to end, or until"
        f" {_in_utc(lease.expires_at)}, when its lease expires unless the run is still at work."
    )


def _in_utc(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def _ago(time: timedelta) -> str:
    seconds = max(0, int(time.total_seconds()))
    if seconds < 2 * _MINUTE:
        return f"{seconds} seconds ago"
    return f"{seconds // _MINUTE} minutes ago"
