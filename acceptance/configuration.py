"""The settings of a run, merged and checked at the start: file < environment < -D."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Annotated, Any, Self, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from acceptance import readers, setting_names
from acceptance.errors import ConfigurationError
from acceptance.hosts.secret_setting import SecretSetting
from acceptance.hosts.web.site_requests import SiteLogIn
from acceptance.mail.addresses import UNIQUE
from acceptance.project import SETTINGS_FILE, Project
from acceptance.readers import BrowserName, DeployedSite, FixturesWay, Reset

LISTED = "staging_hosts"

LOCAL = "local"
"""The name of the place where the site runs on this machine."""

OF_THE_RUNNER: Mapping[str, str] = {
    "shard": "which part of the scenarios this machine runs, such as `2/5` for the second of five",
    "shard_times": "the file with the times by which shards are cut to take equally long",
}
"""Settings that choose a machine\'s scenarios; the runner reads them from the command line."""

# As far as the last @: a password that was not percent-encoded may contain any character, and an
# address without a scheme may still begin with user:password.
_USER_INFO = re.compile(r"\A([a-z0-9+.-]*://|(?=[^@]*:)).*@", re.IGNORECASE | re.DOTALL)

_NOT_SET = SecretSetting("")

_UNREPEATED = "unrepeated"
"""Marks a setting that is left out of the command that repeats a run."""

