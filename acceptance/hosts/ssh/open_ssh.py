"""Ask OpenSSH's own programs about a host, instead of parsing ssh_config(5)."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from acceptance.hosts.errors import ServerError

SSH_PORT = 22
ON = ("yes", "true")
OFF = ("no", "false")

# In seconds; `Match exec` and CanonicalizeHostname may keep ssh waiting.
_TIMEOUT = 60
# In a loop of jumps, ssh itself would start processes until the machine gives up.
_MOST_HOPS = 8

# The default values of the options for known_hosts files.
_USUAL_FILES = re.compile(r"(\S+known_hosts) \1(2)")
# The lines that ssh logs about known_hosts files: missing ones, and those with tokens.
_LOGGED_FILE = re.compile(
    "^debug1: load_hostkeys: fopen (.*): [^:]*$"
    "|^debug3: expanded (?:User|Global)KnownHostsFile '.*' -> '(.*)'$",
    re.MULTILINE,
)
# Greets like a server, and hangs up once ssh has read its files and continues.
_HANG_UP = "ProxyCommand=sh -c \"printf 'SSH-2.0-none\\r\\n'; head -c 100 >/dev/null\""
_CHATTER = "Pseudo-terminal will not"


@dataclass(frozen=True)
class Destination:
    """A host, in the form that ssh(1) takes.

    Attributes:
        host: its name, or an alias in the configuration.
        user: the user to log in as, or None to let the configuration decide.
        port: its port, or None to let the configuration decide.
        jumps: the hosts to go through, as in `ssh -J`, instead of those in the configuration.
        configuration: the file to read instead of the usual ones, as in `ssh -F`.
        identities: private keys to try first, as in `ssh -i`.

    """

    host: str
    user: str | None = None
    port: int | None = None
    jumps: str = ""
    configuration: str | None = None
    identities: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Return the arguments of `ssh` to get there."""
        options = {"-F": self.configuration, "-J": self.jumps, "-l": self.user, "-p": self.port}
        given = [text for key, value in options.items() if value for text in (key, str(value))]
        for identity in self.identities:
            given += ["-i", identity]
        return [*given, "--", self.host] if self.host.startswith("-") else [*given, self.host]

    def __str__(self) -> str:
        """Return the command that logs in there."""
        return shlex.join(["ssh", *self.arguments()])


