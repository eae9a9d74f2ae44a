"""The facts that the kit has to know about the project whose site it tests."""

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
    """Return the variables that the content of a `.env` sets, as python-dotenv reads it.

    Raises:
        ValueError: it is not UTF-8; the message is one sentence.

    """
    try:
        variables = dotenv_values(stream=io.StringIO(content.decode("utf-8")))
    except UnicodeDecodeError:
        message = f"{name} cannot be read, because it is not UTF-8: save it as UTF-8."
        raise ValueError(message) from None
    return {key: value for key, value in variables.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project, its site, and the places where the kit finds what it needs.

    Attributes:
        name: the name of the site; reports and the first line of a run begin with it.
        root: the folder of pyproject.toml, environment.py, the features and the artifacts.
        table: the name of the table below `[tool]` in pyproject.toml with the settings of runs.
        environment_prefix: the beginning of the names of environment variables with such settings.
        settings_module: the site's Django settings.
        site_variables: the environment variables that the site reads.
        read_environment_file: returns the variables that the content of a `.env` sets, as the site
            reads it; takes the content and a name for the file, and raises ValueError with one
            sentence.
        deployed_commit: the function, as MODULE:NAME, that returns the commit of the release in a
            folder, or None; the module does not need Django.
        server_variables: the variables of a server, which a site on this machine must not inherit.
        site_folder: the folder of the site on a server; `{host}` stands for the host.
        server_log: the log of a server, in the form of the setting of the same name; `{host}`
            stands for the host.
        request_id_header: the header that carries the ID of a request, for the site to log.
        identity_path: the path on the site at which `acceptance.server` identifies it.
        mail_subject: the subject of the emails with which people log in.
        ordinary_words: words that are never hidden, even where one is someone's password.

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
        """Return the text with each `$setting` replaced by the name of its variable."""
        names = {setting: self.variable(setting) for setting in settings}
        return Template(text).safe_substitute(names)


def project_here() -> Project:
    """Return the project of the folder in which a command was typed.

    The setting `project` of the table `[tool.acceptance]` in pyproject.toml names it as
    MODULE:NAME. The file is the one in that folder, or in the nearest folder above.

    Raises:
        ConfigurationError: no file names a project, or the project cannot be imported.

    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        named = _named_in(folder / SETTINGS_FILE)
        if named:
            return _imported(named, folder)
    message = (
        f"No {SETTINGS_FILE} in {here} or above it names a project to test: change to the "
        "project's folder with `cd`, and type the command again."
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
    reason = found if isinstance(found, Exception) else f"its type is {type(found).__name__}"
    message = (
        f"The project {named!r} in [tool.acceptance] in {folder / SETTINGS_FILE} cannot be used "
        f"({reason}): set it to the MODULE:NAME of a Project."
    )
    raise ConfigurationError(message)


def _named_in(file: Path) -> str | None:
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8"))["tool"]
        return str(tool["acceptance"]["project"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
