"""The fixtures that every site has, made with Django alone.

Django is imported where it is used, because the tester of a site on a server does not set it up.
"""

from typing import Any

from acceptance.fixtures.declaration import fixture
from acceptance.fixtures.values import SessionCookie

# Django itself fills the first two, and its migrations need their content. The last one has the
# marker, which permits emptying the site, and the lease.
_KEPT_APPS = frozenset({"auth", "contenttypes", "staging"})


@fixture
def reset() -> None:
    """Empty the site: delete everything that people made.

    Foreign keys are checked at the end of the transaction on SQLite and PostgreSQL, so the order
    of the tables does not matter; on tables this small DELETE is faster than TRUNCATE.
    """
    from django.apps import apps
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            options = model._meta  # noqa: SLF001 (public by Django's documentation)
            if options.managed and options.app_label not in _KEPT_APPS:
                table = connection.ops.quote_name(options.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@fixture
def forget_clients() -> None:
    """Reset the site's rate limits for all clients, and nothing else.

    To a site, all people of a run look like one client, or a few.
    """
    from acceptance.server.site import site

    site().forget_clients()


@fixture
def create_session(username: str) -> SessionCookie:
    """Log the person with this name in, in the same way as the site itself.

    An unknown person is created, and each call creates another session. The name is the value of
    the user model's `USERNAME_FIELD`, in the form that the model's `clean` gives it.

    Raises:
        ValidationError: the model refuses the name.

    """
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user_model, login
    from django.http import HttpRequest

    model = get_user_model()
    named = model(**{model.USERNAME_FIELD: username})
    named.clean()
    name = {model.USERNAME_FIELD: getattr(named, model.USERNAME_FIELD)}
    person, _ = model._default_manager.get_or_create(**name)  # noqa: SLF001 (public as well)
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


@fixture
def find_view(path: str) -> str:
    """Return the name and the file of the view that answers at a path, or "" if there is none."""
    import inspect
    from pathlib import PurePath

    from django.urls import Resolver404, resolve

    try:
        found = resolve(path).func
    except Resolver404:
        return ""
    view: Any = inspect.unwrap(getattr(found, "view_class", found))
    folder_and_file = PurePath(inspect.getsourcefile(view) or "").parts[-2:]
    return f"{view.__qualname__} in {'/'.join(folder_and_file)}"


@fixture
def find_declaration(message: str) -> str:
    """Return where the site declares what an error of the database is about, in a few words.

    That is a field or a constraint and its place in the code, or "" if it is unknown.
    """
    from acceptance.server.declarations import declaration_of

    return declaration_of(message)


# A slow mail server must not keep the database locked for the visitors of the site.
@fixture(commits=True)
def send_trial_mail(email: str, home: str) -> None:
    """Have the site send an email like those that scenarios wait for, and keep nothing of it.

    Args:
        email: the address that it is sent to.
        home: the address of the site's home page, without a slash at its end.

    """
    from acceptance.server.site import site

    site().send_trial_mail(email, home)
