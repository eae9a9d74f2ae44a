"""Look up hosts in known_hosts files: ssh-keygen finds the same lines as ssh."""

import base64
import binascii
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

from acceptance.hosts.ssh.host_certificates import HostCertificate
from acceptance.hosts.ssh.open_ssh import SSH_PORT, Settings, ask, host_and_port
from acceptance.hosts.ssh.public_keys import CERTIFICATE, kind_in, public_key_file

_AUTHORITY = "CA"
_REVOKED = "REVOKED"
_FOUND = re.compile(r"# Host .* found: line (\d+) ?(\w*)\s*")
_REVOCATION_LIST = b"SSHKRL\n\0"

# In seconds.
_COMMAND_TIMEOUT = 30


class Judgement(Enum):
    """The judgement of known_hosts files about a key (check_host_key() of OpenSSH)."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class KnownKey:
    """A line of a known_hosts file about a host.

    Attributes:
        file: the file, or "" if a command printed the line.
        line: the number of the line.
        marker: CA, REVOKED, or "".
        hosts: the hosts of the line, as they are written.
        kind: the type of the key.
        blob: the key.

    """

    file: str
    line: int
    marker: str
    hosts: str
    kind: str
    blob: bytes


class KnownHosts:
    """The lines about a host in the known_hosts files of a person."""

    def __init__(self, settings: Settings) -> None:
        """Prepare the lookup, without reading any files yet."""
        self._settings = settings
        self._lines = cache(self._read)

    def algorithms(self) -> Sequence[str]:
        """Return the host key algorithms to offer, the best first.

        Like OpenSSH, prefer those with a known key (order_hostkeyalgs() there).
        """
        offered = self._settings.algorithms("hostkeyalgorithms")
        if not _is_usual_order(offered):
            return offered
        known = self._lines(self._settings.known_as)
        kinds = {line.kind for line in known if not line.marker}
        has_authority = any(line.marker == _AUTHORITY for line in known)

        def is_preferred(algorithm: str) -> bool:
            if algorithm.endswith(CERTIFICATE):
                return has_authority
            return _kind_of(algorithm) in kinds

        if _kind_of(offered[0]) in kinds:
            return offered
        return sorted(offered, key=lambda algorithm: not is_preferred(algorithm))

    def judge(self, blob: bytes, address: str | None) -> tuple[Judgement, KnownKey | None]:
        """Judge whether a plain key is the host's.

        Args:
            blob: the key.
            address: the IP address that sent it, if ssh itself would know the address.

        Returns:
            The judgement, and the line that it is based on, or None.

        """
        settings = self._settings
        judgement, line = self._judge_as(settings.known_as, blob)
        is_at_port = settings.port != SSH_PORT and not settings.alias
        if judgement is Judgement.UNKNOWN and is_at_port:
            anywhere, found = self._judge_as(settings.host, blob)
            if anywhere is Judgement.KNOWN:
                judgement, line = anywhere, found
        if judgement is Judgement.KNOWN and settings.switched("checkhostip") and address:
            at, found = self._judge_as(host_and_port(address, settings.port), blob)
            if at in (Judgement.CHANGED, Judgement.REVOKED):
                return at, found
        return judgement, line

    def judge_certificate(self, certificate: HostCertificate, blob: bytes) -> Judgement:
        """Judge whether a certificate proves that a host key is the host's.

        Args:
            certificate: the certificate.
            blob: the key in the certificate.

        """
        settings = self._settings
        name = (settings.alias or settings.host).lower()
        lines = self._lines(settings.known_as)
        if any(line.blob in (blob, certificate.authority) for line in _marked(lines, _REVOKED)):
            return Judgement.REVOKED
        # As with plain keys, a name is valid for every port.
        authorities = [*lines, *self._lines(settings.host)] if not settings.alias else lines
        is_signed = any(
            line.blob == certificate.authority for line in _marked(authorities, _AUTHORITY)
        )
        algorithms = settings.algorithms("casignaturealgorithms")
        is_good = is_signed and certificate.vouches_for(name, algorithms)
        return Judgement.KNOWN if is_good else Judgement.UNKNOWN

    def has_authority(self) -> bool:
        """Return whether an authority is known that may certify the host's key."""
        return any(_marked(self._lines(self._settings.known_as), _AUTHORITY))

    def _judge_as(self, name: str, blob: bytes) -> tuple[Judgement, KnownKey | None]:
        lines = self._lines(name)
        if any(line.blob == blob for line in _marked(lines, _REVOKED)):
            return Judgement.REVOKED, None
        plain = list(_marked(lines, ""))
        for line in plain:
            if line.blob == blob:
                return Judgement.KNOWN, line
        return (Judgement.CHANGED, plain[-1]) if plain else (Judgement.UNKNOWN, None)

    def _read(self, name: str) -> Sequence[KnownKey]:
        found: list[KnownKey] = []
        for file in self._settings.known_hosts:
            # Like OpenSSH, continue without files that are missing or cannot be read.
            if Path(file).is_file():
                found += _find(name, file)
        if command := self._settings.get("knownhostscommand", "none").removeprefix("none"):
            found += self._ask_command(command, name)
        return found

    def _ask_command(self, command: str, name: str) -> Sequence[KnownKey]:
        """Ask a KnownHostsCommand, which ssh runs without a shell."""
        settings = self._settings
        tokens = {
            "%": "%",
            "H": name,
            "I": "HOSTNAME",
            "h": settings.host,
            "n": settings.destination.host,
            "p": str(settings.port),
            "r": settings.user,
            "t": "NONE",
            "K": "NONE",
            "f": "NONE",
        }
        words = [
            re.sub("%([%HIhnprtKf])", lambda token: tokens[token[1]], word)
            for word in shlex.split(command)
        ]
        try:
            done = subprocess.run(  # noqa: S603
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=_COMMAND_TIMEOUT,
                start_new_session=True,
            )
        except (OSError, subprocess.SubprocessError):
            return []
        with tempfile.NamedTemporaryFile() as file:
            file.write(done.stdout)
            file.flush()
            return [replace(known, file="") for known in _find(name, file.name)]


