"""Fixtures made by this machine's code, in the server's database, through an SSH tunnel.

What runs is the same `answer_fixture_requests` as on the server, with the server's environment: so
what it refuses there, it refuses here.
"""

import io
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from dotenv.parser import parse_stream

from features.support.evidence.secrets import Secrets
from features.support.local_program import LocalProgram
from features.support.server.connection import Server
from features.support.server.errors import CommandFailedError, ConnectionLostError, ServerError
from features.support.server.forwarding import LOOPBACK, ForwardedPort
from features.support.server.presence import ABSENT
from features.support.site_folder import PYTHON, see_site
from superlists.environment_names import NAMES

ROOT = Path(__file__).resolve().parents[2]

# Not through manage.py, which would add what a `.env` of this machine says.
COMMAND = (sys.executable, "-m", "django", "answer_fixture_requests", "--site-elsewhere")

POSTGRESQL_PORT = 5432

_SCHEMES = frozenset({"postgres", "postgresql"})

# What may follow the address of the database. Whatever else libpq, psycopg and Django know there
# leads elsewhere, or to files of this machine, or makes something else of a connection.
_OPTIONS = {
    "sslmode": re.compile(r"disable|allow|prefer|require|verify-ca|verify-full"),
    "connect_timeout": re.compile(r"[0-9]{1,4}"),
    "application_name": re.compile(r"[A-Za-z0-9._ -]{1,63}"),
    "currentSchema": re.compile(r"[A-Za-z_][A-Za-z0-9_,]*"),
    "options": re.compile(r"-c ?search_path=[A-Za-z_][A-Za-z0-9_,]*"),
}

# What is no part of a name or an address, and may begin another parameter or a path.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")

# A + before the content tells an empty file from none.
_READ_ENVIRONMENT = f"""{ABSENT}
if absent .env; then exit; fi
printf +
exec cat .env
"""

# Whom the TLS of this machine's programs trusts (openssl-env(7)): they run here, after all.
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")

# What decides which database may be wiped, and by which code: whatever changes it ends the run.
_TRACES = """\
set -e
code=$(readlink -e manage.py)
echo "$code"
readlink -e virtualenv/bin
cat .env
cat "${code%/*}/COMMIT" || true
"""

# By the server's own code and clock. manage.py may be a link to the release that serves.
_FACTS = (
    "import json, pathlib, sys, time; folder = pathlib.Path('manage.py').resolve().parent;"
    "sys.path.insert(0, str(folder)); from superlists.release import deployed_commit;"
    "print(json.dumps({'commit': deployed_commit(folder), 'time': time.time()}))"
)


class ProgramThroughTunnel(LocalProgram):
    """A program on this machine that ends for whoever asks it when the SSH connection does."""

    def __init__(
        self,
        server: Server,
        look: Callable[[], str | None],
        began_with: str | None,
        environment: Mapping[str, str],
        *options: str,
    ) -> None:
        """Start it.

        Args:
            server: where the site is.
            look: returns what decides which site that is, or None where that cannot be seen.
            began_with: what it returned before the environment was read.
            environment: that of the site, whose DATABASE_URL names PostgreSQL.
            options: for the command.

        """
        self._server = server
        self._look = look
        self._began_with = began_with
        url = urlsplit(environment["DATABASE_URL"])
        host, port = str(url.hostname), url.port or POSTGRESQL_PORT
        self._forwarded = ForwardedPort(server, host, port)
        all_of_it = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            **{name: os.environ[name] for name in TRUST if name in os.environ},
            **environment,
            "DATABASE_URL": _through(url, self._forwarded.port),
            "DJANGO_SETTINGS_MODULE": "superlists.settings",
        }
        super().__init__((*COMMAND, *options), ROOT, all_of_it)

    def write_line(self, line: str) -> None:
        """Hand the program a line, if it can still reach its database, and the site is the same.

        Raises:
            ServerError: the site's settings or its release changed since the start.

        """
        self._see_that_it_is_connected()
        found = self._look()
        if found is None or found != self._began_with:
            message = (
                f"The .env or the release of the site on {self._server} changed after this run "
                "began, or cannot be read: see what the site is now before you start another run."
            )
            raise ServerError(message)
        super().write_line(line)

    def read_line(self, timeout: float) -> str:
        """Return the program's next line, unless its database was out of reach meanwhile."""
        line = super().read_line(timeout)
        self._see_that_it_is_connected()
        return line

    def close(self) -> None:
        """Let the program end, and then its tunnel."""
        super().close()
        self._forwarded.close()

    def _see_that_it_is_connected(self) -> None:
        if not self._server.is_connected:
            message = f"the SSH connection to {self._server} was cut"
            raise ConnectionLostError(message)


