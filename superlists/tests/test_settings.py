"""What the kind of site decides in Django's settings."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import get_commands
from pytest_django import Settings

from superlists import settings as settings_of_this_process
from superlists.environment_names import NAMES
from superlists.tests.processes import PRODUCTION
from testbeds import ROOT

SettingsWith = Callable[..., dict[str, Any]]

SITE = PRODUCTION["SITENAME"]
STAGING = {**PRODUCTION, "STAGING": "y"}


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch) -> SettingsWith:
    """Reads the settings in an environment that sets these variables and no others."""

    def read(**variables: str) -> dict[str, Any]:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings_of_this_process.__file__))

    return read


IN_DEVELOPMENT = {
    "DEBUG": True,
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "localhost"],
    "PRODUCTION_SITE": False,
    "SITE_ADDRESS": "",
    "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "SECURE_SSL_REDIRECT": False,
    "SECURE_HSTS_SECONDS": 0,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_HSTS_PRELOAD": False,
    "SECURE_PROXY_SSL_HEADER": None,
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}
ON_A_SERVER = {
    "DEBUG": False,
    "ALLOWED_HOSTS": [SITE],
    "PRODUCTION_SITE": True,
    "SITE_ADDRESS": "",
    "EMAIL_BACKEND": "superlists.prompt_email.PromptEmailBackend",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_HSTS_PRELOAD": False,
    "SECURE_PROXY_SSL_HEADER": None,
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    },
}
BEHIND_A_PROXY = {
    "SITE_ADDRESS": f"https://{SITE}",
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "TRUSTED_PROXIES": 1,
}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, IN_DEVELOPMENT),
        # What only a server obeys.
        (
            {"HSTS_INCLUDE_SUBDOMAINS": "y", "HSTS_PRELOAD": "y", "TRUSTED_PROXIES": "1"},
            IN_DEVELOPMENT,
        ),
        (PRODUCTION, ON_A_SERVER),
        (STAGING, {**ON_A_SERVER, "PRODUCTION_SITE": False}),
        ({**PRODUCTION, "TRUSTED_PROXIES": "1"}, {**ON_A_SERVER, **BEHIND_A_PROXY}),
        (
            {**PRODUCTION, "TRUSTED_PROXIES": "1", "SITE_PORT": "8443"},
            {**ON_A_SERVER, **BEHIND_A_PROXY, "SITE_ADDRESS": f"https://{SITE}:8443"},
        ),
    ],
)
def test_the_kind_of_site_decides(
    settings_with: SettingsWith, variables: dict[str, str], expected: dict[str, Any]
) -> None:
    found = settings_with(**variables)

    assert {name: found[name] for name in expected} == expected


def test_the_checks_of_a_deployment_find_nothing_to_decide(
    settings_with: SettingsWith, settings: Settings
) -> None:
    for name, value in settings_with(**PRODUCTION).items():
        if name.startswith(("CSRF_", "SECRET_", "SECURE_", "SESSION_", "SILENCED_")):
            setattr(settings, name, value)

    found = run_checks(tags=[Tags.security], include_deployment_checks=True)

    assert [str(message) for message in found if not message.is_silenced()] == []


@pytest.mark.parametrize(
    ("variables", "installed"), [({}, False), (PRODUCTION, False), (STAGING, True)]
)
def test_only_a_staging_site_can_be_emptied(
    settings_with: SettingsWith, variables: dict[str, str], *, installed: bool
) -> None:
    found = settings_with(**variables)

    assert ("acceptance.server" in found["INSTALLED_APPS"]) is installed
    assert found["ACCEPTANCE_SITE"] == "superlists.staging"
    assert found["ACCEPTANCE_FIXTURES"] == "features.support.fixtures"


def test_a_release_without_the_code_that_empties_it_is_a_production_site(
    settings_with: SettingsWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_folder = Path.is_dir
    left_out = ROOT / "acceptance" / "server"
    monkeypatch.setattr(Path, "is_dir", lambda path: path != left_out and is_folder(path))

    found = settings_with(**STAGING)

    assert found["PRODUCTION_SITE"] is True
    assert "acceptance.server" not in found["INSTALLED_APPS"]


def test_a_server_serves_its_static_files_before_all_other_middleware_but_two(
    settings_with: SettingsWith,
) -> None:
    served = "whitenoise.middleware.WhiteNoiseMiddleware"
    first = [
        "django_guid.middleware.guid_middleware",
        "django.middleware.security.SecurityMiddleware",
    ]
    middleware = settings_with(**PRODUCTION)["MIDDLEWARE"]

    assert middleware[:3] == [*first, served]
    assert settings_with()["MIDDLEWARE"] == [*first, *middleware[3:]]


def test_a_development_site_answers_to_its_own_name_too(settings_with: SettingsWith) -> None:
    assert SITE in settings_with(SITENAME=SITE)["ALLOWED_HOSTS"]


def test_files_are_found_and_collected_in_the_projects_folder() -> None:
    assert settings_of_this_process.BASE_DIR == ROOT
    assert settings_of_this_process.STATIC_ROOT == ROOT / "staticfiles"


def test_a_deployment_can_collect_the_static_files() -> None:
    assert get_commands()["collectstatic"] == "django.contrib.staticfiles"
