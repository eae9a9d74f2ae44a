import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from superlists import environment_variables
from superlists.environment_names import NAMES
from superlists.environment_variables import Environment, read_environment

ROOT = Path("/srv/superlists")


def test_every_variable_that_is_read_is_known_by_name() -> None:
    source = Path(environment_variables.__file__).read_text(encoding="utf-8")
    found = re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', source)

    # The rest are Django's, for its DATABASES.
    django = {"CONN_HEALTH_CHECKS", "CONN_MAX_AGE", "IMMEDIATE", "NAME", "OPTIONS"}
    assert set(found) - django == set(NAMES)


class Variables:
    """The environment variables of this process, for one test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)

    def read(self, **values: str) -> Environment:
        for name, value in values.items():
            self._monkeypatch.setenv(name, value)
        return read_environment(ROOT)


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Variables:
    return Variables(monkeypatch)


def test_development_needs_no_settings(variables: Variables) -> None:
    environment = variables.read()

    assert not environment.production
    assert not environment.staging
    assert environment.site_name == "localhost"
    assert environment.secret_key
    assert environment.email_from == "noreply@localhost"
    assert environment.email_host == "localhost"
    assert environment.email_port == 587
    assert environment.email_use_tls
    assert environment.trusted_proxies == 0
    assert not environment.hsts_include_subdomains
    assert not environment.hsts_preload
    assert environment.login_mails_per_address_per_hour == 10
    assert environment.login_mails_per_client_per_hour == 100
    assert environment.open_lists_per_client_per_hour == 50
    assert environment.open_items_per_client_per_hour == 600
    assert environment.email_timeout == 5
    assert environment.database["ENGINE"] == "django.db.backends.sqlite3"
    assert environment.database["NAME"] == "/srv/superlists/db.sqlite3"


def test_everything_can_be_set(variables: Variables, production: dict[str, str]) -> None:
    environment = variables.read(
        **production,
        STAGING="y",
        EMAIL_HOST="smtp.example.com",
        EMAIL_PORT="2525",
        EMAIL_USER="superlists",
        EMAIL_PASSWORD="sesame",
        EMAIL_USE_TLS="n",
        EMAIL_FROM="Superlists <hello@example.com>",
        DATABASE_URL="postgres://edith:s%40same@db.example.com:5433/lists",
        TRUSTED_PROXIES="2",
        LOGIN_MAILS_PER_ADDRESS_PER_HOUR="3",
        LOGIN_MAILS_PER_CLIENT_PER_HOUR="4000",
        OPEN_LISTS_PER_CLIENT_PER_HOUR="5",
        OPEN_ITEMS_PER_CLIENT_PER_HOUR="6",
        EMAIL_TIMEOUT="7",
    )

    assert environment.production
    assert environment.staging
    assert environment.secret_key == production["DJANGO_SECRET_KEY"]
    assert environment.site_name == "superlists.example.com"
    assert environment.email_host == "smtp.example.com"
    assert environment.email_port == 2525
    assert environment.email_user == "superlists"
    assert environment.email_password == "sesame"
    assert not environment.email_use_tls
    assert environment.email_from == "Superlists <hello@example.com>"
    assert environment.database["ENGINE"] == "django.db.backends.postgresql"
    assert environment.database["NAME"] == "lists"
    assert environment.database["PASSWORD"] == "s@same"
    assert environment.database["PORT"] == 5433
    assert environment.trusted_proxies == 2
    assert environment.login_mails_per_address_per_hour == 3
    assert environment.login_mails_per_client_per_hour == 4000
    assert environment.open_lists_per_client_per_hour == 5
    assert environment.open_items_per_client_per_hour == 6
    assert environment.email_timeout == 7


def test_a_server_starts_without_a_mail_password(
    variables: Variables, production: dict[str, str]
) -> None:
    assert variables.read(**production).email_password == ""


def test_mail_comes_from_the_site_by_default(
    variables: Variables, production: dict[str, str]
) -> None:
    assert variables.read(**production).email_from == "noreply@superlists.example.com"


def test_a_relative_sqlite_file_lies_in_the_project(variables: Variables) -> None:
    database = variables.read(DATABASE_URL="sqlite:///data/lists.sqlite3").database

    assert database["NAME"] == "/srv/superlists/data/lists.sqlite3"


def test_an_absolute_sqlite_path_stays_as_it_is(variables: Variables) -> None:
    database = variables.read(DATABASE_URL="sqlite:////var/lib/lists.sqlite3").database

    assert database["NAME"] == "/var/lib/lists.sqlite3"


def test_a_request_waits_for_sqlite_as_long_as_the_url_sets(variables: Variables) -> None:
    assert variables.read().database["OPTIONS"]["timeout"] == 20
    database = variables.read(DATABASE_URL="sqlite:///lists.sqlite3?timeout=1").database
    assert database["OPTIONS"]["timeout"] == 1


def test_a_postgresql_server_that_does_not_answer_times_out_soon(
    variables: Variables,
) -> None:
    url = "postgres://edith@db.example.com/lists"

    assert variables.read(DATABASE_URL=url).database["OPTIONS"]["connect_timeout"] == 5
    patient = variables.read(DATABASE_URL=f"{url}?connect_timeout=30").database
    assert patient["OPTIONS"]["connect_timeout"] == 30


def test_a_server_is_a_staging_server_only_if_its_settings_say_so(
    variables: Variables, production: dict[str, str]
) -> None:
    assert not variables.read(**production).staging
    assert not variables.read(**production, STAGING="n").staging


def test_sqlite_can_be_in_memory(variables: Variables) -> None:
    assert variables.read(DATABASE_URL="sqlite://:memory:").database["NAME"] == ":memory:"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DJANGO_DEBUG_FALSE", "perhaps"),
        ("DJANGO_DEBUG_FALSE", ""),
        ("STAGING", "perhaps"),
        ("STAGING", ""),
        ("SITENAME", "https://superlists.example.com"),
        ("SITENAME", "superlists.example.com:8000"),
        ("SITENAME", "*"),
        ("SITE_PORT", "https"),
        ("SITE_PORT", "0"),
        ("SITENAME", ".example.com"),
        ("SITENAME", "two names.example.com"),
        ("SITENAME", "superlists.example.com\nevil.example.com"),
        ("EMAIL_HOST", "smtp://example.com"),
        ("EMAIL_HOST", ""),
        ("EMAIL_PORT", "smtp"),
        ("EMAIL_PORT", "0"),
        ("EMAIL_PORT", "65536"),
        ("EMAIL_PORT", ""),
        ("EMAIL_USE_TLS", "sometimes"),
        ("EMAIL_FROM", "Superlists"),
        ("EMAIL_FROM", ""),
        ("DATABASE_URL", "mysql://user:sesame@localhost/lists"),
        ("DATABASE_URL", "db.sqlite3"),
        ("DATABASE_URL", "sqlite:///db.sqlite3?timeout=sesame"),
        ("DATABASE_URL", "sqlite:///db.sqlite3?timeout=true"),
        ("DATABASE_URL", "postgres://user:sesame@localhost:port/lists"),
        ("DATABASE_URL", "postgres://user:sesame@localhost"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("HSTS_INCLUDE_SUBDOMAINS", "perhaps"),
        ("HSTS_PRELOAD", "perhaps"),
        # Browsers' lists take a site only with its subdomains.
        ("HSTS_PRELOAD", "y"),
        ("TRUSTED_PROXIES", "1.5"),
        ("LOGIN_MAILS_PER_ADDRESS_PER_HOUR", "many"),
        ("LOGIN_MAILS_PER_ADDRESS_PER_HOUR", "0"),
        ("LOGIN_MAILS_PER_CLIENT_PER_HOUR", "many"),
        ("LOGIN_MAILS_PER_CLIENT_PER_HOUR", "0"),
        ("OPEN_LISTS_PER_CLIENT_PER_HOUR", "0"),
        ("OPEN_ITEMS_PER_CLIENT_PER_HOUR", "many"),
        ("EMAIL_TIMEOUT", "0"),
        ("EMAIL_TIMEOUT", "61"),
        ("EMAIL_TIMEOUT", "2.5"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(variables: Variables, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        variables.read(**{name: value})

    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert ": " in sentence, "no advice"
    assert "sesame" not in sentence, "the password is shown"


@pytest.mark.parametrize(
    "key", ["", "too-short", "a" * 80, "ab" * 40, "django-insecure-" + "0123456789" * 5]
)
def test_a_server_needs_a_key_that_is_hard_to_guess(
    variables: Variables, production: dict[str, str], key: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        variables.read(**production | {"DJANGO_SECRET_KEY": key})

    assert str(refusal.value).startswith("DJANGO_SECRET_KEY is ")
    assert not key or key not in str(refusal.value)


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "SITENAME"])
def test_a_server_needs_its_own_name_and_key(
    variables: Variables, production: dict[str, str], name: str
) -> None:
    del production[name]

    with pytest.raises(ImproperlyConfigured, match=f"^{name} is missing, .*: set it to "):
        variables.read(**production)


def test_printing_the_environment_shows_no_secrets(
    variables: Variables, production: dict[str, str]
) -> None:
    shown = repr(
        variables.read(
            **production,
            EMAIL_PASSWORD="sesame",
            DATABASE_URL="postgres://edith:sesame@localhost/lists",
        )
    )

    assert "sesame" not in shown
    assert production["DJANGO_SECRET_KEY"] not in shown
