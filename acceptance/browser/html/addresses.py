"""Web addresses, read as browsers read them."""

from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}

# The characters that browsers leave unencoded in an address (URL Standard, percent-encode sets).
_KEPT = "!$%&()*+,/:;=@[]~"
_KEPT_IN_PATH = f"{_KEPT}'"
_KEPT_IN_QUERY = f"{_KEPT}?\\^`{{}}|"
_KEPT_IN_FRAGMENT = f"{_KEPT}?#'\\^{{}}|"


class Origin(NamedTuple):
    """The origin of an address (HTML Standard, "origin")."""

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        """Return the origin as requests state it."""
        port = "" if self.port == _DEFAULT_PORTS.get(self.scheme) else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}"


def origin_of(url: str) -> Origin:
    """Return the origin of a web address."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    return Origin(parts.scheme, parts.hostname or "", port)


def is_same_site(one: str, other: str) -> bool:
    """Whether two web addresses belong to the same site, as cookies define it.

    Two hosts do if they are equal or one is a subdomain of the other. The Public Suffix List, with
    the domains under which anyone can register names, is not used here.
    """
    here, there = origin_of(one), origin_of(other)
    hosts = sorted((here.host, there.host), key=len)
    is_related = hosts[0] == hosts[1] or hosts[1].endswith(f".{hosts[0]}")
    return here.scheme == there.scheme and is_related


def resolved(base: str, reference: str) -> str | None:
    """Return the web address that a reference leads to, or None if it is not a web address."""
    try:
        url = normalized(urljoin(base, reference))
        return url if is_web_address(urlsplit(url)) else None
    except ValueError:
        return None


def normalized(url: str) -> str:
    """Return a web address as the address bar shows it."""
    parts = urlsplit(url.strip())
    if not is_web_address(parts):
        return url
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    port = parts.port
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    return parts._replace(
        netloc=netloc,
        path=quote(_without_dots(parts.path.replace("\\", "/")), safe=_KEPT_IN_PATH),
        query=quote(parts.query, safe=_KEPT_IN_QUERY),
        fragment=quote(parts.fragment, safe=_KEPT_IN_FRAGMENT),
    ).geturl()


def _without_dots(path: str) -> str:
    """Return a path without the segments `..` and `.`."""
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def is_web_address(url: SplitResult) -> bool:
    """Whether a browser asks a web server for it."""
    return url.scheme in _DEFAULT_PORTS and bool(url.hostname)


def without_fragment(url: str) -> str:
    """Return a web address without its fragment, which a browser does not send."""
    return url.partition("#")[0]