def is_revoked_by(file: str, blob: bytes) -> bool:
    """Return whether a file of revoked keys, a list or a KRL, contains a key.

    Raises:
        OSError: the file cannot be read.

    """
    content = Path(file).read_bytes()
    encoded = base64.b64encode(blob)
    if not content.startswith(_REVOCATION_LIST):
        return any(encoded in line.split() for line in content.splitlines())
    with public_key_file(blob) as key:
        status, _, _ = ask("ssh-keygen", "-Q", "-f", file, key)
    # The status is 1 for a revoked key, and 255 for a list that cannot be used.
    return status != 0


def _find(name: str, file: str) -> Sequence[KnownKey]:
    """Let ssh-keygen look for a host in a known_hosts file: names may be hashed or patterns."""
    _, out, _ = ask("ssh-keygen", "-F", name, "-f", file)
    found = []
    where: re.Match[str] | None = None
    for line in out.split("\n"):
        if header := _FOUND.fullmatch(line):
            where = header
        elif where:
            if known := _read_line(line, file, int(where[1]), where[2]):
                found.append(known)
            where = None
    return found


def _read_line(line: str, file: str, number: int, marker: str) -> KnownKey | None:
    words = line.split()
    if line.lstrip().startswith("@"):
        words = words[1:]
    try:
        hosts, kind, encoded, *_ = words
        blob = base64.b64decode(encoded, validate=True)
        # Like OpenSSH, skip lines without a key.
        if kind_in(blob) != kind:
            return None
    except (ValueError, binascii.Error):
        return None
    return KnownKey(file, number, marker, hosts, kind, blob)


def _marked(lines: Sequence[KnownKey], marker: str) -> Iterator[KnownKey]:
    return (line for line in lines if line.marker == marker)


def _kind_of(algorithm: str) -> str:
    """Return the type of the plain keys for an algorithm."""
    plain = algorithm.removesuffix(CERTIFICATE)
    return "ssh-rsa" if plain.startswith("rsa-") else plain


@cache
def _usual_algorithms() -> Sequence[str]:
    _, out, _ = ask("ssh", "-F", "none", "-G", "localhost")
    found = re.search("^hostkeyalgorithms (.*)$", out, re.MULTILINE)
    return found[1].split(",") if found else []


def _is_usual_order(algorithms: Sequence[str]) -> bool:
    """Return whether the order is OpenSSH's default, perhaps changed with + or -."""
    usual = _usual_algorithms()
    kept = [algorithm for algorithm in usual if algorithm in algorithms]
    return list(algorithms[: len(kept)]) == kept and bool(kept)
