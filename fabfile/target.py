"""The server that `fab -H` names."""

import posixpath
import shlex
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from fabric import Connection
from paramiko import Channel, SFTPClient, SSHException

from fabfile.deployed_site import Site, check_host, check_user
from fabfile.errors import DeploymentError
from features.support.server.connection import (
    COMMAND_TIMEOUT,
    CONNECT_TIMEOUT,
    Server,
    in_folder,
)
from features.support.server.errors import ConnectionLostError, ServerError
from features.support.server.open_ssh import Destination

SECRET = 0o600
"""The mode of a file that only its owner reads."""

_TRANSFER_TIMEOUT = 60
"""How long the server may take to go on with a transfer, in seconds."""

Answer = TypeVar("Answer")


class Target(Server):
    """A server that a site is deployed to, reached as `fab` was told to."""

    def __init__(self, connection: Connection) -> None:
        """Ask ssh how to get where `fab -H` leads; nothing is contacted yet.

        Raises:
            ServerError: ssh cannot use its configuration.

        """
        self._host = connection.original_host
        keys = connection.connect_kwargs.get("key_filename", [])
        super().__init__(
            Destination(
                host=connection.original_host,
                user=connection.user or None,
                port=connection.port or None,
                # Where `fab -S` puts it.
                configuration=connection.config._runtime_ssh_path,  # noqa: SLF001
                identities=(keys,) if isinstance(keys, str) else tuple(keys),
            ),
            connection.connect_kwargs.get("timeout") or CONNECT_TIMEOUT,
            # What `fab` itself asks for, where it is told to.
            passphrase=connection.connect_kwargs.get("passphrase"),
            password=connection.connect_kwargs.get("password"),
        )

    @cached_property
    def site(self) -> Site:
        """The site that it is about.

        Raises:
            DeploymentError: the server cannot be that of a site.
            ServerError: the server cannot be reached.

        """
        home = self.run(["pwd"], "~/").strip()
        return Site(self._host, self.user, home)

    def sudo(self, *command: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a command as root and return what it wrote.

        Raises:
            ServerError: it failed, or sudo would ask for a password.

        """
        return self.run(["sudo", "--non-interactive", *command], "/", timeout)

    def succeeds(self, *command: str) -> bool:
        """Whether a command ends with status 0."""
        test = f"if {shlex.join(command)} >/dev/null 2>&1; then echo yes; fi"
        return self.run(["sh", "-c", test], "/").strip() == "yes"

    def read(self, path: str) -> bytes | None:
        """Return what is in a file, or None where there is none."""

        def fetch(sftp: SFTPClient) -> bytes | None:
            try:
                with sftp.open(path, "rb") as file:
                    return file.read()
            except FileNotFoundError:
                return None

        return self._transfer(f"reading {path}", fetch)

    def write(self, path: str, content: bytes, mode: int = SECRET) -> None:
        """Write a file, all of it or nothing; nobody else can ever read what is to be secret."""
        new = f"{path}.new"

        def store(sftp: SFTPClient) -> None:
            with sftp.open(new, "wb") as file:
                file.chmod(mode)
                file.write(content)
            sftp.posix_rename(new, path)

        self._transfer(f"writing {path}", store)

    def send(self, files: Sequence[Path], folder: str) -> None:
        """Copy local files into a folder; each is there as a whole or not at all."""

        def put(sftp: SFTPClient) -> None:
            for file in files:
                there = posixpath.join(folder, file.name)
                sftp.put(str(file), f"{there}.new")
                sftp.posix_rename(f"{there}.new", there)

        self._transfer(f"copying to {folder}", put)

    def open_channel(self, command: Sequence[str], folder: str) -> Channel:
        """Start a program in a folder, and return its input and output as they come.

        Raises:
            ServerError: there is no connection.

        """
        self.connect()
        try:
            channel = self.open_session(COMMAND_TIMEOUT)
            channel.exec_command(in_folder(folder, command))
        except (SSHException, OSError, EOFError) as error:
            message = f"the SSH connection to {self} was cut ({_reason(error)})"
            raise ConnectionLostError(message) from None
        return channel

    def _transfer(self, what: str, work: Callable[[SFTPClient], Answer]) -> Answer:
        self.connect()
        try:
            with self.open_files() as sftp:
                if channel := sftp.get_channel():
                    channel.settimeout(_TRANSFER_TIMEOUT)
                return work(sftp)
        except (SSHException, EOFError) as error:
            message = f"the SSH connection to {self} was cut ({_reason(error)})"
            raise ConnectionLostError(message) from None
        except OSError as error:
            message = f"{what} on {self} failed: {error.strerror or error}"
            raise ServerError(message) from None


def target_of(context: object) -> Target:
    """Return the server that a task was given.

    Raises:
        DeploymentError: `fab` was given none, or one that no site can be on.
        ServerError: ssh cannot use its configuration.

    """
    if not isinstance(context, Connection):
        message = "Which server? Name it, as in `fab -H elspeth@superlists.example.com status`."
        raise DeploymentError(message)
    check_host(context.original_host)
    target = Target(context)
    check_user(target.user)
    return target


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
