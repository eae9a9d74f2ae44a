"""Resolve the name of a host."""

import socket
from collections.abc import Sequence

from acceptance.hosts.errors import ServerError


def addresses_of(host: str) -> Sequence[str]:
    """Return the IP addresses of a host.

    Raises:
        ServerError: the name cannot be resolved.

    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError as error:
        message = (
            f"The name {host} cannot be resolved ({error.strerror or error}): correct it, or add "
            "it to DNS or /etc/hosts."
        )
        raise ServerError(message) from None
    return sorted({str(address[4][0]) for address in found})