class Settings:
    """The settings with which ssh would reach a destination.

    Attributes:
        destination: the destination.

    """

    def __init__(self, destination: Destination, options: Mapping[str, Sequence[str]]) -> None:
        self.destination = destination
        self._options = options

    def get(self, name: str, default: str = "") -> str:
        """Return what `ssh -G` prints for an option, or `default` if it prints nothing."""
        return self._options.get(name, [default])[0]

    def switched(self, name: str) -> bool:
        """Return whether an option is on."""
        return self.get(name) in ON

    def number(self, name: str) -> int:
        """Return an option's number, or 0 for none."""
        value = self.get(name)
        return int(value) if value.isdigit() else 0

    def algorithms(self, name: str) -> Sequence[str]:
        """Return the algorithms that an option lists, the best first."""
        return self.get(name).split(",")

    @property
    def host(self) -> str:
        """The host name or address to connect to."""
        return self.get("hostname", self.destination.host)

    @property
    def user(self) -> str:
        """The user to log in as."""
        return self.get("user")

    @property
    def port(self) -> int:
        """The port to connect to."""
        return self.number("port") or SSH_PORT

    @property
    def known_as(self) -> str:
        """The name of the host in known_hosts files."""
        return self.alias or host_and_port(self.host, self.port)

    @property
    def alias(self) -> str:
        """The alias for its host key in the configuration, or ""."""
        return self.get("hostkeyalias")

    @property
    def proxy_command(self) -> str:
        """The ProxyCommand for the host, with its tokens replaced; "" for none."""
        command = self.get("proxycommand", "none")
        if command == "none":
            return ""
        tokens = {
            "%": "%",
            "h": self.host,
            "n": self.destination.host,
            "p": str(self.port),
            "r": self.user,
        }
        return re.sub("%([%hnpr])", lambda token: tokens[token[1]], command)

    @property
    def jumps(self) -> str:
        """The hosts to go through, as in `ssh -J`; "" for none."""
        jumps = self.get("proxyjump")
        return "" if jumps == "none" else jumps

    @property
    def is_direct(self) -> bool:
        """Whether ssh connects to the host directly."""
        return not self.jumps and not self.proxy_command

    @cached_property
    def identity_files(self) -> Sequence[str]:
        """The files of the keys to try."""
        return self._paths("identityfile")

    @cached_property
    def certificate_files(self) -> Sequence[str]:
        """The files of certificates to try."""
        return self._paths("certificatefile")

    @cached_property
    def agent(self) -> str:
        """The socket of the agent with the keys; "" for none."""
        named = self.get("identityagent", "SSH_AUTH_SOCK")
        if named == "SSH_AUTH_SOCK":
            return os.environ.get("SSH_AUTH_SOCK", "")
        if named.startswith("$") and not named.startswith("${"):
            return os.environ.get(named[1:], "")
        return "" if named == "none" else self._expanded(named)

    @cached_property
    def user_known_hosts(self) -> Sequence[str]:
        """The person's known_hosts files; new keys go into the first."""
        return self._known_hosts[0]

    @cached_property
    def known_hosts(self) -> Sequence[str]:
        """All known_hosts files."""
        return [*self._known_hosts[0], *self._known_hosts[1]]

    @property
    def revoked_keys(self) -> str:
        """The file of keys that no host may show; "" for none."""
        # ssh does not expand ~ in it.
        return self.get("revokedhostkeys", "none").removeprefix("none")

    @cached_property
    def _known_hosts(self) -> tuple[Sequence[str], Sequence[str]]:
        """The person's known_hosts files, and the machine's.

        `ssh -G` prints all names in one line without quoting those that contain a space.
        """
        lines = [self.get("userknownhostsfile"), self.get("globalknownhostsfile")]
        lines = ["" if line == "none" else line for line in lines]
        if "~/" in lines[1]:
            # ssh expands it only when it opens the file.
            lines[1] = re.sub("(^| )~/", rf"\1{self._home}", lines[1])
        certain: Sequence[str] = ()
        if any(" " in line and not _USUAL_FILES.fullmatch(line) for line in lines):
            certain = self._logged_known_hosts()
        user, machine = (_split(line, certain) for line in lines)
        return user, machine

    def _logged_known_hosts(self) -> Sequence[str]:
        """Return the names of known_hosts files that ssh logs one by one."""
        options = ["BatchMode=yes", "ControlPath=none", "KnownHostsCommand=none", "ProxyJump=none"]
        given = [text for option in [*options, _HANG_UP] for text in ("-o", option)]
        arguments = replace(self.destination, jumps="").arguments()
        _, _, log = ask("ssh", "-vvv", *given, *arguments, "true")
        return ["".join(names) for names in _LOGGED_FILE.findall(log.replace("\r", ""))]

    def _paths(self, name: str) -> Sequence[str]:
        return [self._expanded(path) for path in self._options.get(name, []) if path != "none"]

    def _expanded(self, path: str) -> str:
        """Replace ~, tokens and variables, which `ssh -G` leaves alone in most paths.

        It only expands those in the names of known_hosts files (ssh_config(5), "TOKENS").
        """
        if not path.startswith("~") and "%" not in path and "${" not in path:
            return path
        if path.startswith("~/") and "%" not in path and "${" not in path:
            return self._home + path[2:]
        return self._ask_for(path)

    @cached_property
    def _home(self) -> str:
        # ssh reads the home folder from the user database, not from HOME.
        return self._ask_for("~/")

    def _ask_for(self, path: str) -> str:
        quoted = path.replace("\\", "\\\\").replace('"', '\\"')
        options = [f'UserKnownHostsFile="{quoted}"', f"HostName={self.host.replace('%', '%%')}"]
        if self.alias:
            options.append(f"HostKeyAlias={self.alias}")
        given = [text for option in options for text in ("-o", option)]
        place = ["-l", self.user, "-p", str(self.port), "--", self.destination.host]
        status, out, log = ask("ssh", "-F", "none", "-G", *given, *place)
        found = re.search("^userknownhostsfile (.*)$", out, re.MULTILINE)
        if status or not found:
            raise _unusable(log)
        return found[1]


