"""What the settings of a server make of requests."""

import ast
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from superlists.tests.conftest import PRODUCTION, Run


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


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example.com", "superlists.example.com.evil.example.com"])
def test_a_made_up_host_gets_no_link_mailed(
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


def test_without_proxies_nobody_can_claim_to_have_come_over_https(
    on_a_server: dict[str, Any],
) -> None:
    assert on_a_server["SECURE_PROXY_SSL_HEADER"] is None


def test_behind_a_proxy_its_word_about_https_counts(run: Run) -> None:
    found = settings_of_a_server(run, TRUSTED_PROXIES="1")

    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_a_server_hides_its_insides_and_mails_for_real(on_a_server: dict[str, Any]) -> None:
    assert on_a_server["DEBUG"] is False
    assert on_a_server["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert on_a_server["EMAIL_TIMEOUT"] == 10
    assert on_a_server["SESSION_COOKIE_SECURE"] is True
    assert on_a_server["SESSION_COOKIE_HTTPONLY"] is True
    assert on_a_server["SESSION_COOKIE_NAME"] == "sessionid"


@pytest.mark.django_db
def test_pages_run_only_our_own_scripts_and_styles(client: Client) -> None:
    headers = client.get("/accounts/log-in/").headers

    policy = {
        directive.split()[0]: directive.split()[1:]
        for directive in headers["Content-Security-Policy"].split(";")
    }
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]
    assert policy["form-action"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
