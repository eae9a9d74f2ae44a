"""What a run of the suite was asked for: file < environment < -D, checked at the start."""

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
                said, source = command_line[name], f"-D {name}"
            elif environment.get(variable):
                said, source = environment[variable], variable
            elif name in written:
                said, source = str(written[name]), f"{name} in {file.name}"
            else:
                continue
            try:
                values[name] = _READERS[name](said.strip())
            except ValueError as error:
                message = f"{source} is {said!r}, which cannot be used: {error}."
                raise ConfigurationError(message) from None
        return cls(**values)

    def __str__(self) -> str:
        """Say in one line what the run uses."""
        window = "in a window" if self.headed else "headless"
        where = f" on {self.grid}" if self.grid else ""
        site = f"staging host {self.staging}" if self.staging else "a site on this machine"
        return f"Superlists: {site}, {self.browser} {window}{where}, waits of {self.timeout:g} s"


def _table_of(file: Path) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{file.name} cannot be read as TOML ({error}): correct it and run again."
        raise ConfigurationError(message) from None
    table = content.get("tool", {}).get("superlists", {})
    if not isinstance(table, dict):
        message = f"superlists in {file.name} is not a table: write [tool.superlists] above it."
        raise ConfigurationError(message)
    return table


def _refuse_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        message = (
            f"{where} {', '.join(unknown)}, which the suite does not know: "
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
    parts = urlsplit(said)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "give an address such as http://grid.example.com:4444"
        raise ValueError(message)
    return said


def _host(said: str) -> str:
    if not said or not all(letter.isalnum() or letter in ".-:" for letter in said):
        message = "give a host name or an IP address"
        raise ValueError(message)
    return said


def _seconds(said: str) -> float:
    message = f"give a number of seconds between {SHORTEST_WAIT} and {LONGEST_WAIT}"
    try:
        seconds = float(said)
    except ValueError:
        raise ValueError(message) from None
    if not SHORTEST_WAIT <= seconds <= LONGEST_WAIT:
        raise ValueError(message)
    return seconds


def _staging(said: str) -> str:
    if not said:
        message = "name the host"
        raise ValueError(message)
    return said


_READERS: Mapping[str, Callable[[str], Any]] = {
    "browser": _browser,
    "headed": _yes_or_no,
    "grid": _web_address,
    "site_address": _host,
    "staging": _staging,
    "timeout": _seconds,
}
