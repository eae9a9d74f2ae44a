"""Check host keys: nothing is sent to a machine that is not known to be the server."""

import shlex
from ipaddress import ip_address

from paramiko import MissingHostKeyPolicy, PKey, SSHClient, SSHException

from acceptance.hosts.ssh.host_certificates import (
    HostCertificate,
    is_signed,
    read_certificate,
)
from acceptance.hosts.ssh.known_hosts import Judgement, KnownHosts, KnownKey, is_revoked_by
from acceptance.hosts.ssh.open_ssh import SSH_PORT, Settings
from acceptance.hosts.ssh.public_keys import fingerprint


class UntrustedHostKeyError(SSHException):
    """A server showed a key that is not known to be its own.

    Attributes:
        blob: the key.
        kind: its type.
        judgement: why it is not trusted.
        known: the key that is known instead, or None.
        hint: more about it, as a part of a sentence.

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


class HostKeyPolicy(MissingHostKeyPolicy):
    """Accepts a server only if OpenSSH would do so without asking, and stores nothing."""

    def __init__(self, settings: Settings, known_hosts: KnownHosts) -> None:
        """Prepare the policy, without reading any files yet.

        More is read from attributes of the transport: `host_key_blob`, the key or certificate in
        its original form, and the socket.
        """
        self._settings = settings
        self._known_hosts = known_hosts

    def missing_host_key(
        self,
        client: SSHClient,
        hostname: str,  # noqa: ARG002 (paramiko passes it)
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
            if judgement is Judgement.KNOWN and is_signed(shown):
                return
            if judgement is Judgement.REVOKED:
                raise UntrustedHostKeyError(key, judgement)
        # Like OpenSSH, judge the key itself if its certificate is not valid.
        judgement, known = self._known_hosts.judge(key.asbytes(), None if is_local else address)
        if judgement is not Judgement.KNOWN:
            raise UntrustedHostKeyError(key, judgement, known, self._hint(certificate))

    def _hint(self, certificate: HostCertificate | None) -> str:
        if self._settings.switched("verifyhostkeydns"):
            return ", and VerifyHostKeyDNS is not supported here"
        if certificate is not None and self._known_hosts.has_authority():
            return ", and your @cert-authority does not vouch for its certificate"
        if self._known_hosts.has_authority():
            return ", and it has no certificate of your @cert-authority"
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


def explain_untrusted_key(error: UntrustedHostKeyError, settings: Settings) -> str:
    """Return a sentence about the key that is not trusted, and how a person can change that."""
    name = settings.known_as
    shown = fingerprint(error.blob)
    if error.judgement is Judgement.REVOKED:
        return (
            f"The SSH key of {name} was revoked, so this may be another machine (it shows "
            f"{shown}): ask the server's administrator to give it a new key."
        )
    if error.judgement is Judgement.CHANGED and error.known:
        known = error.known
        return (
            f"The SSH key of {name} has changed, so this may be another machine (it shows {shown}, "
            f"and {fingerprint(known.blob)} is known{error.hint}): ask the server's administrator, "
            f"and if the new key is right {_how_to_forget(known, name)} and "
            f"{_how_to_learn(settings, error.kind)}."
        )
    if error.judgement is Judgement.UNCHECKED:
        return (
            f"The SSH key of {name} is not trusted ({shown}), because {error.hint}: correct that "
            "file, or its name in your ssh configuration."
        )
    return (
        f"The SSH key of {name} is not known ({shown}){error.hint}: ask the server's administrator "
        f"whether that is its key, and if so {_how_to_learn(settings, error.kind)}."
    )


def _how_to_forget(known: KnownKey, name: str) -> str:
    if not known.file:
        return "correct what your KnownHostsCommand prints"
    if known.hosts == name or known.hosts.startswith("|"):
        return f"type `ssh-keygen -f {shlex.quote(known.file)} -R {shlex.quote(name)}`"
    # Other hosts would be forgotten with it.
    return f"remove line {known.line} of {known.file}, which is about {known.hosts},"


def _how_to_learn(settings: Settings, kind: str) -> str:
    files = [file for file in settings.user_known_hosts if file != "/dev/null"]
    usual = "~/.ssh/known_hosts"
    # A key in /dev/null would not be known the next time.
    first = "" if files else f"write `UserKnownHostsFile {usual}` into ~/.ssh/config for it and "
    if not settings.is_direct:
        # ssh-keyscan cannot go through another host; ssh can, and asks.
        command = str(settings.destination)
        if settings.get("stricthostkeychecking") != "ask":
            command = command.replace("ssh ", "ssh -o StrictHostKeyChecking=ask ", 1)
        return f"{first}type `{command}` and answer its question"
    short = next((name for name in ("ed25519", "ecdsa", "rsa") if name in kind), kind)
    port = "" if settings.port == SSH_PORT else f" -p {settings.port}"
    hashed = " -H" if settings.switched("hashknownhosts") and not settings.alias else ""
    scan = f"ssh-keyscan{port}{hashed} -t {short} {settings.host}"
    if settings.alias:
        # The key is fetched by one name, but looked up by another.
        scan += f" | sed {shlex.quote(f's/^[^ ]*/{settings.alias}/')}"
    return f"{first}type `{scan} >> {shlex.quote(files[0]) if files else usual}`"


def _address_of(sock: object) -> str | None:
    try:
        address = sock.getpeername()  # type: ignore[attr-defined]
    except (OSError, AttributeError):
        return None
    return str(address[0]).partition("%")[0] if isinstance(address, tuple) else None
