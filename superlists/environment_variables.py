"""The settings that come from environment variables: read, checked and explained.

Every error is an ImproperlyConfigured with one sentence for the operator: which variable is wrong,
why, and what to do. The sentence never repeats a value that may be secret.
"""

import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environs import Env, EnvError, validate

DEVELOPMENT_KEY = "django-insecure-development-only-this-key-is-public-and-protects-nothing"

# What Django's own check security.W009 requires.
_SECRET_KEY_LENGTH = 50
_SECRET_KEY_DIFFERENT_CHARACTERS = 5

HTTPS_PORT = 443

HOST_NAME_LENGTH = 253
"""The most characters in a host name, without a dot at its end (RFC 1035, 2.3.4)."""

_HOST_NAME = re.compile(
    rf"(?=.{{1,{HOST_NAME_LENGTH}}}\Z)"
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*",
    re.ASCII,
)
_DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
_SQLITE_WAIT_SECONDS = 20
_POSTGRESQL_CONNECTION_SECONDS = 60
_POSTGRESQL_CONNECT_SECONDS = 5

Value = TypeVar("Value")


@dataclass(frozen=True)
class Environment:
    """The environment's settings: typed, validated, and with defaults filled in."""

    production: bool
    staging: bool
    secret_key: str = field(repr=False)
    site_name: str
    site_port: int
    database: dj_database_url.DBConfig = field(repr=False)
    email_host: str
    email_port: int
    email_user: str
    email_password: str = field(repr=False)
    email_use_tls: bool
    email_from: str
    email_timeout: int
    trusted_proxies: int
    hsts_include_subdomains: bool
    hsts_preload: bool
    login_mails_per_address_per_hour: int
    login_mails_per_client_per_hour: int
    open_lists_per_client_per_hour: int
    open_items_per_client_per_hour: int


def read_environment(project_root: Path) -> Environment:
    """Read every variable of the site from `os.environ`.

    `project_root` is the folder of the default SQLite file, and relative SQLite paths start there.
    Raises ImproperlyConfigured with one sentence for the first variable that is wrong.
    """
    env = Env()
    production = _checked(
        env.bool,
        "DJANGO_DEBUG_FALSE",
        default=False,
        expected="a yes or a no",
        advice="set it to y on a server, and leave it out for development",
    )
    site_name = _site_name(env, production=production)
    hsts_include_subdomains = _hsts_include_subdomains(env)
    return Environment(
        production=production,
        staging=_checked(
            env.bool,
            "STAGING",
            default=False,
            expected="a yes or a no",
            advice="write y on a server that the acceptance suite may empty, and n on every other",
        ),
        secret_key=_secret_key(env, production=production),
        site_name=site_name,
        site_port=_checked(
            env.int,
            "SITE_PORT",
            validate.Range(1, 65535),
            default=HTTPS_PORT,
            expected="a port number",
            advice="set it to the https port at which browsers reach the site's proxy, and leave"
            " it out for 443",
        ),
        database=read_database(env.str("DATABASE_URL", ""), project_root),
        email_host=_email_host(env),
        email_port=_checked(
            env.int,
            "EMAIL_PORT",
            validate.Range(1, 65535),
            default=587,
            expected="a port number",
            advice="set it to the mail server's submission port, usually 587",
        ),
        email_user=env.str("EMAIL_USER", ""),
        email_password=env.str("EMAIL_PASSWORD", ""),
        email_use_tls=_checked(
            env.bool,
            "EMAIL_USE_TLS",
            default=True,
            expected="a yes or a no",
            advice="leave it out to use STARTTLS, or set it to n for a server that has none",
        ),
        email_from=_email_from(env, site_name),
        email_timeout=_checked(
            env.int,
            "EMAIL_TIMEOUT",
            validate.Range(1, 60),
            default=5,
            expected="a whole number from 1 to 60",
            advice="set it to how many seconds the mail server may take per email, or leave it out"
            " for 5",
        ),
        trusted_proxies=_checked(
            env.int,
            "TRUSTED_PROXIES",
            validate.Range(0),
            default=0,
            expected="a whole number from 0 up",
            advice="set it to how many reverse proxies in front of the site add to"
            " X-Forwarded-For, such as 1 for one nginx",
        ),
        hsts_include_subdomains=hsts_include_subdomains,
        hsts_preload=_hsts_preload(env, include_subdomains=hsts_include_subdomains),
        login_mails_per_address_per_hour=_limit(
            env, "LOGIN_MAILS_PER_ADDRESS_PER_HOUR", 10, "mails"
        ),
        login_mails_per_client_per_hour=_limit(
            env, "LOGIN_MAILS_PER_CLIENT_PER_HOUR", 100, "mails"
        ),
        open_lists_per_client_per_hour=_limit(env, "OPEN_LISTS_PER_CLIENT_PER_HOUR", 50, "lists"),
        open_items_per_client_per_hour=_limit(env, "OPEN_ITEMS_PER_CLIENT_PER_HOUR", 600, "items"),
    )


def is_host_name(name: str) -> bool:
    """Whether this is a host name in small letters (RFC 1123, 2.1)."""
    return _HOST_NAME.fullmatch(name) is not None


def _checked(
    read: Callable[..., Value | None],
    name: str,
    *checks: Callable[[Value], object],
    default: Value,
    expected: str,
    advice: str,
) -> Value:
    try:
        value = read(name, default, validate=checks)
    except EnvError:
        value = None
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is {os.environ[name]!r}, which is not {expected}: {advice}."
        )
    return value


def _limit(env: Env, name: str, default: int, what: str) -> int:
    return _checked(
        env.int,
        name,
        validate.Range(1),
        default=default,
        expected="a whole number from 1 up",
        advice=f"set it to a number of {what} an hour, or leave it out for {default}",
    )