_WITH_LOG_IN = "with login"
"""Marks an address that may contain a user and a password, which are not written down."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings of one run.

    docs/decisions/0007-settings-read-by-the-kit.md explains why no library reads them.

    Attributes:
        browser: the browser that people use, `none`, or `mixed` for a browser only where a
            scenario needs one.
        headed: show the browser's window.
        grid: the URL of a remote WebDriver end (a Grid, or a chromedriver) that runs the browser.
        grid_timeout: how long a run waits for the grid to have a browser free, in seconds.
        site_address: the name or address at which a browser on a grid reaches this machine.
        staging: the deployed site to test instead of a site on this machine.
        staging_hosts: the hosts that a run may test, and empty to do so; only in the file, where
            changes are reviewed.
        unlisted_host: a host that a run may test although the file does not list it.
        fixtures: what makes the fixtures of a site on a server: its own code, over SSH, or this
            machine's, through a tunnel to the server's database.
        reset: when the site is emptied; by default before each scenario, or once before the first
            one where workers share a deployed site.
        host_command: the command that enters the host that the site runs on, such as `docker
            compose exec -T web`; may contain `{host}`; SSH by default.
        site_folder: the folder of the site on the server; `{host}` stands for the host.
        server_log: what the server's log is: `journal:` and the name of a systemd unit, or the
            path of a file, on the server; `{host}` stands for the host.
        mailbox: where people's email arrives: `pop3s://user@host`, or the catch-all inbox of
            MailDev, `maildev+http://host:port`.
        mailbox_password: the password of the mailbox; only from the environment, which others
            cannot read.
        site_user: the user that the web server in front of a deployed site asks for (HTTP basic
            authentication); only from the environment.
        site_password: the password of that user; only from the environment.
        mail_address: the pattern of the email addresses that the mailbox receives; `{unique}`
            stands for a part that is different for each person and scenario.
        mail_timeout: how long a person waits for an email, in seconds.
        timeout: how long a person waits for something to appear, in seconds.
        order: `random`, or `random:` and a number that repeats an order; by default that of the
            feature files.
        pictures: add to reports what each person sees at the end of each scenario.
        evidence: monitor scenarios, and record the evidence of failures.
        project: the project whose site is tested.
        options: the words after `behave` that repeat these settings; without passwords.
        strangers: other names that were set, which are left to formatters and plug-ins.

    """

    browser: Annotated[BrowserName, readers.one_of(BrowserName)] = BrowserName.CHROMIUM
    headed: Annotated[bool, readers.yes_or_no] = False
    grid: Annotated[str | None, readers.web_address, _WITH_LOG_IN] = None
    grid_timeout: Annotated[float, readers.seconds] = 60.0
    site_address: Annotated[str, readers.host] = "localhost"
    staging: Annotated[DeployedSite | None, readers.deployed_site] = None
    staging_hosts: tuple[str, ...] = ()
    unlisted_host: Annotated[str | None, readers.host_in_lower_case] = None
    fixtures: Annotated[FixturesWay, readers.one_of(FixturesWay)] = FixturesWay.SSH
    reset: Annotated[Reset | None, readers.one_of(Reset)] = None
    host_command: Annotated[tuple[str, ...] | None, readers.command] = None
    site_folder: Annotated[str, readers.remote_path] = Project.site_folder
    server_log: Annotated[str, readers.server_log] = Project.server_log
    mailbox: Annotated[str | None, readers.mailbox] = None
    mailbox_password: Annotated[SecretSetting, readers.password] = _NOT_SET
    site_user: Annotated[SecretSetting, readers.site_user] = _NOT_SET
    site_password: Annotated[SecretSetting, readers.password] = _NOT_SET
    mail_address: Annotated[str | None, readers.mail_address] = None
    mail_timeout: Annotated[float, readers.seconds] = 60.0
    timeout: Annotated[float, readers.seconds] = 5.0
    order: Annotated[str | None, readers.order, _UNREPEATED] = None
    pictures: Annotated[bool, readers.yes_or_no, _UNREPEATED] = False
    evidence: Annotated[bool, readers.yes_or_no] = True
    project: Project = field(default_factory=Project, repr=False, compare=False)
    options: tuple[str, ...] = field(default=(), repr=False, compare=False)
    strangers: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def resolve(
        cls, project: Project, command_line: Mapping[str, str], environment: Mapping[str, str]
    ) -> Self:
        """Merge and check the settings from the three places that may hold them.

        Args:
            project: names the file, the table in it and the variables.
            command_line: the values given with -D, by name.
            environment: the process environment.

        Raises:
            ConfigurationError: a name is unknown or a value cannot be used.

        """
        written = _table_of(project)
        hints = get_type_hints(cls, include_extras=True)
        settings = {
            name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Annotated
        }
        secret = [name for name, (kind, *_) in settings.items() if kind is SecretSetting]
        known = {LISTED, *settings}
        setting_names.refuse_unknown(
            written, known, f"[tool.{project.table}] in {SETTINGS_FILE} has"
        )
        known.update(OF_THE_RUNNER)
        prefix = project.environment_prefix
        strangers = [
            *setting_names.strangers("-D ", command_line, known),
            *setting_names.strangers(
                prefix,
                [name.removeprefix(prefix) for name in environment if name.startswith(prefix)],
                {name.upper() for name in known},
            ),
        ]
        _refuse_exposed_secret(project, secret, written, command_line)
        values: dict[str, Any] = {
            "site_folder": project.site_folder,
            "server_log": project.server_log,
            **{name: SecretSetting(project.variable(name)) for name in secret},
        }
        options: list[str] = []
        for name, (_, read, *marks) in sorted(settings.items()):
            variable = project.variable(name)
            if name in command_line:
                # behave passes values of [tool.behave.userdata] on with TOML's types.
                text, source = str(command_line[name]), f"-D {name}"
            elif environment.get(variable):
                text, source = environment[variable], variable
            elif name in written:
                text, source = str(written[name]), f"{name} in {SETTINGS_FILE}"
            else:
                continue
            try:
                value = read(text.strip())
            except ValueError as error:
                shown = repr(without_password(text))
                if name in secret:
                    shown = "hidden here" if text.strip() else "blank"
                advice = project.with_variables(str(error), *secret)
                message = f"{source} is {shown}, which cannot be used: {advice}."
                raise ConfigurationError(message) from None
            values[name] = SecretSetting(variable, value) if name in secret else value
            if not (name in secret or _UNREPEATED in marks) and not source.endswith(SETTINGS_FILE):
                shown = without_password(text) if _WITH_LOG_IN in marks else text
                options += ["-D", f"{name}={shown.strip()}"]
        _refuse_list_from_elsewhere(project, command_line, environment)
        _refuse_shard_from_elsewhere(project, environment)
        listed = _hosts_listed(written.get(LISTED, []))
        setting_names.refuse_host_for_a_name(command_line, {*listed, values.get("unlisted_host")})
        configuration = cls(
            **values,
            project=project,
            staging_hosts=listed,
            options=tuple(options),
            strangers=tuple(strangers),
        )
        configuration._check_window()
        configuration._check_site_log_in()
        configuration._check_staging()
        return configuration

    @property
    def place_name(self) -> str:
        """The name of the place of the run, as used in file names: the site's host, or "local"."""
        if self.staging is None:
            return LOCAL
        return urlsplit(self.staging.url).netloc.replace(":", "-")

    @property
    def site_log_in(self) -> SiteLogIn:
        """The user and password for the web server in front of a deployed site."""
        return SiteLogIn(self.site_user, self.site_password)

    def browser_in_words(self, how: str = "") -> str:
        """Describe the browser in a few words; `how` is added where there is one."""
        match self.browser:
            case BrowserName.NONE:
                return "no browser"
            case BrowserName.MIXED:
                return f"{BrowserName.CHROMIUM}{how} where a scenario needs it"
        return f"{self.browser}{how}"

    def for_workers(self) -> Self:
        """Return these settings for workers that share a deployed site.

        Raises:
            ConfigurationError: the workers would disturb each other.

        """
        assert self.staging is not None
        if self.reset is Reset.SCENARIO:
            message = (
                f"Each worker would empty {self.staging.host} while others use it: add "
                "-D reset=run, or leave out -j."
            )
            raise ConfigurationError(message)
        shared = replace(self, reset=self.reset or Reset.RUN)
        shared._check_addresses()  # noqa: SLF001 (its own kind)
        return shared

    def _check_window(self) -> None:
        """Refuse settings of a browser's window where there is no browser."""
        asked = [name for name in ("headed", "grid") if getattr(self, name)]
        if asked and self.browser is BrowserName.NONE:
            message = (
                f"{' and '.join(asked)} {'is' if len(asked) == 1 else 'are'} set, and "
                f"browser={BrowserName.NONE} has no window: leave that out, or use "
                f"-D browser={BrowserName.MIXED}."
            )
            raise ConfigurationError(message)

    def _check_site_log_in(self) -> None:
        """Refuse a user without a password, and a password without a user."""
        both = [self.site_user, self.site_password]
        missing = [each.variable for each in both if each.value is None]
        given = [each.variable for each in both if each.value is not None]
        if missing and given:
            message = f"{given[0]} is set without {missing[0]}: set both, or neither."
            raise ConfigurationError(message)

    def _check_staging(self) -> None:
        """Check that the run may test the deployed site, and can read the email that it sends."""
        if self.staging is None:
            return
        host = self.staging.host
        if host not in {*self.staging_hosts, self.unlisted_host}:
            alike = get_close_matches(host, self.staging_hosts, n=1)
            such = f", such as {alike[0]}" if alike else ""
            # The message offers no command that would test this host: it may be production.
            message = (
                f"{host} is not one of the staging_hosts in {SETTINGS_FILE}, and testing a site "
                f"deletes all its data: name a staging host{such}; "
                "docs/how-to/staging.md explains how to list a new one."
            )
            raise ConfigurationError(message)
        missing = [name for name in ("mailbox", "mail_address") if getattr(self, name) is None]
        if missing:
            are = "are" if len(missing) > 1 else "is"
            variable = self.project.variable
            message = (
                f"{host} sends real email, but {' and '.join(missing)} {are} not set: set "
                f"{variable('mailbox')}=pop3s://you@pop.example.com, "
                f"{variable('mailbox_password')}, and "
                f"{variable('mail_address')}=you+{{unique}}@example.com."
            )
            raise ConfigurationError(message)
        self._check_addresses()

    def _check_addresses(self) -> None:
        """Check that each scenario gets new addresses where the site is not emptied before it."""
        if self.reset in {None, Reset.SCENARIO} or UNIQUE in str(self.mail_address):
            return
        message = (
            f"With reset={self.reset}, each scenario needs new people, but mail_address is "
            f"{self.mail_address}: put {UNIQUE} into it, as in you+{UNIQUE}@example.com."
        )
        raise ConfigurationError(message)

    def __str__(self) -> str:
        """Describe in a few words what the run uses."""
        window = " in a window" if self.headed else " headless"
        where = f" on {without_password(self.grid)}" if self.grid else ""
        browser = f"{self.browser_in_words(f'{window}{where}')}, waits of {self.timeout:g} s"
        site = self.staging.url if self.staging else "a site on this machine"
        lines = [f"{self.project.name}: {site}, {browser}"]
        if self.staging:
            lines.append(
                f"Mail: {self.mail_address} in {self.mailbox}, waits of {self.mail_timeout:g} s"
            )
        if self.strangers:
            lines.append(f"Not settings of the suite: {', '.join(self.strangers)}")
        return "\n".join(lines)


