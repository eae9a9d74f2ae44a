"""What stands between the acceptance suite and a site that must not be wiped."""

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
"""How long a run keeps the site whose connection has ended before it gave the site back."""

_LOCK_SECONDS = 20
"""How long PostgreSQL may wait for what another program has locked; it would for ever."""

_MINUTE = 60


@dataclass(frozen=True)
class Run:
    """One run of the acceptance suite.

    Attributes:
        id: what no other run has.
        holder: who started it.
        longest_pause: for how many seconds it may ask for nothing and still be at work.
        identity: that of the database on which the run began, or None where it saw none.

    """

    id: str
    holder: str
    longest_pause: int
    identity: str | None = None


def admit(host: str, run: Run, beginning: Beginning) -> Lease:
    """Let the run change the site, and give the site to it for its `longest_pause`.

    Call this in the transaction that makes the changes: then what was checked still holds when
    they are made, and of two runs that come at once the second one waits, and finds the first.

    Args:
        host: the name under which the run knows the site.
        run: who asks.
        beginning: what this process began with.

    Returns:
        the lease that the run now has.

    Raises:
        Refused: the database is not marked, for another site, or was marked anew; the site has
            another name than the run thinks, or is not what it was when the process began; or
            another run has it. Nothing has been written.

    """
    _check_site(host, beginning, run.identity)
    return _acquire(run)


def admit_by_hand(host: str, beginning: Beginning) -> None:
    """Let a person at the server change the site, in the transaction that changes it.

    Raises:
        Refused: as `admit`. The person gets no lease.

    """
    _check_site(host, beginning)
    _free_lease(None)


def check_marker(beginning: Beginning, identity: str | None = None) -> None:
    """See that the database is marked as the one of this site, and the site what it was.

    Args:
        beginning: what this process began with.
        identity: what the marker has to say besides, unless None.

    Raises:
        Refused: it is not.

    """
    # First, because the database may be another site's.
    beginning.see_that_it_holds()
    # The lock makes PostgreSQL's transactions queue here; on SQLite they are queued already,
    # because each starts as a writer.
    marker = Marker.objects.select_for_update().first()
    if marker is None:
        served = " and ".join(production_sites())
        if served:
            raise Refused(
                f"The database of {settings.SITE_NAME} is not marked as one that may be wiped, and"
                f" {served} served people from it as a production site: see that the site's"
                " settings name a database of staging's own."
            )
        raise Refused(
            f"The database of {settings.SITE_NAME} is not marked as one that may be wiped: if it"
            " may, run manage.py mark_as_staging on the server."
        )
    if marker.site_name != settings.SITE_NAME:
        raise Refused(
            f"The database is marked as the one of {marker.site_name}, but the site is"
            f" {settings.SITE_NAME}, so it looks like a copy: if it may be wiped, run"
            " manage.py mark_as_staging on the server."
        )
    if identity not in (None, marker.identity):
        raise Refused(
            f"The database of {settings.SITE_NAME} is not the one that this run began with, or was"
            " marked anew: see what the site is now before you start another run."
        )
    # Last, when no other program can take the marker away.
    beginning.see_that_it_holds()


def limit_waiting() -> None:
    """Let this transaction wait for others no longer than SQLite does by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")


def release(run: Run) -> None:
    """Give the site back, if the run has it."""
    Lease.objects.filter(run_id=run.id).delete()


def expire_soon(lease: Lease) -> None:
    """Let a lease expire soon, unless it was released or renewed since.

    A run that was cut off may come back on a new connection within `LEASE_SECONDS_AFTER_A_CUT`.
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
    """Return the lease, new or as it is in the database, if the run may have it."""
    lease = Lease.objects.first()
    if lease is None:
        return Lease()
    now = timezone.now()
    if lease.expires_at <= now or (run is not None and lease.run_id == run.id):
        return lease
    raise Refused(
        f"{lease.holder} has had {settings.SITE_NAME} since {_in_utc(lease.since)}"
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
