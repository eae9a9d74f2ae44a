"""A person's cookies, kept and sent as browsers do (RFC 6265bis)."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from urllib.parse import SplitResult, urlsplit

from acceptance.fixtures.values import SessionCookie

_LAX, _STRICT, _NONE = "lax", "strict", "none"

# Browsers refuse cookies that contain them (section 5.6).
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True)
class Cookie:
    """A cookie as a browser stores it (section 5.7).

    Attributes:
        name: its name.
        value: its value as the site sent it, including any quotation marks.
        domain: the host that it is sent to.
        is_host_only: whether it is not sent to subdomains of that host.
        path: the path below which it is sent.
        is_secure: whether it is sent over https only.
        same_site: `strict`, `lax` or `none`; or "" if the site did not set it. Then it is sent
            with other sites' forms for two minutes (section 5.5), and no scenario takes longer.
        expires: when it expires, in seconds since 1970, or None for the end of the session.

    """

    name: str
    value: str
    domain: str
    is_host_only: bool
    path: str
    is_secure: bool
    same_site: str
    expires: float | None = None


class CookieJar:
    """The cookies of one person."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def store(self, url: str, set_cookie: Iterable[str]) -> None:
        """Store the cookies that the site at `url` set with its fields `Set-Cookie`."""
        for field in set_cookie:
            cookie = _read(field, urlsplit(url))
            if cookie is not None:
                self._keep(cookie)

    def remember(self, cookie: SessionCookie, url: str) -> None:
        """Store a cookie as if the site at `url` had set it."""
        self._keep(
            Cookie(
                name=cookie.name,
                value=cookie.value,
                domain=urlsplit(url).hostname or "",
                is_host_only=True,
                path=cookie.path,
                is_secure=cookie.secure,
                same_site=cookie.same_site.lower(),
            )
        )

    def header(self, url: str, *, is_same_site: bool, is_safe: bool) -> str:
        """Return the value of the field `Cookie`, or nothing.

        Args:
            url: the address of the request.
            is_same_site: whether the page that leads there belongs to the same site.
            is_safe: whether the request only reads, as GET does.

        """
        parts = urlsplit(url)
        sent = [
            cookie
            for cookie in self
            if _goes_to(cookie, parts)
            and (is_same_site or cookie.same_site in {_NONE, "", *([_LAX] if is_safe else [])})
        ]
        # Cookies with longer paths come first, then older ones (section 5.8.3).
        sent.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(
            f"{cookie.name}={cookie.value}" if cookie.name else cookie.value for cookie in sent
        )

    def values(self) -> Mapping[str, str]:
        """Return the values of all cookies, by name."""
        return {cookie.name: cookie.value for cookie in self}

    def end_session(self) -> None:
        """Forget the cookies without an expiry date (section 5.7)."""
        self._cookies = {
            key: cookie for key, cookie in self._cookies.items() if cookie.expires is not None
        }

    def __iter__(self) -> Iterator[Cookie]:
        """Iterate over the cookies that have not expired, oldest first."""
        now = time.time()
        for key, cookie in list(self._cookies.items()):
            if cookie.expires is not None and cookie.expires <= now:
                del self._cookies[key]
            else:
                yield cookie

    def _keep(self, cookie: Cookie) -> None:
        self._cookies[cookie.domain, cookie.path, cookie.name] = cookie


def is_trustworthy(url: SplitResult) -> bool:
    """Whether no one else can read what is sent, as on this machine (Secure Contexts)."""
    host = url.hostname or ""
    return (
        url.scheme == "https"
        or host in {"localhost", "127.0.0.1", "::1"}
        or host.endswith(".localhost")
    )


def _read(field: str, url: SplitResult) -> Cookie | None:
    """Read a field `Set-Cookie` (section 5.6); return None if it must be ignored."""
    pair, *rest = field.split(";")
    name, is_pair, value = pair.partition("=")
    if not is_pair:
        name, value = "", name
    name, value = name.strip(" \t"), value.strip(" \t")
    if _CONTROL_CHARACTERS.search(field) or not (name or value):
        return None
    attributes = {}
    for text in rest:
        attribute, _, setting = text.partition("=")
        attributes[attribute.strip(" \t").lower()] = setting.strip(" \t")
    host = url.hostname or ""
    domain = attributes.get("domain", "").removeprefix(".").lower()
    is_secure = "secure" in attributes
    same_site = attributes.get("samesite", "").lower()
    if same_site not in {_LAX, _STRICT, _NONE}:
        same_site = ""
    is_refused = (
        (domain and not _is_within(host, domain))
        or (is_secure and not is_trustworthy(url))
        or (same_site == _NONE and not is_secure)
        or (name.startswith("__Secure-") and not is_secure)
        or (
            name.startswith("__Host-")
            and (not is_secure or domain or attributes.get("path") != "/")
        )
    )
    if is_refused:
        return None
    path = attributes.get("path", "")
    return Cookie(
        name=name,
        value=value,
        domain=domain or host,
        is_host_only=not domain,
        path=path if path.startswith("/") else _default_path(url),
        is_secure=is_secure,
        same_site=same_site,
        expires=_expiry(attributes),
    )


def _expiry(attributes: Mapping[str, str]) -> float | None:
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return time.time() + int(age) if int(age) > 0 else 0.0
    date = parsedate_tz(attributes.get("expires", ""))
    try:
        return float(mktime_tz(date)) if date else None
    except (OverflowError, ValueError):
        return None


def _default_path(url: SplitResult) -> str:
    folder = url.path.rpartition("/")[0]
    return folder if folder.startswith("/") else "/"


def _goes_to(cookie: Cookie, url: SplitResult) -> bool:
    host, path = url.hostname or "", url.path or "/"
    return (
        (host == cookie.domain if cookie.is_host_only else _is_within(host, cookie.domain))
        and (
            path == cookie.path
            or path.startswith(cookie.path if cookie.path.endswith("/") else f"{cookie.path}/")
        )
        and (not cookie.is_secure or is_trustworthy(url))
    )


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