def without_password(address: str) -> str:
    """Hide the user and password in an address, even in one that cannot be used."""
    return _USER_INFO.sub(r"\1***@", address)


def _table_of(project: Project) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(project.settings_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        message = f"{SETTINGS_FILE} cannot be read as TOML ({error}): correct it and run again."
        raise ConfigurationError(message) from None
    name = project.table
    tool = content.get("tool", {})
    table = tool.get(name, {}) if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        message = f"{name} in {SETTINGS_FILE} is not a table: write [tool.{name}] above it."
        raise ConfigurationError(message)
    return table


def _refuse_exposed_secret(
    project: Project,
    secret: Sequence[str],
    written: Mapping[str, Any],
    command_line: Mapping[str, str],
) -> None:
    for name in secret:
        exposed = {
            f"{name} is in {SETTINGS_FILE}, which everyone can read": name in written,
            f"-D {name} shows in the list of processes": name in command_line,
        }
        for how, is_so in exposed.items():
            if is_so:
                message = (
                    f"{how}: remove it, set {project.variable(name)} instead, and change the "
                    "password."
                )
                raise ConfigurationError(message)


def _refuse_list_from_elsewhere(
    project: Project, command_line: Mapping[str, str], environment: Mapping[str, str]
) -> None:
    variable = project.variable(LISTED)
    if LISTED in command_line or environment.get(variable):
        source = f"-D {LISTED}" if LISTED in command_line else variable
        message = (
            f"{source} is set, but the hosts that a run may empty are listed only in "
            f"{SETTINGS_FILE}, where changes are reviewed: docs/how-to/staging.md explains how "
            "to list a new one."
        )
        raise ConfigurationError(message)


def _refuse_shard_from_elsewhere(project: Project, environment: Mapping[str, str]) -> None:
    for name in OF_THE_RUNNER:
        variable = project.variable(name)
        if environment.get(variable):
            message = (
                f"{variable} is set, but only the command line can choose the scenarios that a "
                f"machine runs: unset it, and type -D {name}={environment[variable]}."
            )
            raise ConfigurationError(message)


def _hosts_listed(value: object) -> tuple[str, ...]:
    try:
        return tuple(readers.host_in_lower_case(name) for name in _texts(value))
    except ValueError:
        message = (
            f"{LISTED} in {SETTINGS_FILE} is {value!r}, which cannot be used: give a list of host "
            "names."
        )
        raise ConfigurationError(message) from None


def _texts(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    raise ValueError