class ProgramsThroughTunnel:
    """Programs on this machine for the site in a folder of a server."""

    shown = "this machine's, through a tunnel to the database"

    def __init__(self, server: Server, folder: str, secrets: Secrets | None = None) -> None:
        self._server = server
        self._folder = folder
        self._secrets = secrets or Secrets()

    def start(self, *options: str) -> ProgramThroughTunnel:
        """Start one with what the server's `.env` says now.

        Raises:
            ConnectionLostError: there is no connection any more.
            ServerError: there is no `.env`, or no database in it that a tunnel can lead to.

        """
        # Before the settings are read: what changes from here on is found.
        began_with = self._look()
        environment = self._environment()
        self._check_database(environment.get("DATABASE_URL", ""))
        return ProgramThroughTunnel(self._server, self._look, began_with, environment, *options)

    def facts_of_server(self) -> Mapping[str, Any]:
        """Return the commit that is deployed, and what the server's clock says."""
        answer = self._server.run([PYTHON, "-c", _FACTS], self._folder)
        try:
            facts: Mapping[str, Any] = json.loads(answer)
        except ValueError:
            message = (
                f"The site in {self._folder} on {self._server} does not say which commit it is: "
                f"see what {PYTHON} prints there of its own."
            )
            raise ServerError(message) from None
        return facts

    def _look(self) -> str | None:
        try:
            return self._server.run(["sh", "-c", _TRACES], self._folder)
        except CommandFailedError:
            return None
        except ConnectionLostError:
            message = f"the SSH connection to {self._server} was cut"
            raise ConnectionLostError(message) from None

    def _environment(self) -> Mapping[str, str]:
        where = f"{self._folder} on {self._server}"
        try:
            found = self._server.output_of(["sh", "-c", _READ_ENVIRONMENT], self._folder)
            content = found.removeprefix(b"+").decode()
        except CommandFailedError as error:
            # It may be the folder that is missing, or what else makes a site.
            see_site(self._server, self._folder)
            reason = str(error).rpartition(": ")[2].rstrip(".")
            message = (
                f"The .env in {where} cannot be read ({reason}), and a tunnel needs the site's "
                f"settings: type -D fixtures=ssh, or let {self._server.user} read it."
            )
            raise ServerError(message) from None
        except UnicodeDecodeError:
            message = f"The .env in {where} cannot be read, because it is not UTF-8: save it so."
            raise ServerError(message) from None
        if not found:
            message = (
                f"There is no .env in {where}, and a tunnel needs the site's settings: type "
                "-D fixtures=ssh, or see which folder the site lies in."
            )
            raise ServerError(message)
        # As the site itself reads it (superlists/environment_file.py); a line may be a secret.
        bindings = [each for each in parse_stream(io.StringIO(content)) if each.error or each.key]
        for binding in bindings:
            if binding.error or binding.value is None or not binding.value.isprintable():
                message = (
                    f"The .env in {where} cannot be read near line {binding.original.line}: write "
                    "NAME=value there."
                )
                raise ServerError(message)
        settings = {str(each.key): str(each.value) for each in bindings}
        self._secrets.add_settings(settings)
        # Nothing else of the server's gets into a program that runs here: variables such as
        # PYTHONPATH make it do whatever they say.
        return {name: value for name, value in settings.items() if name in NAMES}

    def _check_database(self, said: str) -> None:
        where = f"DATABASE_URL in the .env in {self._folder} on {self._server}"
        if said.partition(":")[0] not in _SCHEMES:
            message = (
                f"{where} names no PostgreSQL database, and a tunnel leads to no other: type "
                "-D fixtures=ssh."
            )
            raise ServerError(message)
        try:
            url = urlsplit(said)
            host, options = url.hostname or "", parse_qsl(url.query)
            leads_to_one_port = url.port != 0
        except ValueError:
            host, options, leads_to_one_port = "", [], False
        if not _HOST.fullmatch(host) or not leads_to_one_port:
            message = (
                f"{where} names no host and port that a tunnel can lead to: write it as "
                "postgres://user:password@host:5432/name, or type -D fixtures=ssh."
            )
            raise ServerError(message)
        for name, value in options:
            if name not in _OPTIONS or not _OPTIONS[name].fullmatch(value):
                message = (
                    f"{where} has the option {name!r} with a value that no program of this machine "
                    f"takes from a server (it takes {', '.join(_OPTIONS)} in their plain forms): "
                    "leave it out there, or type -D fixtures=ssh."
                )
                raise ServerError(message)
        parts = (url.username or "", url.password or "", url.path)
        if not all(unquote(part).isprintable() for part in parts) or url.fragment:
            message = (
                f"{where} has characters in it that cannot be printed, or a #: write those of the "
                "password with % and two digits, or type -D fixtures=ssh."
            )
            raise ServerError(message)


def _through(url: SplitResult, port: int) -> str:
    """Return the address of the same database at a port of loopback.

    The host stays, so that certificates and password files that name it still fit; libpq does not
    look it up where it is told a `hostaddr` (PostgreSQL's manual, "Parameter Key Words").
    """
    user, at, _ = url.netloc.rpartition("@")
    host = f"[{url.hostname}]" if ":" in str(url.hostname) else url.hostname
    query = urlencode([*parse_qsl(url.query), ("hostaddr", LOOPBACK)])
    return url._replace(netloc=f"{user}{at}{host}:{port}", query=query).geturl()
