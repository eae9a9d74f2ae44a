"""The kind of a site is decided by what exists, never by what is missing."""

import pytest

from fabfile.deployed_site import Site
from fabfile.errors import DeploymentError
from fabfile.kind import check_kind
from fabfile.releases import Release, Releases

SITE = Site("superlists-staging.test", "elspeth", "/home/elspeth")
COMMIT = "0123456789abcdef0123456789abcdef01234567"

AS_PRODUCTION = {
    "DJANGO_DEBUG_FALSE": "y",
    "SITENAME": SITE.host,
    "DJANGO_SECRET_KEY": "hunter2",
    "DATABASE_URL": SITE.database_url,
}
AS_STAGING = {**AS_PRODUCTION, "STAGING": "y"}


def releases(kind: str | None, *, link: bool = True) -> Releases:
    """Return one release of a kind, or none; `current` links to it if `link`."""
    if kind is None:
        return Releases([], None)
    only = Release("20260101T120000Z-0123456", COMMIT, "3.11-abc", staging=kind == "staging")
    return Releases([only], only if link else None)


NONE = releases(None)
PRODUCTION, STAGING = releases("production"), releases("staging")
PRODUCTION_WITHOUT_LINK = releases("production", link=False)


@pytest.mark.parametrize(
    ("found", "there", "staging"),
    [
        (None, NONE, False),
        (None, NONE, True),
        # A person may write this before the first deployment.
        ({"DATABASE_URL": "postgres://x", "EMAIL_HOST": "smtp.test"}, NONE, True),
        (AS_STAGING, NONE, True),
        (AS_STAGING, STAGING, True),
        (AS_STAGING, releases("staging", link=False), True),
        (AS_PRODUCTION, NONE, False),
        (AS_PRODUCTION, PRODUCTION, False),
        # Converted by hand in .env, as docs/how-to/deploy.md describes.
        (AS_PRODUCTION, STAGING, False),
        ({**AS_PRODUCTION, "STAGING": "n"}, STAGING, False),
        (AS_STAGING, PRODUCTION, True),
    ],
)
def test_a_site_of_this_kind_may_be_deployed(
    found: dict[str, str] | None, there: Releases, *, staging: bool
) -> None:
    check_kind(found, there, SITE, staging=staging)


@pytest.mark.parametrize(
    ("found", "there", "staging", "reason"),
    [
        (AS_PRODUCTION, PRODUCTION, True, "looks like a production site"),
        (AS_PRODUCTION, PRODUCTION_WITHOUT_LINK, True, "looks like a production site"),
        (AS_PRODUCTION, NONE, True, "looks like a production site"),
        (AS_PRODUCTION, STAGING, True, "looks like a production site"),
        ({"SITENAME": SITE.host}, NONE, True, "looks like a production site"),
        ({"DJANGO_SECRET_KEY": "hunter2"}, NONE, True, "looks like a production site"),
        ({}, PRODUCTION_WITHOUT_LINK, True, "looks like a production site"),
        ({**AS_PRODUCTION, "STAGING": "n"}, PRODUCTION, True, "is not y"),
        ({"STAGING": ""}, NONE, True, "is not y"),
        (None, PRODUCTION, True, "There is no /home"),
        (None, PRODUCTION_WITHOUT_LINK, True, "There is no /home"),
        (None, PRODUCTION, False, "There is no /home"),
        (None, STAGING, False, "There is no /home"),
        (AS_STAGING, STAGING, False, "--staging=superlists-staging.test"),
        ({**AS_STAGING, "STAGING": "True"}, STAGING, False, "is a staging server"),
        (AS_STAGING, NONE, False, "is a staging server"),
        (AS_STAGING, PRODUCTION, False, "one of the two is wrong"),
        ({**AS_STAGING, "STAGING": "perhaps"}, STAGING, False, "neither y nor n"),
        ({**AS_STAGING, "STAGING": "perhaps"}, STAGING, True, "neither y nor n"),
        ({"SITENAME": "other.test"}, NONE, False, "belongs to other.test"),
        ({"DJANGO_DEBUG_FALSE": "n"}, NONE, False, "development site"),
    ],
)
def test_a_site_of_another_kind_or_of_none_is_refused(
    found: dict[str, str] | None, there: Releases, *, staging: bool, reason: str
) -> None:
    with pytest.raises(DeploymentError) as refusal:
        check_kind(found, there, SITE, staging=staging)

    sentence = str(refusal.value)
    assert reason in sentence
    assert "hunter2" not in sentence
    # No advice leads towards production, or makes staging of it.
    assert "leave" not in sentence
    assert "delete" not in sentence
    assert "STAGING=y" not in sentence


def test_where_a_production_site_serves_no_advice_is_to_type_staging() -> None:
    with pytest.raises(DeploymentError) as refusal:
        check_kind(AS_STAGING, PRODUCTION, SITE, staging=False)

    assert "--staging" not in str(refusal.value)
