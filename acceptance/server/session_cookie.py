"""A logged-in session as the browser keeps it; free of Django, so that both ends can use it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SessionCookie:
    """A whole session cookie, as RFC 6265 section 4.1 describes its parts.

    Attributes:
        name: the cookie's name.
        value: the session key.
        path: the path below which the cookie is sent.
        secure: sent over https only.
        http_only: kept from scripts.
        same_site: "Strict", "Lax" or "None".

    """

    name: str
    value: str
    path: str
    secure: bool
    http_only: bool
    same_site: str
