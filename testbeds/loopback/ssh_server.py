"""An sshd on loopback that accepts one key."""

import getpass
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from testbeds.commands import find_program
from testbeds.keys import known_host, make_key, public_key
from testbeds.loopback.server_process import end, reserved_port, running

ADDRESS = "127.0.0.1"

# The folder to which root's sshd confines itself before a login (sshd(8), "FILES").
PRIVILEGE_SEPARATION = Path("/run/sshd")

_TIMEOUT = 30

_CONFIGURATION = """\
{more}
ListenAddress {address}
Port {port}
HostKey {host_key}
PidFile none
AuthorizedKeysFile {authorized_keys}
# All files are below the folder for temporary files, which everyone can write to.
StrictModes no
UsePAM no
AuthenticationMethods publickey
PermitRootLogin prohibit-password
AllowUsers {user}
SetEnv HOME={home}
LogLevel VERBOSE
"""


# Otherwise tests of failing logins would be locked out after a few (OpenSSH 9.8 and newer).
PENALTIES = "PerSourcePenalties no"


class SshServer:
    """A running sshd that gives its users another home.

    Attributes:
        port: its port.
        user: the only user who may log in.
        client_key: the file of the private key with which that user logs in.
        host_key: the file of the private key that identifies the server.
        log: its log file.

    """

    def __init__(self, folder: Path, port: int, home: Path) -> None:
        """Make keys for a server whose files are in `folder`."""
        self.port = port
        self.user = getpass.getuser()
        self.client_key = folder / "client_key"
        self._folder = folder
        self._home = home
        self.host_key = folder / "host_key"
        self._configuration = folder / "sshd_config"
        self.log = folder / "sshd.log"
        self._process: psutil.Process | None = None
        self._running = ExitStack()
        make_key(self.host_key)
        make_key(self.client_key)
        authorized_keys = folder / "authorized_keys"
        authorized_keys.write_text(public_key(self.client_key), encoding="utf-8")

    @property
    def known_host(self) -> str:
        """The server's line in a known_hosts file."""
        return known_host(f"[{ADDRESS}]:{self.port}", self.host_key)

    def logins(self) -> int:
        """Return how often a user has logged in."""
        return self.log.read_text(encoding="utf-8").count("Accepted publickey for ")

    def start(self, more: str = "") -> None:
        """Start it, with `more` lines of configuration, which override its own."""
        with suppress(PermissionError):
            # Only root needs the folder, and Debian makes it at boot.
            PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
        self._configure(more)
        command = ["sshd", "-D", "-e", "-f", str(self._configuration)]
        if self._knows(PENALTIES):
            command += ["-o", PENALTIES]
        self._process = self._running.enter_context(running(command, self.log, self.port))

    def _configure(self, more: str) -> None:
        self._configuration.write_text(
            _CONFIGURATION.format(
                address=ADDRESS,
                port=self.port,
                host_key=self.host_key,
                authorized_keys=self._folder / "authorized_keys",
                user=self.user,
                home=self._home,
                more=more,
            ),
            encoding="utf-8",
        )

    def _knows(self, option: str) -> bool:
        command = [find_program("sshd"), "-t", "-f", str(self._configuration), "-o", option]
        tried = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_TIMEOUT
        )
        return tried.returncode == 0

    def stop(self) -> None:
        """Stop it, and cut all connections."""
        self._running.close()
        self._process = None

    def connections(self) -> Sequence[psutil.Process]:
        """Return the processes that serve the open connections."""
        return self._process.children() if self._process else []

    def parts(self) -> Sequence[psutil.Process]:
        """Return all processes that run for users who have logged in."""
        return self._process.children(recursive=True) if self._process else []

    def cut_connections(self) -> None:
        """Cut all connections, but keep accepting new ones."""
        # Their commands notice that or not, as on any server.
        end(self.connections())

    def change_host_key(self) -> None:
        """Restart it with another host key."""
        self.stop()
        self.host_key.unlink()
        make_key(self.host_key)
        self.start()


@contextmanager
def open_ssh_server(folder: Path, home: Path, more: str = "") -> Iterator[SshServer]:
    """Run an sshd whose users have their home in `home`, with `more` lines of configuration."""
    with reserved_port() as port:
        server = SshServer(folder, port, home)
        try:
            server.start(more)
            yield server
        finally:
            server.stop()
            _end_all_at(home)


def _end_all_at(home: Path) -> None:
    """End the processes of users whose connections were cut, which have lost their parent."""
    processes = psutil.process_iter(["environ"])
    end([each for each in processes if (each.info["environ"] or {}).get("HOME") == str(home)])
