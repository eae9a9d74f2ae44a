"""An unprivileged PostgreSQL with one database and one password."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from testbeds.commands import find_program
from testbeds.errors import TestBedError
from testbeds.loopback.server_process import parts_of, reserved_port, running

# Debian keeps the programs of each version in a separate folder.
DEBIAN = Path("/usr/lib/postgresql")

USER = "superlists"
DATABASE = "postgres"

_TIMEOUT = 60


@dataclass(frozen=True, kw_only=True)
class PostgreSql:
    """A running PostgreSQL.

    Attributes:
        port: its port on loopback.
        password: the password, with characters that a URL must quote.
        process: its first process.

    """

    port: int
    password: str = field(repr=False)
    process: psutil.Process

    def end_connections(self) -> None:
        """End the processes of all connections, as a restart of the database does."""
        for part in parts_of(self.process.pid):
            if f"{USER} {DATABASE}" in " ".join(part.cmdline()):
                part.terminate()


@contextmanager
def open_postgresql() -> Iterator[PostgreSql]:
    """Run a PostgreSQL in a new folder, which is deleted afterwards.

    Raises:
        TestBedError: PostgreSQL is missing or does not start.

    """
    # Not in a folder of the caller, since the user of PostgreSQL needs access to it.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        # Such as a person might choose.
        password = f"p@ss/w:rd%{secrets.token_urlsafe(12)}#?"
        _make_database(folder, password)
        with reserved_port() as port:
            command = [
                _program("postgres"),
                *("-D", str(folder / "data")),
                *("-h", "127.0.0.1", "-p", str(port), "-k", ""),
                # Its data is not kept.
                *("-c", "fsync=off"),
            ]
            with running(command, folder / "postgresql.log", port, as_nobody=_is_root()) as process:
                yield PostgreSql(port=port, password=password, process=process)
    finally:
        shutil.rmtree(folder)


def _make_database(folder: Path, password: str) -> None:
    file = folder / "password"
    file.write_text(password, encoding="utf-8")
    as_nobody: Sequence[str] = ()
    if _is_root():
        # PostgreSQL refuses to run as root.
        account = pwd.getpwnam("nobody")
        for path in (folder, file):
            os.chown(path, account.pw_uid, account.pw_gid)
        setpriv = find_program("setpriv")
        as_nobody = (setpriv, "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
    command = [
        *(*as_nobody, _program("initdb"), "-D", str(folder / "data")),
        *(f"--username={USER}", f"--pwfile={file}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--no-sync"),
    ]
    try:
        subprocess.run(  # noqa: S603
            command, cwd=folder, capture_output=True, text=True, check=True, timeout=_TIMEOUT
        )
    except subprocess.CalledProcessError as error:
        message = f"initdb made no database; it printed: {error.stderr.strip()}"
        raise TestBedError(message) from None


def _program(name: str) -> str:
    # The newest version, if there are several.
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda file: float(file.parts[-3]))
    return str(found[-1]) if found else find_program(name)


def _is_root() -> bool:
    return os.geteuid() == 0
