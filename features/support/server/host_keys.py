"""Host keys: whoever is not known to be the server gets nothing from us."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from fabric import Connection
from paramiko import BadHostKeyException, MissingHostKeyPolicy, PKey, SSHClient, SSHException
from paramiko.hostkeys import HostKeys

GLOBAL_KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts"
SSH_PORT = 22


class UnknownHostKeyError(SSHException):
    """A server showed a key that no known_hosts file has."""

    def __init__(self, hostname: str, key: PKey) -> None:
        super().__init__(hostname)
        self.key = key


class RefuseUnknownHosts(MissingHostKeyPolicy):
    """Lets no server pass whose key is not known, as OpenSSH does when it cannot ask."""

    def missing_host_key(
        self,
        client: SSHClient,  # noqa: ARG002 (paramiko gives it)
        hostname: str,
        key: PKey,
    ) -> NoReturn:
        """Refuse `key`."""
        raise UnknownHostKeyError(hostname, key)


def be_strict(connection: Connection) -> None:
    """Let only known keys pass: Fabric itself takes any, and reads no known_hosts file.

    Raises:
        OSError, ValueError: a known_hosts file cannot be read.

    """
    for file in [GLOBAL_KNOWN_HOSTS, *_own_files(connection)]:
        path = Path(file).expanduser()
        if path.is_file():
            connection.client.load_system_host_keys(str(path))
    connection.client.set_missing_host_key_policy(RefuseUnknownHosts())


def explain_unknown_key(error: UnknownHostKeyError, connection: Connection) -> str:
    """Say which key is not known, and how to make it known."""
    return (
        f"The SSH key of {_name(connection)} is not known ({error.key.fingerprint}): ask who runs "
        f"the server whether that is its key, and if so type {_how_to_learn(connection)}."
    )


def explain_changed_key(error: BadHostKeyException, connection: Connection) -> str:
    """Say which key is not the one that is known, and how to change that."""
    name = _name(connection)
    file = _quoted(_file_that_knows(name, connection))
    return (
        f"The SSH key of {name} has changed, so this may be another machine (it shows "
        f"{error.key.fingerprint}, and {error.expected_key.fingerprint} is known): ask who runs "
        f"the server, and if the new key is right type `ssh-keygen -f {file} -R '{name}'` and "
        f"{_how_to_learn(connection)}."
    )


def _how_to_learn(connection: Connection) -> str:
    if connection.gateway:
        # ssh-keyscan knows no way through another host; ssh does, and asks.
        return f"`ssh {connection.original_host}` and answer its question"
    port = "" if connection.port == SSH_PORT else f" -p {connection.port}"
    return f"`ssh-keyscan{port} {connection.host} >> {_quoted(_own_files(connection)[0])}`"


def _name(connection: Connection) -> str:
    """Return the name of the host as known_hosts files write it."""
    if connection.port == SSH_PORT:
        return str(connection.host)
    return f"[{connection.host}]:{connection.port}"


def _own_files(connection: Connection) -> Sequence[str]:
    named: str = connection.ssh_config.get("userknownhostsfile", "")
    return named.split() or ["~/.ssh/known_hosts"]


def _file_that_knows(name: str, connection: Connection) -> str:
    for file in _own_files(connection):
        path = Path(file).expanduser()
        if path.is_file() and HostKeys(str(path)).lookup(name):
            return file
    return GLOBAL_KNOWN_HOSTS


def _quoted(file: str) -> str:
    # Quoted as a whole, ~ would be a folder of that name.
    return f"~/{shlex.quote(file[2:])}" if file.startswith("~/") else shlex.quote(file)
