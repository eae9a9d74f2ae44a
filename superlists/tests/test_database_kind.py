"""Which database a site of which kind may be deployed with."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from acceptance.server.models import Lease, Marker
from accounts.models import User
from superlists import permission_to_wipe
from superlists.database_kind import (
    UnfitDatabaseError,
    make_production,
    see_that_it_may_be_staging,
)
from superlists.models import ProductionUse

pytestmark = pytest.mark.django_db

STAGING = "superlists-staging.example.com"
PRODUCTION = "superlists.example.com"


def traces(*, marked_for: str = "", served: tuple[str, ...] = (), users: int = 0) -> None:
    now = timezone.now()
    if marked_for:
        Marker.objects.create(site_name=marked_for)
    for name in served:
        ProductionUse.objects.create(site_name=name, first_started=now, last_started=now)
    for number in range(users):
        User.objects.create(email=f"edith{number}@example.com")


@pytest.mark.parametrize(
    ("served_as", "served", "refused"),
    [
        # STAGING was written by hand into the .env of a production site.
        ("production", (STAGING,), ""),
        ("staging", (STAGING,), ""),
        # Nothing has served, as far as the folder shows, and the database knows better.
        (None, (STAGING,), f"is that of {STAGING}, which has served from it as a production site"),
        (None, (PRODUCTION,), f"is that of {PRODUCTION}, which has served"),
        ("staging", (PRODUCTION,), f"is that of {PRODUCTION}, which has served"),
        ("production", (PRODUCTION,), f"is that of {PRODUCTION}, which has served"),
        ("production", (STAGING, PRODUCTION), f"is that of {PRODUCTION}, which has served"),
        (None, (), ""),
    ],
)
def test_staging_is_not_deployed_with_the_database_of_a_production_site(
    served_as: str | None, served: tuple[str, ...], refused: str
) -> None:
    traces(served=served)

    try:
        list(see_that_it_may_be_staging(connection, STAGING, served_as))
        said = ""
    except UnfitDatabaseError as refusal:
        said = str(refusal)

    assert bool(said) == bool(refused)
    assert refused in said


def test_what_was_marked_by_name_may_be_staging_whatever_it_was() -> None:
    traces(marked_for=STAGING, served=(PRODUCTION,), users=2)

    assert list(see_that_it_may_be_staging(connection, STAGING, None)) == []


def test_a_copy_is_told_to_be_one() -> None:
    traces(marked_for="other.example.com")

    (note,) = see_that_it_may_be_staging(connection, STAGING, None)

    assert note.startswith("the database is marked as that of other.example.com")


@pytest.mark.parametrize("served_as", [None, "staging"])
def test_a_database_with_users_that_was_never_stagings_is_not_staging(
    served_as: str | None,
) -> None:
    traces(users=2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE staging_marker RENAME TO elsewhere")

    with pytest.raises(UnfitDatabaseError, match="has 2 users and was never a staging site's"):
        list(see_that_it_may_be_staging(connection, STAGING, served_as))

    (note,) = see_that_it_may_be_staging(connection, STAGING, "production")
    assert "nothing of theirs can be wiped before a person types the name" in note


def test_a_staging_site_that_nobody_has_marked_yet_keeps_its_users() -> None:
    traces(users=2)

    assert list(see_that_it_may_be_staging(connection, STAGING, "staging")) == []


def test_a_lease_keeps_every_deployment_away_until_it_expires() -> None:
    traces(marked_for=STAGING)
    now = timezone.now()
    lease = Lease.objects.create(
        run_id="a" * 32, holder="elspeth@laptop", since=now, expires_at=now + timedelta(seconds=60)
    )

    for deployment in (
        make_production(connection, STAGING),
        see_that_it_may_be_staging(connection, STAGING, "staging"),
    ):
        with pytest.raises(UnfitDatabaseError, match=f"^elspeth@laptop has had {STAGING} for "):
            list(deployment)
    assert permission_to_wipe.marked_for(connection) == STAGING

    lease.expires_at = now
    lease.save()
    assert len(list(make_production(connection, STAGING))) == 1
    assert permission_to_wipe.marked_for(connection) is None
