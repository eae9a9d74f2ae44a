"""Log in with the keys that OpenSSH would try, in the same order, without asking anyone."""

import base64
import binascii
import shlex
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from io import StringIO
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from paramiko import (
    AuthenticationException,
    BadAuthenticationType,
    ECDSAKey,
    Ed25519Key,
    Message,
    PKey,
    RSAKey,
    SSHConfig,
    SSHException,
    Transport,
)
from paramiko.agent import AgentKey, AgentSSH
from paramiko.auth_strategy import AuthResult, AuthSource, AuthStrategy

from acceptance.hosts.ssh.open_ssh import OFF, Settings, ask, last_complaint
from acceptance.hosts.ssh.public_keys import CERTIFICATE, fingerprint

_KEY_CLASSES: Sequence[tuple[type, type[PKey]]] = (
    (rsa.RSAPrivateKey, RSAKey),
    (ec.EllipticCurvePrivateKey, ECDSAKey),
    (ed25519.Ed25519PrivateKey, Ed25519Key),
)

_PARAMIKO = "paramiko, the SSH library used here,"

_SHA_1 = (
    f"an RSA key would have to sign with SHA-1, which {_PARAMIKO} does not support, so make an "
    "Ed25519 key with `ssh-keygen -t ed25519`"
)


class NotLetInError(AuthenticationException):
    """A server accepts none of the keys, or requires more than a key.

    Attributes:
        allowed: the methods with which the server would continue.
        accepted: how many keys it has accepted without being satisfied.
        encrypted: the files of keys that need a passphrase and are not in an agent.
        unusable: why other keys could not be tried.

    """

    def __init__(
        self,
        allowed: Sequence[str],
        accepted: int,
        encrypted: Sequence[str],
        unusable: Sequence[str],
    ) -> None:
        super().__init__("no key is enough")
        self.allowed = allowed
        self.accepted = accepted
        self.encrypted = encrypted
        self.unusable = unusable


class Agent(AgentSSH):
    """The agent at a socket, which may differ from the one that the environment names."""

    def __init__(self, address: str) -> None:
        """Connect to it; a missing agent has no keys.

        Raises:
            SSHException: it is not an agent.

        """
        super().__init__()
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
        else:
            self._connect(connection)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Disconnect from it."""
        self._close()  # type: ignore[attr-defined]


class KeysOfOpenSsh(AuthStrategy):
    """Tries the same keys as ssh, in the same order (pubkey_prepare() there)."""

    def __init__(self, settings: Settings, passphrase: str | None, password: str | None) -> None:
        """Prepare the strategy, without reading any keys yet.

        Args:
            settings: the settings of ssh.
            passphrase: the passphrase of the keys, if `fab` has asked for it.
            password: the password for logging in, if `fab` has asked for it.

        """
        super().__init__(ssh_config=SSHConfig())
        self._settings = settings
        self._passphrase = passphrase
        self._password = password
        self._encrypted: list[str] = []
        self._unusable: list[str] = []

    def get_sources(self) -> Iterator[AuthSource]:
        """Return none, since the next step depends on the server's answer."""
        return iter(())

    def authenticate(self, transport: Transport) -> AuthResult:
        """Log in.

        Raises:
            NotLetInError: the server refuses the login with the available keys.
            SSHException: the server hung up, or did not answer.

        """
        allowed = self._ask_for_methods(transport)
        accepted = 0
        with ExitStack() as undo:
            keys = self._keys(undo) if self._may_use_keys() else iter(())
            while "publickey" in allowed and (key := next(keys, None)):
                answer = self._offer(transport, key)
                if answer is not None:
                    accepted += 1
                    allowed = answer
        if self._password is not None and "password" in allowed:
            with suppress(AuthenticationException):
                allowed = transport.auth_password(
                    self._settings.user, self._password, fallback=False
                )
        if allowed:
            raise NotLetInError(allowed, accepted, self._encrypted, self._unusable)
        return AuthResult(self)

    def _ask_for_methods(self, transport: Transport) -> Sequence[str]:
        """Return the server's methods, or none if it requires no authentication."""
        try:
            return transport.auth_none(self._settings.user)
        except BadAuthenticationType as refusal:
            return refusal.allowed_types
        except AuthenticationException as refusal:
            if not transport.is_active() or _is_late(refusal):
                raise
            return ["publickey"]

    def _offer(self, transport: Transport, key: PKey) -> Sequence[str] | None:
        """Return what the server requires besides a key, or None if it refuses the key."""
        try:
            return transport.auth_publickey(self._settings.user, key)
        except AuthenticationException as refusal:
            if not transport.is_active() or _is_late(refusal):
                raise
            if "agree on a pubkey algorithm" in str(refusal):
                self._note(_SHA_1)
            return None

    def _may_use_keys(self) -> bool:
        preferred = self._settings.get("preferredauthentications", "publickey").split(",")
        return self._settings.get("pubkeyauthentication") not in OFF and "publickey" in preferred

    def _keys(self, undo: ExitStack) -> Iterator[PKey]:
        accepted = set(self._settings.algorithms("pubkeyacceptedalgorithms"))
        tried: set[bytes] = set()
        for key in self._all_keys(undo):
            blob = key.public_blob.key_blob if key.public_blob else key.asbytes()
            if blob in tried:
                continue
            tried.add(blob)
            if _algorithms_of(key) & accepted:
                yield key
            elif "ssh-rsa" in accepted and "ssh-rsa" in key.get_name():
                self._note(_SHA_1)

    def _all_keys(self, undo: ExitStack) -> Iterator[PKey]:
        settings = self._settings
        held = self._held_by_agent(undo)
        plain = [key for key in held if not key.get_name().endswith(CERTIFICATE)]
        for file in settings.certificate_files:
            if key := self._certified(file, plain):
                yield key
        prints = {file: _fingerprint(file) if held else "" for file in settings.identity_files}
        configured = [key for key in held if fingerprint(key.blob) in prints.values()]
        yield from configured
        if not settings.switched("identitiesonly"):
            yield from (key for key in held if key not in configured)
        in_agent = {fingerprint(key.blob) for key in held}
        for file in settings.identity_files:
            if prints[file] not in in_agent and (key := self._load(file)):
                yield key
            certificate = f"{file}-cert.pub"
            if Path(certificate).is_file() and (key := self._certified(certificate, plain)):
                yield key

    def _held_by_agent(self, undo: ExitStack) -> Sequence[AgentKey]:
        # Like ssh, continue without a missing agent.
        if not (address := self._settings.agent):
            return []
        try:
            agent = Agent(address)
        except (SSHException, OSError):
            return []
        undo.callback(agent.close)
        return list(agent.get_keys())

    def _certified(self, file: str, held: Sequence[AgentKey]) -> PKey | None:
        """Return the private key of a certificate, with the certificate loaded."""
        blob = _read_public(file)
        if blob is None or not (kind := Message(blob).get_text()).endswith(CERTIFICATE):
            return None
        line = f"{kind} {base64.b64encode(blob).decode()}"
        wanted = _plain_key_in(blob)
        for key in held:
            if key.asbytes() == wanted:
                certified = AgentKey(key.agent, key.blob, key.comment)
                certified.load_certificate(line)
                return certified
        for identity in self._settings.identity_files:
            loaded = self._load(identity)
            if loaded is not None and loaded.asbytes() == wanted:
                loaded.load_certificate(line)
                return loaded
        return None

    def _load(self, file: str) -> PKey | None:
        """Read a private key, unless OpenSSH would refuse it."""
        path = Path(file)
        if not path.is_file() or _read_public(file) is not None:
            return None
        if self._passphrase is None:
            status, public, log = ask("ssh-keygen", "-y", "-P", "", "-f", file)
            if status:
                self._explain(file, log)
                return None
            kind = public.split(" ")[0]
            if not any(kind in key_class.identifiers() for _, key_class in _KEY_CLASSES):
                self._note(f"{file} is of the type {kind}, which {_PARAMIKO} does not support")
                return None
        try:
            return _read_private(path.read_bytes(), self._passphrase)
        except UnsupportedAlgorithm:
            self._note(f"{file} is of a type that {_PARAMIKO} does not support")
        except (ValueError, TypeError, OSError, SSHException) as error:
            self._note(f"{file} cannot be read here ({error})")
        return None

    def _explain(self, file: str, log: str) -> None:
        if "passphrase" in log:
            if file not in self._encrypted:
                self._encrypted.append(file)
        elif "too open" in log:
            key = shlex.quote(file)
            self._note(f"{file} is ignored, because others may read it: type `chmod 600 {key}`")
        else:
            reason = last_complaint(log).rpartition(": ")[2]
            self._note(f"{file} is not a key that OpenSSH can use ({reason})")

    def _note(self, reason: str) -> None:
        if reason not in self._unusable:
            self._unusable.append(reason)


