"""Host keys: whoever is not known to be the server gets nothing from us."""

import base64
import binascii
import hashlib
import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from paramiko import Message, MissingHostKeyPolicy, PKey, SSHClient, SSHException

from features.support.server.open_ssh import SSH_PORT, Settings, ask, host_and_port

CERTIFICATE = "-cert-v01@openssh.com"

_AUTHORITY = "CA"
_REVOKED = "REVOKED"
_FOUND = re.compile(r"# Host .* found: line (\d+) ?(\w*)\s*")
_REVOCATION_LIST = b"SSHKRL\n\0"
_HOST_CERTIFICATE = 2

# In seconds.
_COMMAND_TIMEOUT = 30


class Judgement(Enum):
    """What known_hosts files say about a key (check_host_key() of OpenSSH)."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class KnownKey:
    """What a line of a known_hosts file says about a host.

    Attributes:
        file: the file, or "" where a command printed the line.
        line: the number of the line.
        marker: what it says besides: CA, REVOKED, or "".
        hosts: the hosts that it is about, as it writes them.
        kind: the type of the key.
        blob: the key.

    """

    file: str
    line: int
    marker: str
    hosts: str
    kind: str
    blob: bytes


@dataclass(frozen=True)
class HostCertificate:
    """What an authority says about a host key (PROTOCOL.certkeys of OpenSSH)."""

    kind: int
    names: Sequence[str]
    valid_after: int
    valid_before: int
    has_critical_options: bool
    authority: bytes
    signature_algorithm: str

    def vouches_for(self, host: str, algorithms: Sequence[str]) -> bool:
        """Whether it is good for a host now, whoever signed it."""
        return (
            self.kind == _HOST_CERTIFICATE
            and (not self.names or any(_matches(name, host) for name in self.names))
            and self.valid_after <= time.time() < self.valid_before
            and not self.has_critical_options
            and self.signature_algorithm in algorithms
        )


class UntrustedHostKeyError(SSHException):
    """A server showed a key that is not known to be its own.

    Attributes:
        blob: that key.
        kind: its type.
        judgement: why it is not trusted.
        known: the key that is known instead, where there is one.
        hint: what else there is to say about it, as a part of a sentence.

    """

    def __init__(
        self,
        key: PKey,
        judgement: Judgement,
        known: KnownKey | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(judgement.value)
        self.blob = key.asbytes()
        self.kind = key.get_name()
        self.judgement = judgement
        self.known = known
        self.hint = hint


class KnownHosts:
    """What the known_hosts files of a person say about a host."""

    def __init__(self, settings: Settings) -> None:
        """Read nothing yet."""
        self._settings = settings
        self._lines = cache(self._read)

    def algorithms(self) -> Sequence[str]:
        """Return the host key algorithms to offer, the best first.

        As OpenSSH does, prefer those of which a key is known (order_hostkeyalgs() there).
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
        """Say whether a plain key is the host's.

        Args:
            blob: the key.
            address: the address that it was shown at, if ssh itself would know that.

        Returns:
            Also the line that says so, or None.

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
        """Say whether a certificate makes a host key the host's.

        Args:
            certificate: the certificate.
            blob: the key that it is about.

        """
        settings = self._settings
        name = (settings.alias or settings.host).lower()
        lines = self._lines(settings.known_as)
        if any(line.blob in (blob, certificate.authority) for line in _marked(lines, _REVOKED)):
            return Judgement.REVOKED
        # As for plain keys, a name is good for every port.
        authorities = [*lines, *self._lines(settings.host)] if not settings.alias else lines
        is_signed = any(
            line.blob == certificate.authority for line in _marked(authorities, _AUTHORITY)
        )
        algorithms = settings.algorithms("casignaturealgorithms")
        is_good = is_signed and certificate.vouches_for(name, algorithms)
        return Judgement.KNOWN if is_good else Judgement.UNKNOWN

    def has_authority(self) -> bool:
        """Whether an authority is known that may certify the host's key."""
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
            # As OpenSSH does, go on without a file that is not there or cannot be read.
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


