"""What a staging site tells about itself; reading it changes nothing."""

import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from staging.guard import limit_waiting
from staging.models import Hold, Marker
from superlists.release import deployed_commit


def describe() -> dict[str, Any]:
    """Return what a run checks before its first scenario, ready for JSON.

    Returns:
        `site_name`: the site's SITENAME. `commit`: 40 hexadecimal digits, or None. `time`: the
        server's clock, in seconds since 1970. `identity`: 32 hexadecimal digits that no other
        database has, or None. `marker`: None, or the `site_name` that the database is marked for
        and when it was `marked_at`. `hold`: None, or the `holder`, `since` and `expires_at` of
        the run that has the site now. Times within the last two are ISO 8601.

    """
    # As the guard asks: what keeps a fixture from being made is found here already.
    with transaction.atomic():
        limit_waiting()
        marker = Marker.objects.select_for_update().first()
    hold = Hold.objects.filter(expires_at__gt=timezone.now()).first()
    return {
        "site_name": settings.SITE_NAME,
        "commit": deployed_commit(settings.BASE_DIR),
        "time": time.time(),
        "identity": marker.identity if marker else None,
        "marker": {
            "site_name": marker.site_name,
            "marked_at": marker.marked_at.isoformat(),
        }
        if marker
        else None,
        "hold": {
            "holder": hold.holder,
            "since": hold.since.isoformat(),
            "expires_at": hold.expires_at.isoformat(),
        }
        if hold
        else None,
    }
