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


def test_every_variable_has_a_description() -> None:
    assert [name for name, description in NAMES.items() if not description.strip()] == []


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (r".*_PER_HOUR", "how many .* in an hour"),
        (r".*_PROXIES|.*_TIMEOUT", "how many"),
        (r".*_PORT", "port"),
        (r".*_FALSE|.*_TLS|HSTS_.*|STAGING", "`[yn]`"),
        (r"DATABASE_URL", "SQLite .* or PostgreSQL"),
    ],
)
def test_a_description_says_which_number_letter_or_address_to_write(
    names: str, written: str
) -> None:
    meant = [name for name in NAMES if re.fullmatch(names, name)]

    assert meant
    assert [name for name in meant if not re.search(written, NAMES[name])] == []


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
    assert environment.email_user == ""
    assert environment.email_use_tls
    assert environment.site_port == 443
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
        SITE_PORT="8443",
        HSTS_INCLUDE_SUBDOMAINS="y",
        HSTS_PRELOAD="y",
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
    assert environment.site_port == 8443
    assert environment.hsts_include_subdomains
    assert environment.hsts_preload
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


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("SITE_PORT", 1, 65535),
        ("EMAIL_PORT", 1, 65535),
        ("EMAIL_TIMEOUT", 1, 60),
        ("TRUSTED_PROXIES", 0, None),
        ("LOGIN_MAILS_PER_ADDRESS_PER_HOUR", 1, None),
        ("LOGIN_MAILS_PER_CLIENT_PER_HOUR", 1, None),
        ("OPEN_LISTS_PER_CLIENT_PER_HOUR", 1, None),
        ("OPEN_ITEMS_PER_CLIENT_PER_HOUR", 1, None),
    ],
)
def test_a_number_has_its_limits(
    variables: Variables, name: str, least: int, most: int | None
) -> None:
    for number in (least, most or 10**6):
        assert getattr(variables.read(**{name: str(number)}), name.lower()) == number
    for number in (least - 1, *([most + 1] if most else [])):
        with pytest.raises(ImproperlyConfigured, match=f"^{name} is '{number}', which is not "):
            variables.read(**{name: str(number)})


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"STAGING": "perhaps"},
            (
                "STAGING is 'perhaps', which is not a yes or a no: write y on a server that the"
                " acceptance suite may empty, and n on every other."
            ),
        ),
        (
            {"DJANGO_DEBUG_FALSE": "perhaps"},
            (
                "DJANGO_DEBUG_FALSE is 'perhaps', which is not a yes or a no: set it to y on a"
                " server, and leave it out for development."
            ),
        ),
        (
            {"SITE_PORT": "https"},
            (
                "SITE_PORT is 'https', which is not a port number: set it to the https port at"
                " which browsers reach the site's proxy, and leave it out for 443."
            ),
        ),
        (
            {"EMAIL_PORT": "smtp"},
            (
                "EMAIL_PORT is 'smtp', which is not a port number: set it to the mail server's"
                " submission port, usually 587."
            ),
        ),
        (
            {"EMAIL_USE_TLS": "sometimes"},
            (
                "EMAIL_USE_TLS is 'sometimes', which is not a yes or a no: leave it out to use"
                " STARTTLS, or set it to n for a server that has none."
            ),
        ),
        (
            {"EMAIL_TIMEOUT": "0"},
            (
                "EMAIL_TIMEOUT is '0', which is not a whole number from 1 to 60: set it to how many"
                " seconds the mail server may take per email, or leave it out for 5."
            ),
        ),
        (
            {"TRUSTED_PROXIES": "one"},
            (
                "TRUSTED_PROXIES is 'one', which is not a whole number from 0 up: set it to how"
                " many reverse proxies in front of the site add to X-Forwarded-For, such as 1 for"
                " one nginx."
            ),
        ),
        *(
            (
                {name: "many"},
                (
                    f"{name} is 'many', which is not a whole number from 1 up: set it to a number"
                    f" of {what} an hour, or leave it out for {default}."
                ),
            )
            for name, what, default in (
                ("LOGIN_MAILS_PER_ADDRESS_PER_HOUR", "mails", 10),
                ("LOGIN_MAILS_PER_CLIENT_PER_HOUR", "mails", 100),
                ("OPEN_LISTS_PER_CLIENT_PER_HOUR", "lists", 50),
                ("OPEN_ITEMS_PER_CLIENT_PER_HOUR", "items", 600),
            )
        ),
        (
            {"DJANGO_DEBUG_FALSE": "y"},
            (
                "SITENAME is missing, and a server needs it, since the site answers to that host"
                " name only: set it to that name, such as superlists.example.com."
            ),
        ),
        (
            {"SITENAME": "https://superlists.example.com"},
            (
                "SITENAME is 'https://superlists.example.com', which is not a host name: set it to"
                " the bare name, such as superlists.example.com, without https://, port or path."
            ),
        ),
        (
            {"DJANGO_DEBUG_FALSE": "y", "SITENAME": "superlists.example.com"},
            (
                "DJANGO_SECRET_KEY is missing, and on a server it signs what browsers keep: set it"
                " to what this prints: python -c 'import secrets;"
                " print(secrets.token_urlsafe(50))'."
            ),
        ),
        (
            {
                "DJANGO_DEBUG_FALSE": "y",
                "SITENAME": "superlists.example.com",
                "DJANGO_SECRET_KEY": "abc",
            },
            (
                "DJANGO_SECRET_KEY is too easy to guess (fewer than 50 characters, or hardly any"
                " different ones, or a published key): set it to what this prints: python -c"
                " 'import secrets; print(secrets.token_urlsafe(50))'."
            ),
        ),
        (
            {"HSTS_INCLUDE_SUBDOMAINS": "perhaps"},
            (
                "HSTS_INCLUDE_SUBDOMAINS is 'perhaps', which is not a yes or a no: set it to y only"
                " if every subdomain of the site's name is reached over https, and leave it out"
                " otherwise."
            ),
        ),
        (
            {"HSTS_PRELOAD": "perhaps"},
            (
                "HSTS_PRELOAD is 'perhaps', which is not a yes or a no: set it to y only if"
                " browsers are to ship with the site's name on their list of https-only sites,"
                " which takes months to undo, and leave it out otherwise."
            ),
        ),
        (
            {"HSTS_PRELOAD": "y"},
            (
                "HSTS_PRELOAD is on without HSTS_INCLUDE_SUBDOMAINS, and browsers take no site into"
                " their lists without its subdomains (hstspreload.org): set HSTS_INCLUDE_SUBDOMAINS"
                " to y, too, or leave HSTS_PRELOAD out."
            ),
        ),
        (
            {"EMAIL_HOST": "smtp://example.com"},
            (
                "EMAIL_HOST is 'smtp://example.com', which is not a host name or an IP address: set"
                " it to the mail server's bare name, such as smtp.example.com."
            ),
        ),
        (
            {"EMAIL_FROM": "Superlists"},
            (
                "EMAIL_FROM is 'Superlists', which is not an email address: set it to the sender of"
                " the site's mail, such as noreply@superlists.example.com."
            ),
        ),
        *(
            (
                {"DATABASE_URL": url},
                (
                    f"DATABASE_URL {reason}: set it to something like"
                    " postgres://user:password@host:5432/name or"
                    " sqlite:////var/lib/superlists/db.sqlite3, or leave it out for an SQLite file"
                    " in the project's folder."
                ),
            )
            for url, reason in (
                (
                    "a-long-name-of-a-database://lists",
                    (
                        "starts with 'a-long-name-of-a-dat', which is no database that the site"
                        " supports (SQLite and PostgreSQL)"
                    ),
                ),
                ("postgres://edith@localhost:port/lists", "cannot be parsed"),
                ("postgresql://edith@localhost", "names no database"),
            )
        ),
        (
            {"DATABASE_URL": "sqlite:///db.sqlite3?timeout=true"},
            (
                "DATABASE_URL has a timeout that is not a whole number: set it to how many seconds"
                " a request waits while another one writes, or leave it out for 20."
            ),
        ),
    ],
)
def test_a_refusal_names_the_variable_the_reason_and_what_to_do(
    variables: Variables, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        variables.read(**values)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("key", "is_refused"),
    [
        ("abcde" * 10, False),
        ("abcde" * 9 + "abcd", True),
        ("abcd" * 13, True),
        ("django-insecure-" + "abcde" * 10, True),
    ],
)
def test_a_key_is_long_and_varied_enough_as_django_checks_it(
    variables: Variables, production: dict[str, str], key: str, *, is_refused: bool
) -> None:
    settings = production | {"DJANGO_SECRET_KEY": key}
    if is_refused:
        with pytest.raises(ImproperlyConfigured):
            variables.read(**settings)
    else:
        assert variables.read(**settings).secret_key == key


