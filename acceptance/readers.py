"""The values of settings, read from what people write.

Each function takes the text and raises ValueError with a few words that say what to give instead;
`$site_password` stands there for the name of the environment variable with that setting.
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
# RFC 1123, section 2.1; the last label is no number, or it would be a damaged IPv4 address.
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
    """The browsers that the suite can drive, and what can take their place."""

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

    Before each scenario, once before the first one, or never; what limits how often one client may
    ask for something begins anew before each scenario in any case.
    """

    SCENARIO = "scenario"
    RUN = "run"
    NEVER = "never"


def one_of(kind: type[Kind]) -> Callable[[str], Kind]:
    """Return what reads the name of one of these."""

    def read(said: str) -> Kind:
        try:
            return kind(said.lower())
        except ValueError:
            message = f"name one of {', '.join(kind)}"
            raise ValueError(message) from None

    return read


def order(said: str) -> str:
    """Return the order of scenarios: `random`, or `random:` and a number that gives one again."""
    if not _RANDOM_ORDER.fullmatch(said.lower()):
        message = "say random, or random:NUMBER for an order that a run has had"
        raise ValueError(message)
    return said.lower()


def command(said: str) -> tuple[str, ...]:
    """Return the words of a command, quoted as for a shell, which does not take it apart."""
    try:
        words = tuple(shlex.split(said))
    except ValueError:
        words = ()
    if not words or not _PROGRAM.fullmatch(words[0]) or not all(map(str.isprintable, words)):
        message = "give what enters the host, such as docker compose exec -T web"
        raise ValueError(message)
    return words


def yes_or_no(said: str) -> bool:
    """Return what the answer to a question is."""
    if said.lower() in _YES:
        return True
    if said.lower() in _NO:
        return False
    message = "say true or false"
    raise ValueError(message)


def deployed_site(said: str) -> DeployedSite:
    """Return the site that a host name or a web address stands for; https unless told."""
    message = "give a host such as staging.example.com, or its https:// address"
    url = said if "://" in said else f"https://{said}"
    if "@" in url.partition("://")[2]:
        # Where others read it: in the list of processes, and in the history of a shell.
        message = (
            "leave user and password out of the address, and set $site_user and $site_password to "
            "those that its web server asks for"
        )
        raise ValueError(message)
    try:
        parts = urlsplit(web_address(url))
        name = host(str(parts.hostname))
    except ValueError:
        raise ValueError(message) from None
    # Anything else would be dropped in silence: who wrote it meant another address.
    if url.lower().removesuffix("/") != f"{parts.scheme}://{parts.netloc}".lower():
        raise ValueError(message)
    if parts.netloc.endswith(":"):
        raise ValueError(message)
    return DeployedSite(url=f"{parts.scheme}://{parts.netloc.lower()}", host=name.lower())


def remote_path(said: str) -> str:
    """Return the path on a server."""
    if not said.startswith(("/", "~/")) or not said.isprintable():
        message = "give a path on the server that starts with / or ~/"
        raise ValueError(message)
    return said


def server_log(said: str) -> str:
    """Return what a server's log is: `journal:` and a unit, or a path."""
    unit = said.removeprefix("journal:")
    if unit == said:
        return remote_path(said)
    if not _UNIT_NAME.fullmatch(unit):
        message = "give journal: and the name of a systemd unit, or the path of a file"
        raise ValueError(message)
    return said


def password(said: str) -> str:
    """Return the password: anything but nothing may be one."""
    if not said:
        message = "give the password"
        raise ValueError(message)
    return said


def site_user(said: str) -> str:
    """Return the name of a user of HTTP's basic authentication (RFC 7617, section 2)."""
    if not said or ":" in said or not said.isprintable():
        message = "give a name without a colon"
        raise ValueError(message)
    return said


def mailbox(said: str) -> str:
    """Return the address of a mailbox."""
    checked_address(said)
    return said


def mail_address(said: str) -> str:
    """Return the pattern of a mail address, in lower case."""
    pattern = checked_pattern(said)
    host(pattern.rpartition("@")[2])
    return pattern


def web_address(said: str) -> str:
    """Return the web address."""
    message = "give an address such as http://grid.example.com:4444"
    try:
        parts = urlsplit(said)
        # Reading the port checks it.
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    # urlsplit() drops tabs and line ends, and lets everything else pass that is not printable.
    if not usable or not said.isascii() or not said.isprintable() or " " in said:
        raise ValueError(message)
    return said


def host(said: str) -> str:
    """Return the host name or IPv4 address."""
    # What behave makes of a bare `-D staging` is "true".
    is_answer = said.lower() in _YES | _NO
    if is_answer or not (_is_ipv4_address(said) or _HOST_NAME.fullmatch(said)):
        message = "give a host name or an IPv4 address"
        raise ValueError(message)
    return said


def host_in_lower_case(said: str) -> str:
    """Return the host name or IPv4 address, to be compared with others."""
    return host(said).lower()


def _is_ipv4_address(said: str) -> bool:
    # Django's live server listens on IPv4 only.
    try:
        ipaddress.IPv4Address(said)
    except ValueError:
        return False
    return True


def seconds(said: str) -> float:
    """Return the number of seconds."""
    if not _DECIMAL.fullmatch(said) or not SHORTEST_WAIT <= float(said) <= LONGEST_WAIT:
        message = f"give a number of seconds between {SHORTEST_WAIT} and {LONGEST_WAIT}"
        raise ValueError(message)
    return float(said)
