"""States of the site that scenarios start from, made directly in the database.

Each function takes and returns plain values, so that it can be called in the same process or
asked for over a connection.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.auth import login
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from acceptance.server.session_cookie import SessionCookie
from accounts import mail
from accounts.addresses import canonical_address
from accounts.limits import CLIENTS_TOGETHER, TooManyRequestsError, admit_login_mail
from accounts.models import LoginLink, User
from lists.models import List

# Django fills the first two itself, with what its migrations need to find again. The last one says
# that the site may be emptied, and who is at it.
_KEPT_APPS = frozenset({"auth", "contenttypes", "staging"})


def empty_site() -> None:
    """Delete everything that people made: users, links, lists, sessions, counts of mails.

    Foreign keys are checked at the end of the transaction on SQLite and PostgreSQL, so the order
    of the tables does not matter; on tables this small DELETE is faster than TRUNCATE.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


def create_session(email: str) -> SessionCookie:
    """Log the person with this address in, as the site's own log-in does.

    A person who was not known is created, and asking twice gives two sessions.

    Raises:
        ValidationError: the text is no mail address.

    """
    person, _ = User.objects.get_or_create(email=canonical_address(email))
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, person)
    request.session.save()
    return SessionCookie(
        name=settings.SESSION_COOKIE_NAME,
        value=str(request.session.session_key),
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        http_only=settings.SESSION_COOKIE_HTTPONLY,
        same_site=str(settings.SESSION_COOKIE_SAMESITE or "None"),
    )


def start_list(owner: str | None, items: Sequence[str], shared_with: Sequence[str] = ()) -> str:
    """Start a list and return the path of its page.

    Args:
        owner: the mail address of the person it belongs to, or None.
        items: the texts of its items, in order.
        shared_with: the mail addresses of the people who may see it besides.

    """
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


def send_login_link(email: str, site: str) -> None:
    """Mail a login link to this address, as the site does when it is asked to.

    Args:
        email: the address.
        site: the address of the site's home page, without a slash at its end.

    """
    mail.send_login_link(canonical_address(email), site + reverse("accounts:open_link"))


def send_trial_mail(email: str, site: str) -> None:
    """Mail this address a login link that logs nobody in, to see whether such mails arrive.

    Args:
        email: the address.
        site: the address of the site's home page, without a slash at its end.

    """
    send_login_link(email, site)
    LoginLink.objects.filter(email=canonical_address(email)).delete()


def age_login_links(email: str, minutes: int) -> None:
    """Let the login links mailed to this address be older by so many minutes."""
    links = LoginLink.objects.filter(email=canonical_address(email))
    links.update(created_at=F("created_at") - timedelta(minutes=minutes))


def use_up_login_mails(email: str) -> None:
    """Let as many login mails have been asked for this address as it gets within an hour."""
    address = canonical_address(email)
    # No further than the limit: a site that forgot it must not be asked for ever.
    with suppress(TooManyRequestsError):
        # Each time from another client, so that it is the address's own limit that is reached.
        for number in range(CLIENTS_TOGETHER * settings.LOGIN_MAILS_PER_ADDRESS_PER_HOUR):
            admit_login_mail(address, client=f"fixture {number}")


@cache
def _tables() -> tuple[str, ...]:
    return tuple(
        model._meta.db_table  # noqa: SLF001 (public by Django's documentation)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in _KEPT_APPS  # noqa: SLF001
    )