def test_development_uses_its_own_key_if_it_has_one(variables: Variables) -> None:
    assert variables.read().secret_key == environment_variables.DEVELOPMENT_KEY
    assert variables.read(DJANGO_SECRET_KEY="mine").secret_key == "mine"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a" * 63 + ".example.com", True),
        ("a" * 64 + ".example.com", False),
        (".".join(["a" * 49] * 5) + ".abc", True),
        (".".join(["a" * 49] * 5) + ".abcd", False),
        ("xn--mller-kva.example.com", True),
        ("1", True),
        ("-a.example.com", False),
        ("a-.example.com", False),
        ("a..example.com", False),
        ("a_b.example.com", False),
        ("A.example.com", False),
        ("\u00e4.example.com", False),
        ("a.example.com\n", False),
        ("", False),
    ],
)
def test_a_host_name_has_parts_of_letters_digits_and_hyphens(name: str, *, is_one: bool) -> None:
    assert environment_variables.is_host_name(name) is is_one


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("SITENAME", " Superlists.EXAMPLE.com ", "superlists.example.com"),
        ("EMAIL_HOST", " SMTP.example.com ", "SMTP.example.com"),
        ("EMAIL_HOST", "192.0.2.1", "192.0.2.1"),
        ("EMAIL_HOST", "2001:db8::1", "2001:db8::1"),
        ("EMAIL_FROM", " hello@example.com ", "hello@example.com"),
    ],
)
def test_spaces_and_capitals_do_no_harm(
    variables: Variables, name: str, written: str, meant: str
) -> None:
    field = {"SITENAME": "site_name"}.get(name, name.lower())

    assert getattr(variables.read(**{name: written}), field) == meant


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_keeps_its_connections_and_checks_them(
    variables: Variables, scheme: str
) -> None:
    database = variables.read(DATABASE_URL=f"{scheme}://edith@db.example.com/lists").database

    assert database["CONN_MAX_AGE"] == 60
    assert database["CONN_HEALTH_CHECKS"] is True


def test_writers_of_sqlite_wait_for_each_other_and_readers_do_not(variables: Variables) -> None:
    in_memory = variables.read(DATABASE_URL="sqlite://:memory:").database["OPTIONS"]
    in_a_file = variables.read(DATABASE_URL="sqlite:///lists.sqlite3").database["OPTIONS"]

    assert in_memory == {"transaction_mode": "IMMEDIATE", "timeout": 20}
    assert in_a_file == {**in_memory, "init_command": "PRAGMA journal_mode=WAL"}


def test_mail_may_come_from_a_site_whose_name_has_no_dot(variables: Variables) -> None:
    assert variables.read(SITENAME="intranet").email_from == "noreply@intranet"


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
