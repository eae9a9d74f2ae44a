"""How a site answers with the settings of a server."""

import ast
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from accounts.models import LoginLink
from superlists.tests.conftest import Run
from superlists.tests.processes import PRODUCTION

LOOK_FOR_THE_STAGING_SITE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "superlists.settings"
import django
django.setup()
from django.urls import resolve
resolve("/")
resolve("/staging/identity")
"""


def settings_of_a_server(run: Run, **more: str) -> dict[str, Any]:
    answer = run("manage.py", "diffsettings", "--all", **PRODUCTION, **more)
    assert answer.returncode == 0, answer.stderr
    found = {}
    for line in answer.stdout.splitlines():
        name, _, value = line.removeprefix("### ").partition(" = ")
        try:
            found[name] = ast.literal_eval(value)
        except (SyntaxError, ValueError):
            continue
    return found


@pytest.fixture(scope="module")
def on_a_server(run: Run) -> dict[str, Any]:
    return settings_of_a_server(run)


@pytest.fixture(scope="module")
def with_all_options(run: Run) -> dict[str, Any]:
    """The settings of a server that sets every option of emails, limits and https."""
    return settings_of_a_server(
        run,
        TRUSTED_PROXIES="1",
        SITE_PORT="4430",
        HSTS_INCLUDE_SUBDOMAINS="y",
        HSTS_PRELOAD="y",
        EMAIL_HOST="smtp.example.com",
        EMAIL_PORT="2525",
        EMAIL_USER="edith",
        EMAIL_PASSWORD="sesame",
        EMAIL_USE_TLS="n",
        EMAIL_FROM="hello@example.com",
        EMAIL_TIMEOUT="7",
        LOGIN_MAILS_PER_ADDRESS_PER_HOUR="1",
        LOGIN_MAILS_PER_CLIENT_PER_HOUR="2",
        OPEN_LISTS_PER_CLIENT_PER_HOUR="3",
        OPEN_ITEMS_PER_CLIENT_PER_HOUR="4",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example.com", "superlists.example.com.evil.example.com"])
def test_no_link_is_emailed_for_a_made_up_host(
    on_a_server: dict[str, Any],
    settings: Settings,
    client: Client,
    mailoutbox: list[EmailMessage],
    host: str,
) -> None:
    settings.ALLOWED_HOSTS = on_a_server["ALLOWED_HOSTS"]

    answer = client.post(
        "/accounts/send_login_email", {"email": "edith@example.com"}, headers={"host": host}
    )

    assert answer.status_code == 400
    assert mailoutbox == []


@pytest.mark.django_db
def test_a_forwarded_host_is_not_believed(
    on_a_server: dict[str, Any],
    settings: Settings,
    client: Client,
    mailoutbox: list[EmailMessage],
) -> None:
    settings.ALLOWED_HOSTS = on_a_server["ALLOWED_HOSTS"]
    settings.USE_X_FORWARDED_HOST = on_a_server["USE_X_FORWARDED_HOST"]

    client.post(
        "/accounts/send_login_email",
        {"email": "edith@example.com"},
        headers={"host": "superlists.example.com", "x-forwarded-host": "evil.example.com"},
    )

    assert "://superlists.example.com/" in str(mailoutbox[0].body)


@pytest.mark.django_db
def test_behind_a_proxy_a_link_leads_to_the_sites_own_port(
    run: Run, settings: Settings, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    found = settings_of_a_server(run, TRUSTED_PROXIES="1")
    settings.ALLOWED_HOSTS = found["ALLOWED_HOSTS"]
    settings.SITE_ADDRESS = found["SITE_ADDRESS"]

    client.post(
        "/accounts/send_login_email",
        {"email": "edith@example.com"},
        headers={"host": "superlists.example.com:8443"},
    )

    assert "https://superlists.example.com/accounts/" in str(mailoutbox[0].body)


def test_without_proxies_no_one_can_claim_to_use_https(
    on_a_server: dict[str, Any],
) -> None:
    assert on_a_server["SECURE_PROXY_SSL_HEADER"] is None


def test_behind_a_proxy_its_header_about_https_counts(with_all_options: dict[str, Any]) -> None:
    assert with_all_options["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_a_server_hides_its_internals_and_sends_real_mail(on_a_server: dict[str, Any]) -> None:
    assert on_a_server["DEBUG"] is False
    assert on_a_server["EMAIL_BACKEND"] == "superlists.prompt_email.PromptEmailBackend"
    assert on_a_server["EMAIL_TIMEOUT"] == 5
    assert on_a_server["SESSION_COOKIE_SECURE"] is True
    assert on_a_server["SESSION_COOKIE_HTTPONLY"] is True
    assert on_a_server["SESSION_COOKIE_NAME"] == "sessionid"


def test_each_option_decides_its_own_settings(
    on_a_server: dict[str, Any], with_all_options: dict[str, Any]
) -> None:
    expected = {
        "DEFAULT_FROM_EMAIL": "hello@example.com",
        "EMAIL_HOST": "smtp.example.com",
        "EMAIL_HOST_PASSWORD": "sesame",
        "EMAIL_HOST_USER": "edith",
        "EMAIL_PORT": 2525,
        "EMAIL_TIMEOUT": 7,
        "EMAIL_USE_TLS": False,
        "LOGIN_MAILS_PER_ADDRESS_PER_HOUR": 1,
        "LOGIN_MAILS_PER_CLIENT_PER_HOUR": 2,
        "OPEN_ITEMS_PER_CLIENT_PER_HOUR": 4,
        "OPEN_LISTS_PER_CLIENT_PER_HOUR": 3,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SERVER_EMAIL": "hello@example.com",
        "SITE_ADDRESS": "https://superlists.example.com:4430",
        "TRUSTED_PROXIES": 1,
    }
    assert {name: with_all_options[name] for name in expected} == expected
    assert [name for name in expected if on_a_server[name] == expected[name]] == []


def use(settings: Settings, found: dict[str, Any], *beginnings: str) -> None:
    """Use the settings of a server whose names begin like this."""
    for name, value in found.items():
        if name.startswith(beginnings):
            setattr(settings, name, value)


@pytest.mark.django_db
def test_browsers_keep_the_cookies_of_a_server_to_themselves(
    on_a_server: dict[str, Any], settings: Settings, client: Client
) -> None:
    use(settings, on_a_server, "SESSION_", "CSRF_")
    _, token = LoginLink.create_for("edith@example.com")

    logged_in = client.post("/accounts/login", {"token": token}, secure=True)
    page = client.get("/", secure=True)

    for cookie in (logged_in.cookies["sessionid"], page.cookies["csrftoken"]):
        assert cookie["secure"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
    assert logged_in.cookies["sessionid"]["httponly"] is True
    # In the database, logging out ends a session, and all processes of the site know it.
    assert Session.objects.filter(pk=logged_in.cookies["sessionid"].value).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("found", "hsts"),
    [
        ("on_a_server", "max-age=31536000"),
        ("with_all_options", "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_a_server_is_reached_over_https_alone(
    request: pytest.FixtureRequest, settings: Settings, client: Client, found: str, hsts: str
) -> None:
    use(settings, request.getfixturevalue(found), "SECURE_")
    https = {"x-forwarded-proto": "https"}

    over_http = client.get("/my-lists/?x=1")
    over_https = client.get("/accounts/log-in/", secure=True, headers=https)

    assert over_http.status_code == 301
    assert over_http.headers["Location"] == "https://testserver/my-lists/?x=1"
    assert over_https.status_code == 200
    assert over_https.headers["Strict-Transport-Security"] == hsts


def test_a_browser_that_has_seen_a_development_site_can_still_use_http(settings: Settings) -> None:
    assert settings.SECURE_HSTS_SECONDS == 0
    assert settings.SECURE_SSL_REDIRECT is False


def test_nothing_on_a_server_can_wipe_it(
    run: Run, on_a_server: dict[str, Any], tmp_path: Path
) -> None:
    database = tmp_path / "db.sqlite3"
    environment = PRODUCTION | {"DATABASE_URL": f"sqlite:///{database}"}

    helped = run("manage.py", "help", "--commands", **environment)
    migrated = run("manage.py", "migrate", "--verbosity", "0", **environment)
    looked = run("-c", LOOK_FOR_THE_STAGING_SITE, **environment)

    assert "acceptance.server" not in on_a_server["INSTALLED_APPS"]
    assert {
        "mark_as_staging",
        "create_session",
        "reset_site",
        "answer_fixture_requests",
    }.isdisjoint(helped.stdout.split())
    assert migrated.returncode == 0, migrated.stderr
    with closing(sqlite3.connect(database)) as opened:
        tables = [name for (name,) in opened.execute("select name from sqlite_master")]
    assert "accounts_user" in tables
    assert [name for name in tables if "staging" in name] == []
    assert looked.stderr.splitlines()[-1].startswith("django.urls.exceptions.Resolver404: ")


@pytest.mark.django_db
def test_pages_run_only_our_own_scripts_and_styles(client: Client) -> None:
    headers = client.get("/accounts/log-in/").headers

    policy = {
        directive.split()[0]: directive.split()[1:]
        for directive in headers["Content-Security-Policy"].split(";")
    }
    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
