"""Public keys and certificates in the form in which SSH sends them (RFC 4253, 6.6)."""

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from paramiko import Message

CERTIFICATE = "-cert-v01@openssh.com"


def fingerprint(blob: bytes) -> str:
    """Return the fingerprint of a key as OpenSSH writes it."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip('=')}"


def kind_in(blob: bytes) -> str:
    """Return the type of a key or certificate; "" if it is neither."""
    try:
        return Message(blob).get_text()
    except (IndexError, UnicodeDecodeError):
        return ""


@contextmanager
def public_key_file(blob: bytes) -> Iterator[str]:
    """Write a key or certificate into a file for one of OpenSSH's programs, and yield its name."""
    line = f"{kind_in(blob)} {base64.b64encode(blob).decode()}\n"
    with tempfile.NamedTemporaryFile() as file:
        file.write(line.encode())
        file.flush()
        yield file.name
