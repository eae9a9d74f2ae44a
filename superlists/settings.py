"""Django's settings: what the environment decides comes from `superlists.environment_variables`."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from superlists.environment_variables import HTTPS_PORT, read_environment

BASE_DIR = Path(__file__).resolve().parent.parent

_environment = read_environment(BASE_DIR)
_production = _environment.production
# A release that was deployed as production lacks what empties a database, in any environment.
_staging = _environment.staging and (BASE_DIR / "acceptance" / "server").is_dir()
_behind_proxies = _environment.trusted_proxies > 0

DEBUG = not _production
SECRET_KEY = _environment.secret_key
SITE_NAME = _environment.site_name
# Links in emails are built from the request's Host header, so only our own name may pass.
# A Host header may still contain any port. Behind proxies, the site knows its address.
_port = "" if _environment.site_port == HTTPS_PORT else f":{_environment.site_port}"
SITE_ADDRESS = f"https://{SITE_NAME}{_port}" if _production and _behind_proxies else ""
ALLOWED_HOSTS = [SITE_NAME] if _production else ["localhost", "127.0.0.1", "[::1]", SITE_NAME]

PRODUCTION_SITE = _production and not _staging
"""Whether people rely on what is in the database: nothing may have the permission to empty it."""

INSTALLED_APPS = [
    "superlists",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_guid",
    "accounts",
    "lists",
    # It can delete everything that people made.
    *(["acceptance.server"] if _staging else []),
]

# What that app has to know about this site (acceptance/server/site.py).
ACCEPTANCE_SITE = "superlists.staging"
ACCEPTANCE_FIXTURES = "features.support.fixtures"

MIDDLEWARE = [
    # First, so that every log line about a request names that request.
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    # In development `runserver` itself serves static files from their folders.
    *(["whitenoise.middleware.WhiteNoiseMiddleware"] if _production else []),
    "superlists.caching.KeepOutOfCaches",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "superlists.urls"
WSGI_APPLICATION = "superlists.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES: dict[str, Any] = {"default": _environment.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Logging in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.LoginLinkBackend"]
LOGIN_URL = "accounts:log_in"
LOGIN_LINK_LIFETIME = timedelta(minutes=15)
LOGIN_MAILS_PER_ADDRESS_PER_HOUR = _environment.login_mails_per_address_per_hour
LOGIN_MAILS_PER_CLIENT_PER_HOUR = _environment.login_mails_per_client_per_hour
OPEN_LISTS_PER_CLIENT_PER_HOUR = _environment.open_lists_per_client_per_hour
OPEN_ITEMS_PER_CLIENT_PER_HOUR = _environment.open_items_per_client_per_hour
# People who need more emails can tell their friends themselves, so no server has to raise these.
SHARING_EMAILS_PER_OWNER_PER_HOUR = 30
SHARING_EMAILS_PER_ADDRESS_PER_HOUR = 5
TRUSTED_PROXIES = _environment.trusted_proxies

# Mail

EMAIL_BACKEND = (
    "superlists.prompt_email.PromptEmailBackend"
    if _production
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = _environment.email_host
EMAIL_PORT = _environment.email_port
EMAIL_HOST_USER = _environment.email_user
EMAIL_HOST_PASSWORD = _environment.email_password
EMAIL_USE_TLS = _environment.email_use_tls
# A person and a worker wait while the email is sent.
EMAIL_TIMEOUT = _environment.email_timeout
DEFAULT_FROM_EMAIL = _environment.email_from
SERVER_EMAIL = _environment.email_from

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _production
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# What browsers may do with our pages

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # Bootstrap's style sheet carries its small icons as data: addresses.
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = _production
CSRF_COOKIE_SECURE = _production
SECURE_SSL_REDIRECT = _production
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _production and _environment.hsts_include_subdomains
SECURE_HSTS_PRELOAD = _production and _environment.hsts_preload
# Leaving these out is a decision that `check --deploy` does not have to question.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Without a proxy that sets the header, any browser could claim to use https.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if _production and _behind_proxies else None
)

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# Logging

# A client may choose the id of its request, as long as it is a UUID; the response carries the id.
DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "EXPOSE_HEADER": False}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "with_request": {
            "()": "superlists.request_logging.RequestFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s%(request_tag)s: %(message)s",
        },
    },
    "handlers": {
        "all_to_console": {"class": "logging.StreamHandler", "formatter": "with_request"},
    },
    "root": {"level": "INFO", "handlers": ["all_to_console"]},
    "loggers": {
        # Django's own handlers print nothing on a console when DEBUG is off, and email the admins,
        # of which we have none.
        "django": {"handlers": []},
        # It logs the id of every request.
        "django_guid": {"level": "ERROR"},
    },
}
