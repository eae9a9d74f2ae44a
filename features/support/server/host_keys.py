"""Host keys: whoever is not known to be the server gets nothing from us."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from fabric import Connection
from paramiko import BadHostKeyException, MissingHostKeyPolicy, PKey, SSHClient, SSHException
from paramiko.hostkeys import HostKeyEntry, HostKeys, InvalidHostKey

GLOBAL_KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts"
SSH_PORT = 22

_REVOKED = "@revoked"


class UnknownHostKeyError(SSHException):
    """A server showed a key that no known_hosts file has.

    Attributes:
        key: that key.
        is_revoked: a known_hosts file says that nobody may use it any more.

    """

    def __init__(self, hostname: str, key: PKey, *, is_revoked: bool) -> None:
        super().__init__(hostname)
        self.key = key
        self.is_revoked = is_revoked


class RefuseUnknownHosts(MissingHostKeyPolicy):
    """Lets no server pass whose key is not known, as OpenSSH does when it cannot ask."""

    def __init__(self, revoked: frozenset[bytes]) -> None:
        self._revoked = revoked

    def missing_host_key(
        self,
        client: SSHClient,  # noqa: ARG002 (paramiko gives it)
        hostname: str,
        key: PKey,
    ) -> NoReturn:
        """Refuse `key`."""
        raise UnknownHostKeyError(hostname, key, is_revoked=key.asbytes() in self._revoked)


def be_strict(connection: Connection) -> None:
    """Let only known keys pass: Fabric itself takes any, and reads no known_hosts file.

    Raises:
        OSError, ValueError: a known_hosts file cannot be read.

    """
    client = connection.client
    revoked = _learn([GLOBAL_KNOWN_HOSTS, *_own_files(connection)], client.get_host_keys())
    client.set_missing_host_key_policy(RefuseUnknownHosts(revoked))


def explain_unknown_key(error: UnknownHostKeyError, connection: Connection) -> str:
    """Say which key is not known, and how to make it known."""
    if error.is_revoked:
        return (
            f"The SSH key of {_name(connection)} was revoked, so this may be another machine (it "
            f"shows {error.key.fingerprint}): ask who runs the server to give it a new key."
        )
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
        known = HostKeys()
        _learn([file], known)
        if known.lookup(name):
            return file
    return GLOBAL_KNOWN_HOSTS


def _learn(files: Iterable[str], known: HostKeys) -> frozenset[bytes]:
    """Add to `known` what known_hosts files say, and return the keys that they revoke.

    paramiko's own reader gives up at a line that it cannot read, such as one about a certificate
    authority (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), and does not know that keys can be revoked.
    """
    lines = [line for file in files for line in _lines_of(file)]
    marked = (line.removeprefix(_REVOKED).lstrip() for line in lines if line.startswith(_REVOKED))
    # Whoever's key it was: nobody else can have it.
    revoked = frozenset(entry.key.asbytes() for entry in _entries_in(marked))
    for entry in _entries_in(lines):
        kind = entry.key.get_name()
        for name in entry.hostnames:
            # Of two keys the first one counts.
            if entry.key.asbytes() not in revoked and kind not in (known.lookup(name) or {}):
                known.add(name, kind, entry.key)
    return revoked


def _lines_of(file: str) -> Sequence[str]:
    path = Path(file).expanduser()
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [line.strip() for line in text.splitlines()]


def _entries_in(lines: Iterable[str]) -> Iterator[HostKeyEntry]:
    for line in lines:
        # As OpenSSH does, pass over what is no key or one of an unknown kind.
        with suppress(InvalidHostKey, SSHException, ValueError):
            if entry := HostKeyEntry.from_line(line):
                yield entry


def _quoted(file: str) -> str:
    # Quoted as a whole, ~ would be a folder of that name.
    return f"~/{shlex.quote(file[2:])}" if file.startswith("~/") else shlex.quote(file)
