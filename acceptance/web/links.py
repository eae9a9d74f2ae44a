"""The web addresses in a text, and which of them lead to a site."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}

# RFC 3986, appendix C: angle brackets delimit an address, and white space within is ignored.
_LINK = re.compile(
    r"<\s*(?P<enclosed>https?://[^<>\s]+(?:[ \t]*\n[ \t]*[^<>\s]+)*)\s*>"
    r"|(?P<bare>https?://[^\s<>\"\u2018-\u201f«»…]+)",
    re.IGNORECASE,
)
# Punctuation after an address in a sentence. Tokens may end with a hyphen or an underscore.
_PUNCTUATION = ".,;:!?'\"*|)]}"
_PAIRS = {")": "(", "]": "[", "}": "{"}

# RFC 5322, section 2.1.1: programs that break lines limit them to 78 characters.
_BROKEN_LINE = re.compile(
    r"^(?P<line>(?=.{60,78}$).*https?://[^\s<>]+)\n(?P<rest>[\w%&=/?.~+-]+)$", re.MULTILINE
)
_UNDECODED = re.compile(r"https?://\S*=\n\S", re.IGNORECASE)

_WHITE_SPACE = re.compile(r"\s+")
_ADDRESS_WITHIN = re.compile(r"https?(?::|%3a)(?:/|%2f){1,2}", re.IGNORECASE)
# Proofpoint's URL Defense, version 3, ends the address that it contains with this.
_END_OF_ADDRESS_WITHIN = "__;"
_MOST_RELAYS = 3

# Of a part of a path that is not a token.
_PLAIN_NAME = re.compile(r"[a-z_.-]{1,30}")


@dataclass(frozen=True)
class SiteLink:
    """A link that leads to a site.

    Attributes:
        address: the address on the site, which begins with the site's own address.
        relay: another site that the link leads to first, or None.

    """

    address: str
    relay: str | None = None

    @property
    def has_token(self) -> bool:
        """Whether the link contains a token, as login links do."""
        parts = urlsplit(self.address)
        pairs = parse_qsl(f"{parts.query}&{parts.fragment}")
        return any(name == "token" and value for name, value in pairs)


def links_in(text: str) -> list[str]:
    """Return the web addresses in a text that a mail program shows, in their order."""
    if _UNDECODED.search(text):
        # A relay encoded the text as quoted-printable without declaring it.
        text = quopri.decodestring(text.encode()).decode(errors="replace")
    return [_trimmed(found) for found in _LINK.finditer(_BROKEN_LINE.sub(_mend, text))]


def link_to(site: str, link: str) -> SiteLink | None:
    """Return the place on the site that a link leads to, directly or through relays, or None.

    Mail relays replace links with their own, which redirect the reader to the original.

    Args:
        site: the address of the site's home page, without a slash at its end.
        link: a web address.

    """
    path = _path_on(site, link)
    if path is not None:
        return SiteLink(site + path)
    for address in _addresses_within(link, _MOST_RELAYS):
        path = _path_on(site, address)
        if path is not None:
            return SiteLink(site + path, relay=origin_of(link))
    return None


def origin_of(link: str) -> str:
    """Return the scheme, host and port of a link, which contain no secret."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return "a link that no browser can open"
    host = parts.netloc.rpartition("@")[2].replace("\\", "/").partition("/")[0]
    return f"{parts.scheme.lower()}://{host}"


def without_values(link: str) -> str:
    """Return a link with the names of its parameters, but without their values.

    Parts of the path that may be secrets are left out, too.
    """
    parts = urlsplit(link)
    path = "/".join(
        each if _PLAIN_NAME.fullmatch(each) or not each else "…" for each in parts.path.split("/")
    )
    query, fragment = (
        "&".join(_without_value(each) for each in text.split("&") if each)
        for text in (parts.query, parts.fragment)
    )
    return parts._replace(path=path, query=query, fragment=fragment).geturl()


def _without_value(parameter: str) -> str:
    name, separator, value = parameter.partition("=")
    return f"{name}={'…' if value else ''}" if separator else "…"


def _trimmed(found: re.Match[str]) -> str:
    enclosed = found["enclosed"]
    if enclosed is not None:
        return _WHITE_SPACE.sub("", enclosed).replace("&amp;", "&")
    link = found["bare"].replace("&amp;", "&")
    while link[-1] in _PUNCTUATION:
        opening = _PAIRS.get(link[-1])
        if opening and link.count(opening) >= link.count(link[-1]):
            break
        link = link[:-1]
    return link


def _mend(broken: re.Match[str]) -> str:
    # A line with a single word continues the address above; "--" begins a signature.
    if broken["rest"].strip("-_=") == "":
        return broken[0]
    return broken["line"] + broken["rest"]


def _path_on(site: str, link: str) -> str | None:
    """Return path, query and fragment of a link that leads to the site, or None."""
    try:
        parts, own = urlsplit(link), urlsplit(site)
        is_there = _place(parts) == _place(own)
    except ValueError:
        return None
    # Browsers and Python disagree on the host in addresses with these characters.
    if not is_there or "\\" in link or "@" in parts.netloc or not link.isprintable():
        return None
    return parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()


def _place(parts: SplitResult) -> tuple[str, str, int | None]:
    scheme = parts.scheme.lower()
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()
    return scheme, host, parts.port or _DEFAULT_PORTS.get(scheme)


def _addresses_within(link: str, depth: int) -> Iterator[str]:
    """Find the addresses that a relay's address contains, in a parameter or in the path."""
    if not depth:
        return
    for address in _values_and_rest(link):
        yield address
        yield from _addresses_within(address, depth - 1)


def _values_and_rest(link: str) -> Iterator[str]:
    try:
        parts = urlsplit(link)
        values = [value for _, value in parse_qsl(f"{parts.query}&{parts.fragment}")]
    except ValueError:
        return
    for value in values:
        # Proofpoint's URL Defense, version 2, writes - and _ for % and /.
        for written in (value, unquote(value.replace("-", "%").replace("_", "/"))):
            begin = _ADDRESS_WITHIN.match(written)
            if begin:
                yield unquote(written) if "%" in begin[0] else written
    own = len(parts.scheme) + len("://")
    begin = _ADDRESS_WITHIN.search(link, own)
    if begin:
        rest = link[begin.start() :].partition(_END_OF_ADDRESS_WITHIN)[0]
        yield unquote(rest) if "%" in begin[0] else rest
