"""Where the name of a host leads."""

import socket
from collections.abc import Sequence

from acceptance.hosts.errors import ServerError


def addresses_of(host: str) -> Sequence[str]:
    """Look the addresses of a host up.

    Raises:
        ServerError: the name is not known.

    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError as error:
        message = (
            f"The name {host} leads nowhere ({error.strerror or error}): correct it, or add it to "
            "DNS or /etc/hosts."
        )
        raise ServerError(message) from None
    return sorted({str(address[4][0]) for address in found})
