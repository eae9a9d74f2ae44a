"""The description of a staging site; reading it changes nothing."""

import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from acceptance.server.guard import limit_waiting
from acceptance.server.known_fixtures import module_of_site
from acceptance.server.marking import production_sites
from acceptance.server.models import Lease, Marker
from acceptance.server.site import site


def describe() -> dict[str, Any]:
    """Return the facts that a run checks before its first scenario, ready for JSON.

    Returns:
        `site_name`: the site's name. `commit`: 40 hexadecimal digits, or None. `time`: the
        server's clock, in seconds since 1970. `identity`: 32 hexadecimal digits that no other
        database has, or None. `marker`: None, or the `site_name` that the database is marked for
        and the time at which it was `marked_at`. `production_sites`: the names of the production
        sites that served from the database. `hold`: None, or the `holder`, `since` and
        `expires_at` of the lease of the run that has the site now. Times in `marker` and `hold`
        are ISO 8601.

    Raises:
        Refused: the site's own fixtures cannot be imported.

    """
    module_of_site()
    with transaction.atomic():
        limit_waiting()
        # Changes no row, but fails if the database cannot be written to.
        Lease.objects.filter(run_id="").update(run_id="")
        marker = Marker.objects.first()
    lease = Lease.objects.filter(expires_at__gt=timezone.now()).first()
    return {
        "site_name": settings.SITE_NAME,
        "commit": site().commit(),
        "time": time.time(),
        "identity": marker.identity if marker else None,
        "marker": {
            "site_name": marker.site_name,
            "marked_at": marker.marked_at.isoformat(),
        }
        if marker
        else None,
        "production_sites": production_sites(),
        "hold": {
            "holder": lease.holder,
            "since": lease.since.isoformat(),
            "expires_at": lease.expires_at.isoformat(),
        }
        if lease
        else None,
    }