def _read_private(content: bytes, passphrase: str | None) -> PKey | None:
    password = passphrase.encode() if passphrase else None
    try:
        key = serialization.load_ssh_private_key(content, password)
    except ValueError:
        # An older format, or PKCS8; paramiko itself reads fewer of them.
        key = serialization.load_pem_private_key(content, password)  # type: ignore[assignment]
    for kind, key_class in _KEY_CLASSES:
        if isinstance(key, kind):
            text = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.OpenSSH,
                serialization.NoEncryption(),
            )
            return key_class.from_private_key(StringIO(text.decode()))
    raise UnsupportedAlgorithm(type(key).__name__)


def _read_public(file: str) -> bytes | None:
    """Return the key or certificate in a file of public keys, or None."""
    with suppress(OSError, ValueError, binascii.Error):
        kind, encoded, *_ = Path(file).read_bytes().split()
        blob = base64.b64decode(encoded, validate=True)
        if Message(blob).get_binary() == kind:
            return blob
    return None


def _fingerprint(file: str) -> str:
    """Return the fingerprint of a key, with or without a file of its public half; "" for none."""
    for name in (file, f"{file}.pub"):
        if Path(name).is_file():
            status, out, _ = ask("ssh-keygen", "-l", "-f", name)
            if not status:
                return out.split()[1]
    return ""


def _plain_key_in(certificate: bytes) -> bytes:
    """Return the public key in a certificate."""
    message = Message(certificate)
    kind = message.get_text().removesuffix(CERTIFICATE)
    message.get_binary()
    plain = Message()
    plain.add_string(kind)
    for _ in range(1 if kind == "ssh-ed25519" else 2):
        plain.add_string(message.get_binary())
    return plain.asbytes()


def _algorithms_of(key: PKey) -> set[str]:
    """Return the algorithms that a key signs with."""
    kind = key.public_blob.key_type if key.public_blob else key.get_name()
    if "ssh-rsa" not in kind:
        return {kind}
    end = CERTIFICATE if kind.endswith(CERTIFICATE) else ""
    return {f"rsa-sha2-512{end}", f"rsa-sha2-256{end}"}


def _is_late(error: Exception) -> bool:
    # paramiko uses the same class for a timeout.
    return "timeout" in str(error).lower()
