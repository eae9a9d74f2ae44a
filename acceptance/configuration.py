"""What a run of the suite was asked for: file < environment < -D, checked at the start."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path
from typing import Any, Self

from acceptance import readers
from acceptance.hosts.web.site_requests import PASSWORD_VARIABLE, USER_VARIABLE, SiteLogIn
from acceptance.readers import BrowserName, DeployedSite, FixturesWay

FILE = Path(__file__).resolve().parents[1] / "pyproject.toml"
ENVIRONMENT_PREFIX = "SUPERLISTS_"
LISTED = "staging_hosts"
SECRET = {"mailbox_password", "site_user", "site_password"}
"""What is set only in the environment, which others cannot read."""
UNREPEATED = {*SECRET, "pictures"}
"""What whoever repeats a run must not read, or does not need."""

_LIKENESS = 0.65
"""How much a name is like that of a setting, from 0 to 1, if it is taken for a slip (difflib)."""

_WRONG_BEGINNING = 0.8
"""How much of that is left where the first letters differ."""

_SHORTEST_SLIP = 4
"""Shorter names are like anything."""

# As far as the last @: a password that was not percent-encoded may hold anything, and whoever
# forgets the scheme still writes user:password.
_USER_INFO = re.compile(r"\A([a-z0-9+.-]*://|(?=[^@]*:)).*@", re.IGNORECASE | re.DOTALL)


class ConfigurationError(Exception):
    """A setting of the run cannot be used; the message says which, why and what to type."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings of one run.

    Attributes:
        browser: which browser people use.
        headed: show the browser's window.
        grid: the URL of a remote WebDriver end (a Grid, or a chromedriver) that runs the browser.
        site_address: the name or address under which a browser on a grid reaches this machine.
        staging: the deployed site to test instead of a site on this machine.
        staging_hosts: the hosts that may be tested and are emptied for that; only in the file,
            which is reviewed.
        unlisted_host: a host that may be tested although the file does not name it.
        fixtures: what makes the fixtures of a site on a server: its own code, over SSH, or this
            machine's, through a tunnel to the server's database.
        site_folder: where the site lies on the server; `{host}` stands for the host.
        server_log: what the server's log is: `journal:` and the name of a systemd unit, or the
            path of a file, on the server; `{host}` stands for the host.
        mailbox: where the mails of the people arrive: `pop3s://user@host`, or the catch-all inbox
            of MailDev, `maildev+http://host:port`.
        mailbox_password: its password; only from the environment, which others cannot read.
        site_user: whom the web server before a deployed site lets in (HTTP basic authentication);
            only from the environment.
        site_password: the password of that user; likewise.
        mail_address: the addresses of that mailbox; `{unique}` stands for what tells people and
            scenarios apart.
        mail_timeout: how long a person waits for a mail, in seconds.
        timeout: how long a person waits for something to appear, in seconds.
        pictures: put into reports what everybody sees at the end of each scenario.
        evidence: watch over scenarios, and keep what tells why one failed.
        options: the words that, after `behave`, ask for the same again; without passwords.
        strangers: what was set besides, which is left to formatters and plug-ins.

    """

    browser: BrowserName = BrowserName.CHROMIUM
    headed: bool = False
    grid: str | None = None
    site_address: str = "localhost"
    staging: DeployedSite | None = None
    staging_hosts: tuple[str, ...] = ()
    unlisted_host: str | None = None
    fixtures: FixturesWay = FixturesWay.SSH
    site_folder: str = "~/sites/{host}"
    server_log: str = "journal:gunicorn-{host}"
    mailbox: str | None = None
    mailbox_password: str | None = field(default=None, repr=False)
    site_user: str | None = field(default=None, repr=False)
    site_password: str | None = field(default=None, repr=False)
    mail_address: str | None = None
    mail_timeout: float = 60.0
    timeout: float = 5.0
    pictures: bool = False
    evidence: bool = True
    options: tuple[str, ...] = field(default=(), repr=False, compare=False)
    strangers: tuple[str, ...] = field(default=(), repr=False, compare=False)

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
        known = {field.name for field in fields(cls)} - {"options", "strangers"}
        _refuse_unknown(written, known, f"[tool.superlists] in {file.name} has")
        strangers = [
            *_not_ours("-D ", command_line, known),
            *_not_ours(ENVIRONMENT_PREFIX, _prefixed(environment), known),
        ]
        _refuse_exposed_password(written, command_line, file)
        values: dict[str, Any] = {}
        options: list[str] = []
        for name in sorted(known - {LISTED}):
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
                shown = repr(without_password(said))
                if name in SECRET:
                    shown = "hidden here" if said.strip() else "blank"
                message = f"{source} is {shown}, which cannot be used: {error}."
                raise ConfigurationError(message) from None
            if name not in UNREPEATED and not source.endswith(file.name):
                options += ["-D", f"{name}={said.strip()}"]
        _refuse_list_from_elsewhere(command_line, environment, file)
        listed = _hosts_listed(written.get(LISTED, []), file)
        _refuse_host_for_a_name(command_line, {*listed, values.get("unlisted_host")})
        configuration = cls(
            **values,
            staging_hosts=listed,
            options=tuple(options),
            strangers=tuple(strangers),
        )
        _see_whole_log_in(configuration)
        if configuration.staging:
            configuration.check_staging(configuration.staging.host, file)
        return configuration

    @property
    def site_log_in(self) -> SiteLogIn | None:
        """What the web server before a deployed site asks for, where that is set."""
        if self.staging is None or self.site_user is None or self.site_password is None:
            return None
        return SiteLogIn(self.site_user, self.site_password)

    def check_staging(self, host: str, file: Path = FILE) -> None:
        """See that the site on `host` may be tested, and that its mails can be read.

        Raises:
            ConfigurationError: the file does not name the host, or no mailbox is named.

        """
        if host not in {*self.staging_hosts, self.unlisted_host}:
            alike = get_close_matches(host, self.staging_hosts, n=1)
            such = f", such as {alike[0]}" if alike else ""
            # No command to copy that would test this host: it may be production.
            message = (
                f"{host} is not among the staging_hosts in {file.name}, and testing a site deletes "
                f"all that is on it: name a staging host{such}; docs/staging.md says how a new one "
                "is listed."
            )
            raise ConfigurationError(message)
        missing = [name for name in ("mailbox", "mail_address") if getattr(self, name) is None]
        if missing:
            message = (
                f"{host} sends real mail, and {' and '.join(missing)} not set: set "
                "SUPERLISTS_MAILBOX=pop3s://you@pop.example.com, SUPERLISTS_MAILBOX_PASSWORD, and "
                "SUPERLISTS_MAIL_ADDRESS=you+{unique}@example.com."
            ).replace("not set", "are not set" if len(missing) > 1 else "is not set")
            raise ConfigurationError(message)

    def __str__(self) -> str:
        """Say in a few words what the run uses."""
        window = "in a window" if self.headed else "headless"
        where = f" on {without_password(self.grid)}" if self.grid else ""
        browser = f"{self.browser} {window}{where}, waits of {self.timeout:g} s"
        site = self.staging.url if self.staging else "a site on this machine"
        lines = [f"Superlists: {site}, {browser}"]
        if self.staging:
            lines.append(
                f"Mail: {self.mail_address} in {self.mailbox}, waits of {self.mail_timeout:g} s"
            )
        if self.strangers:
            lines.append(f"Not settings of the suite: {', '.join(self.strangers)}")
        return "\n".join(lines)


def _see_whole_log_in(configuration: Configuration) -> None:
    has = {
        USER_VARIABLE: configuration.site_user is not None,
        PASSWORD_VARIABLE: configuration.site_password is not None,
    }
    if len(set(has.values())) > 1:
        missing, given = sorted(has, key=has.__getitem__)
        message = f"{given} is set without {missing}: set both, or neither."
        raise ConfigurationError(message)


def without_password(said: str) -> str:
    """Hide the user and password that an address may hold, also one that cannot be used."""
    return _USER_INFO.sub(r"\1***@", said)


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


def _refuse_exposed_password(
    written: Mapping[str, Any], command_line: Mapping[str, str], file: Path
) -> None:
    for name in sorted(SECRET):
        variable = ENVIRONMENT_PREFIX + name.upper()
        exposed = {
            f"{name} stands in {file.name}, which is shared with everybody": name in written,
            f"-D {name} can be read in the list of processes": name in command_line,
        }
        for how, is_so in exposed.items():
            if is_so:
                message = f"{how}: take it out, set {variable} instead, and change the password."
                raise ConfigurationError(message)


def _refuse_list_from_elsewhere(
    command_line: Mapping[str, str], environment: Mapping[str, str], file: Path
) -> None:
    variable = ENVIRONMENT_PREFIX + LISTED.upper()
    if LISTED in command_line or environment.get(variable):
        source = f"-D {LISTED}" if LISTED in command_line else variable
        message = (
            f"{source} is set, but the hosts that a run may empty are listed only in {file.name}, "
            "where changes are reviewed: docs/staging.md says how a new one is listed."
        )
        raise ConfigurationError(message)


def _hosts_listed(said: object, file: Path) -> tuple[str, ...]:
    try:
        return tuple(readers.host(name).lower() for name in _texts(said))
    except ValueError:
        message = (
            f"{LISTED} in {file.name} is {said!r}, which cannot be used: give a list of host names."
        )
        raise ConfigurationError(message) from None


def _texts(said: object) -> list[str]:
    if isinstance(said, list) and all(isinstance(each, str) for each in said):
        return said
    raise ValueError


def _prefixed(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables that may be settings, by what follows the prefix."""
    return {
        name.removeprefix(ENVIRONMENT_PREFIX): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }


