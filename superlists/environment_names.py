"""The names of the variables that the site reads, for code that cannot import Django, too."""

NAMES = (
    "DATABASE_URL",
    "DJANGO_DEBUG_FALSE",
    "DJANGO_SECRET_KEY",
    "EMAIL_FROM",
    "EMAIL_HOST",
    "EMAIL_PASSWORD",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USER",
    "EMAIL_USE_TLS",
    "HSTS_INCLUDE_SUBDOMAINS",
    "HSTS_PRELOAD",
    "LOGIN_MAILS_PER_ADDRESS_PER_HOUR",
    "LOGIN_MAILS_PER_CLIENT_PER_HOUR",
    "OPEN_ITEMS_PER_CLIENT_PER_HOUR",
    "OPEN_LISTS_PER_CLIENT_PER_HOUR",
    "SITENAME",
    "SITE_PORT",
    "STAGING",
    "TRUSTED_PROXIES",
)
"""Every variable that the site reads."""
