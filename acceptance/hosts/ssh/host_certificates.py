"""Certificates of host keys (PROTOCOL.certkeys of OpenSSH)."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paramiko import Message

from acceptance.hosts.ssh.open_ssh import ask
from acceptance.hosts.ssh.public_keys import CERTIFICATE, public_key_file

_HOST_CERTIFICATE = 2


@dataclass(frozen=True)
class HostCertificate:
    """A certificate of a host key, signed by an authority."""

    kind: int
    names: Sequence[str]
    valid_after: int
    valid_before: int
    has_critical_options: bool
    authority: bytes
    signature_algorithm: str

    def vouches_for(self, host: str, algorithms: Sequence[str]) -> bool:
        """Return whether it is valid for a host now, regardless of the authority."""
        return (
            self.kind == _HOST_CERTIFICATE
            and (not self.names or any(_matches(name, host) for name in self.names))
            and self.valid_after <= time.time() < self.valid_before
            and not self.has_critical_options
            and self.signature_algorithm in algorithms
        )


def read_certificate(blob: bytes) -> HostCertificate | None:
    """Read a certificate, or return None for a plain key."""
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


def is_signed(certificate: bytes) -> bool:
    """Return whether the signature of a certificate is that of its authority."""
    with public_key_file(certificate) as file:
        status, _, _ = ask("ssh-keygen", "-L", "-f", file)
    return status == 0


def _texts(message: Message, size: int) -> Iterator[str]:
    while len(message.get_so_far()) < size:
        yield message.get_text()


def _matches(pattern: str, name: str) -> bool:
    parts = [{"*": ".*", "?": "."}.get(letter) or re.escape(letter) for letter in pattern]
    return re.fullmatch("".join(parts), name) is not None