def _not_ours(prefix: str, given: Mapping[str, Any], known: set[str]) -> Sequence[str]:
    """Return what is set for formatters and plug-ins; refuse what is meant for the suite.

    A run that was meant for a server must not take place here because of a slip, nor the reverse.
    """
    spelled = {name.upper() for name in known} if prefix == ENVIRONMENT_PREFIX else known
    others = sorted(set(given) - spelled)
    for name in others:
        meant = _meant(name, known)
        if meant:
            right = f"{prefix}{meant.upper()}" if prefix == ENVIRONMENT_PREFIX else meant
            message = f"{prefix}{_as_typed(name)} is no setting of the suite: did you mean {right}?"
            raise ConfigurationError(message)
    return [f"{prefix}{_as_typed(name)}" for name in others]


def _meant(name: str, known: set[str]) -> str | None:
    # Of `-D staging:HOST`, too, behave makes one name.
    typed = re.split(r"[:\s]", name.strip())[0]
    # With dots are behave's own and those of formatters: behave.reporter.junit.show_hostname.
    if "." in typed or len(typed) < _SHORTEST_SLIP:
        return None
    likeness, nearest = max((_likeness(_plain(typed), _plain(each)), each) for each in known)
    return nearest if likeness >= _LIKENESS else None


def _likeness(typed: str, meant: str) -> float:
    """Return from 0 to 1 how much one name is like the other; slips seldom begin a word."""
    likeness = SequenceMatcher(None, typed, meant).ratio()
    return likeness if typed[:1] == meant[:1] else likeness * _WRONG_BEGINNING


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _as_typed(name: str) -> str:
    return name if name.isprintable() and name else repr(name)


def _refuse_host_for_a_name(command_line: Mapping[str, str], hosts: set[str | None]) -> None:
    for typed in command_line:
        host = re.sub(r"\A\w+://|[:/].*", "", typed.lower())
        if host in hosts:
            message = f"-D {typed} names a host and no setting: type -D staging={typed} to test it."
            raise ConfigurationError(message)


def _refuse_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        message = (
            f"{where} {', '.join(map(repr, unknown))}, which the suite does not know: "
            f"it knows {', '.join(sorted(known))}."
        )
        raise ConfigurationError(message)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "browser": readers.browser,
    "headed": readers.yes_or_no,
    "grid": readers.web_address,
    "site_address": readers.host,
    "staging": readers.deployed_site,
    "unlisted_host": lambda said: readers.host(said).lower(),
    "fixtures": readers.fixtures,
    "site_folder": readers.remote_path,
    "server_log": readers.server_log,
    "mailbox": readers.mailbox,
    "mailbox_password": readers.password,
    "site_user": readers.site_user,
    "site_password": readers.password,
    "mail_address": readers.mail_address,
    "mail_timeout": readers.seconds,
    "timeout": readers.seconds,
    "pictures": readers.yes_or_no,
    "evidence": readers.yes_or_no,
}
