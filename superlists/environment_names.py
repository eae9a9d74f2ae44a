"""The names of the variables that the site reads, for code that cannot import Django, too."""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "DJANGO_DEBUG_FALSE": "`y` on a server; without it, the site runs for development",
    "SITENAME": "the host name that the site answers to; required on a server",
    "DJANGO_SECRET_KEY": "50 random characters or more; required on a server",
    "DATABASE_URL": "SQLite (`?timeout=` is how many seconds to wait for others) or PostgreSQL; "
    "`db.sqlite3` beside the code by default",
    "EMAIL_HOST": "the server that sends emails; `localhost` by default",
    "EMAIL_PORT": "its port; 587 by default",
    "EMAIL_USER": "the user to log in there as; none by default",
    "EMAIL_PASSWORD": "the password of that user",
    "EMAIL_USE_TLS": "`n` for a server without STARTTLS; yes by default",
    "EMAIL_FROM": "the sender of emails; `noreply@SITENAME` by default",
    "EMAIL_TIMEOUT": "how many seconds a person waits at most while an email is handed over; 5 by "
    "default",
    "STAGING": "`y` on a staging server, which the suite may empty, and never on a production "
    "server; no by default",
    "TRUSTED_PROXIES": "how many reverse proxies stand in front, which send `X-Forwarded-For` and "
    "`X-Forwarded-Proto`; one nginx is 1; 0 by default",
    "SITE_PORT": "behind proxies, the port of https that browsers use, for links in emails; 443 by "
    "default",
    "HSTS_INCLUDE_SUBDOMAINS": "`y` where every subdomain uses https alone; no by default",
    "HSTS_PRELOAD": "`y` where browsers may be shipped with that; no by default",
    "LOGIN_MAILS_PER_ADDRESS_PER_HOUR": "how many login links one client may ask for to one "
    "address in an hour; all clients together may ask for three times as many, and beyond that for "
    "one every five minutes, so that no one can lock the owner of an address out; 10 by default",
    "LOGIN_MAILS_PER_CLIENT_PER_HOUR": "how many login links one client may ask for in an hour, "
    "to any addresses; 100 by default",
    "OPEN_LISTS_PER_CLIENT_PER_HOUR": "how many lists one client may start in an hour without "
    "being logged in; 50 by default",
    "OPEN_ITEMS_PER_CLIENT_PER_HOUR": "how many items one client may add in an hour without being "
    "logged in; 600 by default",
}
"""Every variable that the site reads, and what it means."""