class HostKeyPolicy(MissingHostKeyPolicy):
    """Lets a server pass only if OpenSSH would, without asking, and writes nothing down."""

    def __init__(self, settings: Settings, known_hosts: KnownHosts) -> None:
        """Read nothing yet.

        Attributes of the transport that shows the key tell the rest: `host_key_blob`, the key or
        certificate as it was shown, and the socket that it came by.
        """
        self._settings = settings
        self._known_hosts = known_hosts

    def missing_host_key(
        self,
        client: SSHClient,
        hostname: str,  # noqa: ARG002 (paramiko gives it)
        key: PKey,
    ) -> None:
        """Refuse `key` unless it is known to be the host's.

        Raises:
            UntrustedHostKeyError: it is not.

        """
        transport = client.get_transport()
        assert transport is not None
        shown: bytes = getattr(transport, "host_key_blob", key.asbytes())
        settings = self._settings
        address = _address_of(transport.sock) if settings.is_direct else None
        is_local = address is not None and ip_address(address).is_loopback
        if (
            is_local
            and settings.switched("nohostauthenticationforlocalhost")
            and not settings.alias
        ):
            return
        certificate = read_certificate(shown)
        self._check_file_of_revoked(key, certificate)
        if certificate is not None:
            judgement = self._known_hosts.judge_certificate(certificate, key.asbytes())
            if judgement is Judgement.KNOWN and _is_signed(shown):
                return
            if judgement is Judgement.REVOKED:
                raise UntrustedHostKeyError(key, judgement)
        # As OpenSSH does, judge the key itself where its certificate is not good enough.
        judgement, known = self._known_hosts.judge(key.asbytes(), None if is_local else address)
        if judgement is not Judgement.KNOWN:
            raise UntrustedHostKeyError(key, judgement, known, self._hint(certificate))

    def _hint(self, certificate: HostCertificate | None) -> str:
        if self._settings.switched("verifyhostkeydns"):
            return ", and whether DNS knows it (VerifyHostKeyDNS) is not looked up here"
        if certificate is not None and self._known_hosts.has_authority():
            return ", and its certificate is not one that your @cert-authority vouches for"
        if self._known_hosts.has_authority():
            return ", and it shows no certificate of your @cert-authority"
        return ""

    def _check_file_of_revoked(self, key: PKey, certificate: HostCertificate | None) -> None:
        if not (file := self._settings.revoked_keys):
            return
        blobs = [key.asbytes(), *([certificate.authority] if certificate else [])]
        try:
            is_revoked = any(is_revoked_by(file, blob) for blob in blobs)
        except OSError as error:
            hint = f"RevokedHostKeys ({file}) cannot be read ({error.strerror})"
            raise UntrustedHostKeyError(key, Judgement.UNCHECKED, hint=hint) from None
        if is_revoked:
            raise UntrustedHostKeyError(key, Judgement.REVOKED)


def is_revoked_by(file: str, blob: bytes) -> bool:
    """Whether a file of revoked keys, a list or a KRL, has a key in it.

    Raises:
        OSError: the file cannot be read.

    """
    content = Path(file).read_bytes()
    encoded = base64.b64encode(blob)
    if not content.startswith(_REVOCATION_LIST):
        return any(encoded in line.split() for line in content.splitlines())
    with tempfile.NamedTemporaryFile() as key:
        key.write(f"{_kind_in(blob)} ".encode() + encoded + b"\n")
        key.flush()
        status, _, _ = ask("ssh-keygen", "-Q", "-f", file, key.name)
    # 1 is for a key that was revoked, and 255 for a list that cannot be used.
    return status != 0


def read_certificate(blob: bytes) -> HostCertificate | None:
    """Read a certificate, or return None where it is a plain key."""
    message = Message(blob)
    kind = message.get_text()
    if not kind.endswith(CERTIFICATE):
        return None
    message.get_binary()
    fields = {"ssh-rsa": 2, "ssh-ed25519": 1}.get(kind.removesuffix(CERTIFICATE), 2)
    for _ in range(fields):
        message.get_binary()
    message.get_int64()
    what = message.get_int()
    message.get_binary()
    names = message.get_binary()
    after, before = message.get_int64(), message.get_int64()
    critical = message.get_binary()
    message.get_binary()
    message.get_binary()
    authority = message.get_binary()
    signature = Message(message.get_binary())
    return HostCertificate(
        kind=what,
        names=list(_texts(Message(names), len(names))),
        valid_after=after,
        valid_before=before,
        has_critical_options=bool(critical),
        authority=authority,
        signature_algorithm=signature.get_text(),
    )


def explain_untrusted_key(error: UntrustedHostKeyError, settings: Settings) -> str:
    """Say which key is not trusted, and how a person can change that."""
    name = settings.known_as
    shown = fingerprint(error.blob)
    if error.judgement is Judgement.REVOKED:
        return (
            f"The SSH key of {name} was revoked, so this may be another machine (it shows "
            f"{shown}): ask who runs the server to give it a new key."
        )
    if error.judgement is Judgement.CHANGED and error.known:
        known = error.known
        return (
            f"The SSH key of {name} has changed, so this may be another machine (it shows {shown}, "
            f"and {fingerprint(known.blob)} is known{error.hint}): ask who runs the server, and "
            f"if the new key is right {_how_to_forget(known, name)} and type "
            f"{_how_to_learn(settings, error.kind)}."
        )
    if error.judgement is Judgement.UNCHECKED:
        return (
            f"The SSH key of {name} is not trusted ({shown}), because {error.hint}: correct that "
            "file, or its name in your ssh configuration."
        )
    return (
        f"The SSH key of {name} is not known ({shown}){error.hint}: ask who runs the server "
        f"whether that is its key, and if so type {_how_to_learn(settings, error.kind)}."
    )