def read_settings(destination: Destination) -> Settings:
    """Ask ssh what it would do to reach a destination.

    Raises:
        ServerError: there is no ssh, or its configuration cannot be used.

    """
    status, out, log = ask("ssh", "-G", *destination.arguments())
    if status:
        raise _unusable(log)
    options: dict[str, list[str]] = {}
    for line in out.split("\n"):
        name, _, value = line.partition(" ")
        options.setdefault(name, []).append(value)
    return Settings(destination, options)


def read_way(destination: Destination) -> Sequence[Settings]:
    """Ask ssh which hosts it would go through to reach a destination, which comes last.

    Raises:
        ServerError: there is no ssh, its configuration cannot be used, or the jumps form a loop.

    """
    way = [read_settings(destination)]
    while jumps := way[0].jumps:
        if len(way) > _MOST_HOPS:
            message = (
                f"The way to {destination.host} goes through more than {_MOST_HOPS} hosts: check "
                "that the ProxyJumps in your ssh configuration do not form a loop."
            )
            raise ServerError(message)
        before, _, last = jumps.rpartition(",")
        way.insert(0, read_settings(_jump(last, before, destination.configuration)))
    return way


def ask(program: str, *arguments: str, text: str | None = None) -> tuple[int, str, str]:
    """Run one of OpenSSH's programs, and return its status, its output and its errors.

    Raises:
        ServerError: it is not installed, or does not end.

    """
    try:
        done = subprocess.run(  # noqa: S603
            [program, *arguments],
            input=os.fsencode(text or ""),
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
            env={**os.environ, "LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"},
            # Without a terminal, nothing can ask for anything.
            start_new_session=True,
        )
    except OSError:
        message = (
            f"{program} is not installed, but is needed to reach the server: type "
            "`apt-get install openssh-client`."
        )
        raise ServerError(message) from None
    except subprocess.TimeoutExpired:
        message = (
            f"`{program}` did not read your ssh configuration within {_TIMEOUT} s: check what its "
            "`Match exec` waits for."
        )
        raise ServerError(message) from None
    return done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr)


def host_and_port(host: str, port: int) -> str:
    """Return the form of a host in known_hosts files."""
    return host if port == SSH_PORT else f"[{host}]:{port}"


def last_complaint(log: str) -> str:
    """Return the line with which a program gave up."""
    lines = [line.strip() for line in log.split("\n")]
    complaints = [line for line in lines if line and not line.startswith(_CHATTER)]
    return complaints[-1] if complaints else "it gives no reason"


def _unusable(log: str) -> ServerError:
    lines = [line for line in log.split("\n") if line.strip() and not line.startswith(_CHATTER)]
    reason = lines[0].strip().rstrip(".") if lines else "it gives no reason"
    return ServerError(
        f"ssh cannot use your ssh configuration ({reason}): correct ~/.ssh/config, or the file "
        "that is named here."
    )


def _jump(place: str, before: str, configuration: str | None) -> Destination:
    """Parse a host to go through: [user@]host[:port], which ssh has checked."""
    user, _, address = place.rpartition("@")
    if address.startswith("["):
        host, _, port = address[1:].partition("]:")
        host = host.removesuffix("]")
    else:
        host, _, port = address.partition(":") if address.count(":") == 1 else (address, "", "")
    return Destination(
        host=host,
        user=user or None,
        port=int(port) if port else None,
        jumps=before,
        configuration=configuration,
    )


def _split(line: str, certain: Sequence[str]) -> Sequence[str]:
    """Split a line of file names, each of which is certain or exists."""

    def ways(words: Sequence[str]) -> Sequence[str] | None:
        if not words:
            return []
        names = [" ".join(words[:length]) for length in range(1, len(words) + 1)]
        for name in sorted(names, key=lambda name: name not in certain):
            if name in certain or Path(name).exists():
                rest = ways(words[name.count(" ") + 1 :])
                if rest is not None:
                    return [name, *rest]
        return None

    words = line.split(" ") if line else []
    found = ways(words)
    return words if found is None else found