def _site_name(env: Env, *, production: bool) -> str:
    name = env.str("SITENAME", "").strip().lower()
    if not name:
        if production:
            raise ImproperlyConfigured(
                "SITENAME is missing, and a server needs it, since the site answers to that host"
                " name only: set it to that name, such as superlists.example.com."
            )
        return "localhost"
    if not is_host_name(name):
        raise ImproperlyConfigured(
            f"SITENAME is {name!r}, which is not a host name: set it to the bare name, such as"
            " superlists.example.com, without https://, port or path."
        )
    return name


def _secret_key(env: Env, *, production: bool) -> str:
    if not production:
        return env.str("DJANGO_SECRET_KEY", "") or DEVELOPMENT_KEY
    key = env.str("DJANGO_SECRET_KEY", "")
    advice = (
        "set it to what this prints: python -c 'import secrets; print(secrets.token_urlsafe(50))'."
    )
    if not key:
        raise ImproperlyConfigured(
            f"DJANGO_SECRET_KEY is missing, and on a server it signs what browsers keep: {advice}"
        )
    if (
        len(key) < _SECRET_KEY_LENGTH
        or len(set(key)) < _SECRET_KEY_DIFFERENT_CHARACTERS
        or key.startswith("django-insecure-")
    ):
        raise ImproperlyConfigured(
            f"DJANGO_SECRET_KEY is too easy to guess (fewer than {_SECRET_KEY_LENGTH} characters,"
            f" or hardly any different ones, or a published key): {advice}"
        )
    return key


def _hsts_include_subdomains(env: Env) -> bool:
    return _checked(
        env.bool,
        "HSTS_INCLUDE_SUBDOMAINS",
        default=False,
        expected="a yes or a no",
        advice="set it to y only if every subdomain of the site's name is reached over https, and"
        " leave it out otherwise",
    )


def _hsts_preload(env: Env, *, include_subdomains: bool) -> bool:
    preload = _checked(
        env.bool,
        "HSTS_PRELOAD",
        default=False,
        expected="a yes or a no",
        advice="set it to y only if browsers are to ship with the site's name on their list of"
        " https-only sites, which takes months to undo, and leave it out otherwise",
    )
    if preload and not include_subdomains:
        raise ImproperlyConfigured(
            "HSTS_PRELOAD is on without HSTS_INCLUDE_SUBDOMAINS, and browsers take no site into"
            " their lists without its subdomains (hstspreload.org): set HSTS_INCLUDE_SUBDOMAINS to"
            " y, too, or leave HSTS_PRELOAD out."
        )
    return preload


def _email_host(env: Env) -> str:
    host = env.str("EMAIL_HOST", "localhost").strip()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not is_host_name(host.lower()):
            raise ImproperlyConfigured(
                f"EMAIL_HOST is {host!r}, which is not a host name or an IP address: set it to"
                " the mail server's bare name, such as smtp.example.com."
            ) from None
    return host


def _email_from(env: Env, site_name: str) -> str:
    sender = env.str("EMAIL_FROM", f"noreply@{site_name}").strip()
    if "EMAIL_FROM" in os.environ:
        try:
            validate_email(parseaddr(sender)[1])
        except ValidationError:
            raise ImproperlyConfigured(
                f"EMAIL_FROM is {sender!r}, which is not an email address: set it to the sender"
                " of the site's mail, such as noreply@superlists.example.com."
            ) from None
    return sender


def read_database(url: str, project_root: Path) -> dj_database_url.DBConfig:
    """Return Django's configuration of the database.

    Args:
        url: a DATABASE_URL, or "" for an SQLite file in the project's folder.
        project_root: the folder that a relative SQLite path starts from.

    Raises:
        ImproperlyConfigured: the URL is wrong; the message does not repeat it.

    """
    url = url or f"sqlite:///{project_root / 'db.sqlite3'}"
    advice = (
        "set it to something like postgres://user:password@host:5432/name or"
        " sqlite:////var/lib/superlists/db.sqlite3, or leave it out for an SQLite file in the"
        " project's folder."
    )
    scheme = url.partition(":")[0]
    if scheme not in _DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {scheme[:20]!r}, which is no database that the site supports"
            f" (SQLite and PostgreSQL): {advice}"
        )
    try:
        database = dj_database_url.parse(url)
    except ValueError:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be parsed: {advice}") from None
    if scheme == "sqlite":
        return _sqlite(database, project_root)
    if not database["NAME"]:
        raise ImproperlyConfigured(f"DATABASE_URL names no database: {advice}")
    database["CONN_MAX_AGE"] = _POSTGRESQL_CONNECTION_SECONDS
    database["CONN_HEALTH_CHECKS"] = True
    # A server that does not answer would hold a worker for minutes.
    options = database.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", _POSTGRESQL_CONNECT_SECONDS)
    return database


def _sqlite(database: dj_database_url.DBConfig, project_root: Path) -> dj_database_url.DBConfig:
    options = database.setdefault("OPTIONS", {})
    # A transaction that starts by reading and then writes fails immediately with "database is
    # locked" if another process wrote meanwhile; one that starts as a writer waits its turn.
    options["transaction_mode"] = "IMMEDIATE"
    seconds = options.setdefault("timeout", _SQLITE_WAIT_SECONDS)
    # True and False are whole numbers to Python.
    if type(seconds) is not int:
        raise ImproperlyConfigured(
            "DATABASE_URL has a timeout that is not a whole number: set it to how many seconds a"
            " request waits while another one writes, or leave it out for"
            f" {_SQLITE_WAIT_SECONDS}."
        )
    if database["NAME"] != ":memory:":
        database["NAME"] = str(project_root / database["NAME"])
        options["init_command"] = "PRAGMA journal_mode=WAL"
    return database