def fingerprint(blob: bytes) -> str:
    """Return the fingerprint of a key as OpenSSH writes it."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip('=')}"


def _how_to_forget(known: KnownKey, name: str) -> str:
    if not known.file:
        return "correct what your KnownHostsCommand prints"
    if known.hosts == name or known.hosts.startswith("|"):
        return f"type `ssh-keygen -f {shlex.quote(known.file)} -R {shlex.quote(name)}`"
    # Other hosts would be forgotten with it.
    return f"remove line {known.line} of {known.file}, which is about {known.hosts},"


def _how_to_learn(settings: Settings, kind: str) -> str:
    files = [file for file in settings.user_known_hosts if file != "/dev/null"]
    if not files:
        return (
            f"its key into {settings.known_hosts[0]}"
            if settings.known_hosts
            else "a UserKnownHostsFile into your ssh configuration"
        )
    if not settings.is_direct:
        # ssh-keyscan knows no way through another host; ssh does, and asks.
        command = str(settings.destination)
        if settings.get("stricthostkeychecking") != "ask":
            command = command.replace("ssh ", "ssh -o StrictHostKeyChecking=ask ", 1)
        return f"`{command}` and answer its question"
    short = next((name for name in ("ed25519", "ecdsa", "rsa") if name in kind), kind)
    port = "" if settings.port == SSH_PORT else f" -p {settings.port}"
    hashed = " -H" if settings.switched("hashknownhosts") and not settings.alias else ""
    scan = f"ssh-keyscan{port}{hashed} -t {short} {settings.host}"
    if settings.alias:
        # The key is looked for under another name than the one that it is fetched by.
        scan += f" | sed {shlex.quote(f's/^[^ ]*/{settings.alias}/')}"
    return f"`{scan} >> {shlex.quote(files[0])}`"


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
        # As OpenSSH does, pass over what is no key.
        if _kind_in(blob) != kind:
            return None
    except (ValueError, binascii.Error, SSHException):
        return None
    return KnownKey(file, number, marker, hosts, kind, blob)


def _kind_in(blob: bytes) -> str:
    try:
        return Message(blob).get_text()
    except (IndexError, UnicodeDecodeError):
        return ""


def _marked(lines: Sequence[KnownKey], marker: str) -> Iterator[KnownKey]:
    return (line for line in lines if line.marker == marker)


def _kind_of(algorithm: str) -> str:
    """Return the type of the plain keys that an algorithm is for."""
    plain = algorithm.removesuffix(CERTIFICATE)
    return "ssh-rsa" if plain.startswith("rsa-") else plain


@cache
def _usual_algorithms() -> Sequence[str]:
    _, out, _ = ask("ssh", "-F", "none", "-G", "localhost")
    found = re.search("^hostkeyalgorithms (.*)$", out, re.MULTILINE)
    return found[1].split(",") if found else []


def _is_usual_order(algorithms: Sequence[str]) -> bool:
    """Whether a person left the order to OpenSSH: set nothing, or only +, - to what is usual."""
    usual = _usual_algorithms()
    kept = [algorithm for algorithm in usual if algorithm in algorithms]
    return list(algorithms[: len(kept)]) == kept and bool(kept)


def _is_signed(certificate: bytes) -> bool:
    """Whether the signature of a certificate is the one of its authority."""
    line = f"{_kind_in(certificate)} {base64.b64encode(certificate).decode()}\n"
    with tempfile.NamedTemporaryFile() as file:
        file.write(line.encode())
        file.flush()
        status, _, _ = ask("ssh-keygen", "-L", "-f", file.name)
    return status == 0


def _texts(message: Message, size: int) -> Iterator[str]:
    while len(message.get_so_far()) < size:
        yield message.get_text()


def _matches(pattern: str, name: str) -> bool:
    parts = [{"*": ".*", "?": "."}.get(letter) or re.escape(letter) for letter in pattern]
    return re.fullmatch("".join(parts), name) is not None


def _address_of(sock: object) -> str | None:
    try:
        address = sock.getpeername()  # type: ignore[attr-defined]
    except (OSError, AttributeError):
        return None
    return str(address[0]).partition("%")[0] if isinstance(address, tuple) else None
