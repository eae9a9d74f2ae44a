"""What the kit has to know of the project whose site it tests."""

import io
import pkgutil
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from dotenv import dotenv_values

from acceptance.errors import ConfigurationError

SETTINGS_FILE = "pyproject.toml"


def read_environment_file(content: bytes, name: str) -> Mapping[str, str]:
    """Return what the content of a `.env` sets, read as python-dotenv reads it.

    Raises:
        ValueError: it is not UTF-8; in one sentence.

    """
    try:
        variables = dotenv_values(stream=io.StringIO(content.decode("utf-8")))
    except UnicodeDecodeError:
        message = f"{name} cannot be read, because it is not UTF-8: save it as UTF-8."
        raise ValueError(message) from None
    return {key: value for key, value in variables.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project, its site, and where both keep what the kit needs.

    Attributes:
        name: what people call the site; reports and the first line of a run begin with it.
        root: the folder of pyproject.toml, environment.py, the features and the artifacts.
        table: the name of the table below `[tool]` in pyproject.toml with the settings of runs.
        environment_prefix: what the names of environment variables with such settings begin with.
        settings_module: the site's Django settings.
        site_variables: the environment variables that the site reads.
        read_environment_file: returns what the content of a `.env` sets, as the site reads it;
            takes the content and a name for the file, and raises ValueError with one sentence.
        deployed_commit: the function, as MODULE:NAME, that returns the commit of the release in a
            folder, or None; the module does without Django.
        server_variables: those of a server, which a site on this machine must not take over.
        site_folder: where the site lies on a server; `{host}` stands for the host.
        server_log: where a server logs, as the setting of the same name; likewise.
        request_id_header: the header in which a request says how it is called, for the site to log.
        identity_path: where on the site `acceptance.server` says which site it is.
        mail_subject: the subject of the mails with which people log in.
        ordinary_words: what is no secret even where it is somebody's password.

    """

    name: str = "Acceptance"
    root: Path = field(default_factory=Path.cwd)
    table: str = "acceptance"
    environment_prefix: str = "ACCEPTANCE_"
    settings_module: str = ""
    site_variables: tuple[str, ...] = ()
    read_environment_file: Callable[[bytes, str], Mapping[str, str]] = read_environment_file
    deployed_commit: str = ""
    server_variables: tuple[str, ...] = ()
    site_folder: str = "~/sites/{host}"
    server_log: str = "journal:gunicorn-{host}"
    request_id_header: str = "X-Request-ID"
    identity_path: str = "/staging/identity"
    mail_subject: str = ""
    ordinary_words: tuple[str, ...] = ()

    @property
    def settings_file(self) -> Path:
        """The file with the settings of runs."""
        return self.root / SETTINGS_FILE

    @property
    def artifacts(self) -> Path:
        """The folder with the evidence of failures."""
        return self.root / "artifacts"

    @property
    def reports(self) -> Path:
        """The folder with the reports of runs."""
        return self.root / "reports"

    def variable(self, setting: str) -> str:
        """Return the name of the environment variable with a setting."""
        return self.environment_prefix + setting.upper()

    def with_variables(self, text: str, *settings: str) -> str:
        """Return the text with the names of variables in the place of `$` and a setting's name."""
        names = {setting: self.variable(setting) for setting in settings}
        return Template(text).safe_substitute(names)


def project_here() -> Project:
    """Return the project of the folder in which a command was typed.

    The file pyproject.toml there, or in the nearest folder above that has one, names it as
    MODULE:NAME, in the setting `project` of the table `[tool.acceptance]`.

    Raises:
        ConfigurationError: there is none, or it cannot be imported.

    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        named = _named_in(folder / SETTINGS_FILE)
        if named:
            return _imported(named, folder)
    message = (
        f"No {SETTINGS_FILE} in {here} or above it names a project to test: type `cd` and the "
        "project's folder, and then the command again."
    )
    raise ConfigurationError(message)


def _imported(named: str, folder: Path) -> Project:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found = pkgutil.resolve_name(named)
    except (ImportError, AttributeError, ValueError) as error:
        found = error
    if isinstance(found, Project):
        return found
    reason = found if isinstance(found, Exception) else f"it is of the type {type(found).__name__}"
    message = (
        f"The project {named!r} in [tool.acceptance] in {folder / SETTINGS_FILE} cannot be used "
        f"({reason}): write the MODULE:NAME of a Project there."
    )
    raise ConfigurationError(message)


def _named_in(file: Path) -> str | None:
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8"))["tool"]
        return str(tool["acceptance"]["project"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
