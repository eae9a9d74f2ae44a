"""The server that `fab -H` names."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from fabric import Connection

from acceptance.hosts.errors import CommandFailedError, ServerError
from acceptance.hosts.host import COMMAND_TIMEOUT
from acceptance.hosts.presence import ABSENT
from acceptance.hosts.ssh.host import CONNECT_TIMEOUT, SshHost
from acceptance.hosts.ssh.open_ssh import Destination
from fabfile.deployed_site import Site, check_host, check_user
from fabfile.errors import DeploymentError
from fabfile.interruption import waiting

SECRET = 0o600
"""The mode of a file that only its owner may read."""

_TRANSFER_TIMEOUT = 600
"""How long a transfer may take, in seconds."""

_CHUNK = 65536

_EXIST = f"""{ABSENT}
for path in "$@"; do
    if absent "$path"; then exit; fi
done
echo yes
"""

# A command that could not be executed, or that a signal ended, gives no answer.
_ANSWER = """\
errors=$("$@" 2>&1 >/dev/null)
status=$?
if [ "$status" -eq 0 ]; then echo yes; exit; fi
if [ "$status" -ge 126 ] && [ "$status" -ne 127 ]; then
    printf '%s\\n' "$errors" >&2
    exit "$status"
fi
"""

# A broken connection looks like the end of the input, so the size is checked.
_WRITE = """\
umask 077
real=$(readlink -f -- "$1") || real=$1
new=$real.new
if [ -d "$real" ]; then echo "$real: Is a directory" >&2; exit 1; fi
rm -f -- "$new" || exit
if cat >"$new"; then
    came=$(wc -c <"$new")
    if [ "$came" -eq "$3" ]; then
        chmod "$2" "$new" && mv -f -- "$new" "$real" && exit
    else
        echo "only $came of $3 bytes arrived" >&2
    fi
fi
rm -f -- "$new"
exit 1
"""


class Target(SshHost):
    """A server that a site is deployed to, reached with the options of `fab`."""

    def __init__(self, connection: Connection) -> None:
        """Ask ssh how to reach the host of `fab -H`, without connecting yet.

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
            # `fab` itself asks for these, if its options say so.
            passphrase=connection.connect_kwargs.get("passphrase"),
            password=connection.connect_kwargs.get("password"),
        )

    @cached_property
    def site(self) -> Site:
        """The site on this server.

        Raises:
            DeploymentError: no site can be on this server.
            ServerError: the server cannot be reached.

        """
        home = self.run(["pwd"], "~/").strip()
        return Site(self._host, self.user, home)

    def connect(self) -> None:
        """Open the connection, unless it is open; a signal may interrupt that.

        Raises:
            InterruptedTaskError: a signal asked to end the task.
            ServerError: the server cannot be reached, or refuses the login.

        """
        with waiting():
            super().connect()

    def output_of(
        self,
        command: Sequence[str],
        folder: str,
        timeout: float = COMMAND_TIMEOUT,
        given: Iterable[bytes] = (),
    ) -> bytes:
        """Run a command as `Host.output_of` does; a signal may interrupt that.

        Raises:
            InterruptedTaskError: a signal asked to end the task.
            ServerError: it failed, or could not be run.

        """
        with waiting():
            return super().output_of(command, folder, timeout, given)

    def sudo(self, *command: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a command as root and return its output.

        Raises:
            ServerError: it failed, or sudo would ask for a password.

        """
        return self.run(["sudo", "--non-interactive", *command], "/", timeout)

    def succeeds(self, *command: str) -> bool:
        """Return whether a command ends with status 0.

        Raises:
            ServerError: it could not be executed, or a signal ended it.

        """
        return self.run(["sh", "-c", _ANSWER, "sh", *command], "/").strip() == "yes"

    def exists(self, *paths: str, as_root: bool = False) -> bool:
        """Return whether each of these paths exists.

        Raises:
            ServerError: one of them cannot be accessed, or is a dangling link.

        """
        look = ["sh", "-c", _EXIST, "sh", *paths]
        return (self.sudo(*look) if as_root else self.run(look, "/")).strip() == "yes"

    def read(
        self, path: str, folder: str = "/", timeout: float = _TRANSFER_TIMEOUT
    ) -> bytes | None:
        """Read a file as `Host.read` does, of any length.

        Raises:
            ServerError: it cannot be read, or is a dangling link.

        """
        return super().read(path, folder, timeout)

    def write(self, path: str, content: bytes, mode: int = SECRET) -> None:
        """Write a file atomically; no one else can read a secret one at any time.

        If the path is a link, its target is written, and the link stays.

        Raises:
            ServerError: it cannot be written; the old content is kept.

        """
        self._write(path, len(content), [content], mode)

    def send(self, files: Sequence[Path], folder: str) -> None:
        """Copy local files into a folder, each of them atomically.

        Raises:
            ServerError: one of them cannot be written.

        """
        for file in files:
            there = posixpath.join(folder, file.name)
            self._write(there, file.stat().st_size, _chunks_of(file), SECRET)

    def _write(self, path: str, size: int, chunks: Iterable[bytes], mode: int) -> None:
        command = ["sh", "-c", _WRITE, "sh", path, f"{mode:o}", str(size)]
        try:
            self.output_of(command, "/", _TRANSFER_TIMEOUT, chunks)
        except CommandFailedError as error:
            reason = str(error).partition(" with status 1: ")[2].rstrip(".") or str(error)
            message = f"{path} cannot be written on {self}: {reason}."
            raise ServerError(message) from None


def target_of(context: object) -> Target:
    """Return the server that a task runs on.

    Raises:
        DeploymentError: `fab` got no server, or one that no site can be on.
        ServerError: ssh cannot use its configuration.

    """
    if not isinstance(context, Connection):
        message = "No server is named: type `fab -H elspeth@superlists.example.com TASK`."
        raise DeploymentError(message)
    check_host(context.original_host)
    target = Target(context)
    check_user(target.user)
    return target


def _chunks_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            yield chunk
