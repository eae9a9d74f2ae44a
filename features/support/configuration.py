"""What a run of the suite was asked for: file < environment < -D, checked at the start."""

import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

FILE = Path(__file__).resolve().parents[2] / "pyproject.toml"
ENVIRONMENT_PREFIX = "SUPERLISTS_"
SHORTEST_WAIT = 0.1
LONGEST_WAIT = 600

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
# RFC 1123, section 2.1; the last label is no number, or it would be a damaged IPv4 address.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*(?![0-9]+\Z){_LABEL}", re.IGNORECASE)
_USER_INFO = re.compile(r"(?<=//)[^/?#]*@")


class ConfigurationError(Exception):
    """A setting of the run cannot be used; the message says which, why and what to type."""


class BrowserName(StrEnum):
    """The browsers that the suite can drive."""

    CHROMIUM = "chromium"
    CHROME = "chrome"
    FIREFOX = "firefox"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings of one run.

    Attributes:
        browser: which browser people use.
        headed: show the browser's window.
        grid: the URL of a remote WebDriver end (a Grid, or a chromedriver) that runs the browser.
        site_address: the name or address under which a browser on a grid reaches this machine.
        staging: the deployed host to test instead of a site on this machine.
        timeout: how long a person waits for something to appear, in seconds.

    """

    browser: BrowserName = BrowserName.CHROMIUM
    headed: bool = False
    grid: str | None = None
    site_address: str = "localhost"
    staging: str | None = None
    timeout: float = 5.0

    @classmethod
    def resolve(
        cls,
        command_line: Mapping[str, str],
        environment: Mapping[str, str],
        file: Path = FILE,
    ) -> Self:
        """Merge and check the three places where a setting may stand.

        Args:
            command_line: what was given with -D, by name.
            environment: the process environment; `SUPERLISTS_BROWSER` sets `browser`, and so on.
            file: a TOML file whose table `[tool.superlists]` holds settings by name.

        Raises:
            ConfigurationError: a name is unknown or a value cannot be used.

        """
        written = _table_of(file)
        known = {field.name for field in fields(cls)}
        _refuse_unknown(written, known, f"[tool.superlists] in {file.name} has")
        _refuse_unknown(command_line, known, "-D was given")
        values: dict[str, Any] = {}
        for name in known:
            variable = ENVIRONMENT_PREFIX + name.upper()
            if name in command_line:
                # behave hands on what stands in [tool.behave.userdata] with TOML's types.
                said, source = str(command_line[name]), f"-D {name}"
            elif environment.get(variable):
                said, source = environment[variable], variable
            elif name in written:
                said, source = str(written[name]), f"{name} in {file.name}"
            else:
                continue
            try:
                values[name] = _READERS[name](said.strip())
            except ValueError as error:
                shown = without_password(said)
                message = f"{source} is {shown!r}, which cannot be used: {error}."
                raise ConfigurationError(message) from None
        return cls(**values)

    def __str__(self) -> str:
        """Say in one line what the run uses."""
        window = "in a window" if self.headed else "headless"
        where = f" on {without_password(self.grid)}" if self.grid else ""
        site = f"staging host {self.staging}" if self.staging else "a site on this machine"
        return f"Superlists: {site}, {self.browser} {window}{where}, waits of {self.timeout:g} s"


def without_password(said: str) -> str:
    """Hide the user and password that the address of a rented grid may hold."""
    return _USER_INFO.sub("***@", said)


def _table_of(file: Path) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        message = f"{file.name} cannot be read as TOML ({error}): correct it and run again."
        raise ConfigurationError(message) from None
    tool = content.get("tool", {})
    table = tool.get("superlists", {}) if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        message = f"superlists in {file.name} is not a table: write [tool.superlists] above it."
        raise ConfigurationError(message)
    return table


def _refuse_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        message = (
            f"{where} {', '.join(map(repr, unknown))}, which the suite does not know: "
            f"it knows {', '.join(sorted(known))}."
        )
        raise ConfigurationError(message)


def _browser(said: str) -> BrowserName:
    try:
        return BrowserName(said.lower())
    except ValueError:
        message = f"name one of {', '.join(BrowserName)}"
        raise ValueError(message) from None


def _yes_or_no(said: str) -> bool:
    if said.lower() in _YES:
        return True
    if said.lower() in _NO:
        return False
    message = "say true or false"
    raise ValueError(message)


def _web_address(said: str) -> str:
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


def _host(said: str) -> str:
    # What behave makes of a bare `-D staging` is "true".
    is_answer = said.lower() in _YES | _NO
    if is_answer or not (_is_ipv4_address(said) or _HOST_NAME.fullmatch(said)):
        message = "give a host name or an IPv4 address"
        raise ValueError(message)
    return said


def _is_ipv4_address(said: str) -> bool:
    # Django's live server listens on IPv4 only.
    try:
        ipaddress.IPv4Address(said)
    except ValueError:
        return False
    return True


def _seconds(said: str) -> float:
    if not _DECIMAL.fullmatch(said) or not SHORTEST_WAIT <= float(said) <= LONGEST_WAIT:
        message = f"give a number of seconds between {SHORTEST_WAIT} and {LONGEST_WAIT}"
        raise ValueError(message)
    return float(said)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "browser": _browser,
    "headed": _yes_or_no,
    "grid": _web_address,
    "site_address": _host,
    "staging": _host,
    "timeout": _seconds,
}
