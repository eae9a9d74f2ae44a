"""What the acceptance suite's app, which only staging servers install, asks this site.

This module implements the protocol `Site` of acceptance/server/site.py; the setting
`ACCEPTANCE_SITE` names it.
"""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts import mail
from accounts.addresses import canonical_address
from accounts.limits import forget_clients
from accounts.models import LoginLink
from lists.models import List
from superlists.database_errors import known_meaning, sentence_about
from superlists.environment_file import loaded as settings_file
from superlists.environment_lines import variables_in
from superlists.models import ProductionUse
from superlists.release import deployed_commit

__all__ = [
    "commit",
    "content",
    "deciding_variables",
    "forget_clients",
    "is_staging",
    "known_meaning",
    "production_uses",
    "send_trial_mail",
    "sentence_about",
    "settings_file",
    "variables_in",
]

_YES = frozenset({"y", "yes", "true", "t", "on", "1"})


def commit() -> str | None:
    """Return the commit that is deployed, or None if unknown."""
    return deployed_commit(settings.BASE_DIR)


def deciding_variables() -> Sequence[str]:
    """Return the names of the variables that decide which database may be emptied by which site."""
    return ("STAGING", "DJANGO_DEBUG_FALSE", "SITENAME", "DATABASE_URL")


def is_staging(variables: Mapping[str, str]) -> bool:
    """Return whether these variables make the site a staging site."""
    return variables.get("STAGING", "").strip().lower() in _YES


def content() -> str:
    """Return how much people made, as text for people."""
    return f"{get_user_model().objects.count()} users and {List.objects.count()} lists"


def production_uses() -> Sequence[ProductionUse]:
    """Return the production sites that used the database, sorted by name."""
    return list(ProductionUse.objects.order_by("site_name"))


def send_trial_mail(email: str, home: str) -> None:
    """Email this address a login link that logs no one in."""
    address = canonical_address(email)
    mail.send_login_link(address, home + reverse("accounts:open_link"))
    LoginLink.objects.filter(email=address).delete()
