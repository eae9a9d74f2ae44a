"""The values of settings, read from text.

Each function takes the text and raises ValueError with a few words about the value to give instead;
in them, `$site_password` stands for the name of the environment variable with that setting.
"""

import ipaddress
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from acceptance.mail.addresses import checked_pattern
from acceptance.mail.select import checked_address

SHORTEST_WAIT = 0.1
LONGEST_WAIT = 600

_PROGRAM = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+-]*")
_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_RANDOM_ORDER = re.compile(r"random(:[0-9]{1,9})?")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
# RFC 1123, section 2.1; a last label that is a number would make it an invalid IPv4 address.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*(?![0-9]+\Z){_LABEL}", re.IGNORECASE)
# systemd.unit(5), with the braces of {host}.
_UNIT_NAME = re.compile(r"[A-Za-z0-9:_.@{}\\-]{1,255}")

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class DeployedSite:
    """A site on a server.

    Attributes:
        url: the address of its home page, without a slash at its end.
        host: the host's name, in lower case.

    """

    url: str
    host: str


class BrowserName(StrEnum):
    """The browsers that the suite can drive, and the ways to run without one."""

    CHROMIUM = "chromium"
    CHROME = "chrome"
    FIREFOX = "firefox"
    NONE = "none"
    MIXED = "mixed"


class FixturesWay(StrEnum):
    """How the fixtures of a site on a server are made."""

    SSH = "ssh"
    TUNNEL = "tunnel"


class Reset(StrEnum):
    """When a run empties the site.

    Before each scenario, once before the first one, or never; rate limits are reset before each
    scenario in any case.
    """

    SCENARIO = "scenario"
    RUN = "run"
    NEVER = "never"


def one_of(kind: type[Kind]) -> Callable[[str], Kind]:
    """Return a function that reads the name of a member of `kind`."""

    def read(text: str) -> Kind:
        try:
            return kind(text.lower())
        except ValueError:
            message = f"name one of {', '.join(kind)}"
            raise ValueError(message) from None

    return read


def order(text: str) -> str:
    """Return the order of scenarios: `random`, or `random:` and a number that gives one again."""
    if not _RANDOM_ORDER.fullmatch(text.lower()):
        message = "give random, or random:NUMBER to repeat the order of a run"
        raise ValueError(message)
    return text.lower()


def command(text: str) -> tuple[str, ...]:
    """Return the words of a command, which is quoted as for a shell; no shell reads it."""
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        words = ()
    if not words or not _PROGRAM.fullmatch(words[0]) or not all(map(str.isprintable, words)):
        message = "give a command that enters the host, such as docker compose exec -T web"
        raise ValueError(message)
    return words


def yes_or_no(text: str) -> bool:
    """Return the answer to a question."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    message = "give true or false"
    raise ValueError(message)


def deployed_site(text: str) -> DeployedSite:
    """Return the site at a host name, with https, or at a web address."""
    message = "give a host such as staging.example.com, or its https:// address"
    url = text if "://" in text else f"https://{text}"
    if "@" in url.partition("://")[2]:
        # Others can read it in the list of processes and in the history of a shell.
        message = (
            "leave user and password out of the address, and set $site_user and $site_password to "
            "what its web server asks for"
        )
        raise ValueError(message)
    try:
        parts = urlsplit(web_address(url))
        name = host(str(parts.hostname))
    except ValueError:
        raise ValueError(message) from None
    # The rest of the address would be dropped silently, although it was meant.
    if url.lower().removesuffix("/") != f"{parts.scheme}://{parts.netloc}".lower():
        raise ValueError(message)
    if parts.netloc.endswith(":"):
        raise ValueError(message)
    return DeployedSite(url=f"{parts.scheme}://{parts.netloc.lower()}", host=name.lower())


def remote_path(text: str) -> str:
    """Return the path on a server."""
    if not text.startswith(("/", "~/")) or not text.isprintable():
        message = "give a path on the server that starts with / or ~/"
        raise ValueError(message)
    return text


def server_log(text: str) -> str:
    """Return the log of a server: `journal:` and a unit, or a path."""
    unit = text.removeprefix("journal:")
    if unit == text:
        return remote_path(text)
    if not _UNIT_NAME.fullmatch(unit):
        message = "give journal: and the name of a systemd unit, or the path of a file"
        raise ValueError(message)
    return text


def password(text: str) -> str:
    """Return the password, which may be any text that is not empty."""
    if not text:
        message = "give the password"
        raise ValueError(message)
    return text


def site_user(text: str) -> str:
    """Return the name of a user of HTTP's basic authentication (RFC 7617, section 2)."""
    if not text or ":" in text or not text.isprintable():
        message = "give a name without a colon"
        raise ValueError(message)
    return text


def mailbox(text: str) -> str:
    """Return the address of a mailbox."""
    checked_address(text)
    return text


def mail_address(text: str) -> str:
    """Return the pattern of an email address, in lower case."""
    pattern = checked_pattern(text)
    host(pattern.rpartition("@")[2])
    return pattern


def web_address(text: str) -> str:
    """Return the web address."""
    message = "give an address such as http://grid.example.com:4444"
    try:
        parts = urlsplit(text)
        # Reading the port checks it.
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    # urlsplit() drops tabs and line ends, and accepts all other characters that are not printable.
    if not usable or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(message)
    return text


def host(text: str) -> str:
    """Return the host name or IPv4 address."""
    # behave reads a bare `-D staging` as "true".
    is_answer = text.lower() in _YES | _NO
    if is_answer or not (_is_ipv4_address(text) or _HOST_NAME.fullmatch(text)):
        message = "give a host name or an IPv4 address"
        raise ValueError(message)
    return text


def host_in_lower_case(text: str) -> str:
    """Return the host name or IPv4 address, to be compared with others."""
    return host(text).lower()


def _is_ipv4_address(text: str) -> bool:
    # Django's live server listens on IPv4 only.
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def seconds(text: str) -> float:
    """Return the number of seconds."""
    if not _DECIMAL.fullmatch(text) or not SHORTEST_WAIT <= float(text) <= LONGEST_WAIT:
        message = f"give a number of seconds between {SHORTEST_WAIT} and {LONGEST_WAIT}"
        raise ValueError(message)
    return float(text)
