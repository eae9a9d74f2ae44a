"""Identify the client that a request comes from, as far as the network allows."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
"""The client that all requests without a known address count as."""

_IPV6_BITS_OF_ONE_CLIENT = 64


def client_of(request: HttpRequest) -> str:
    """Return the client's IP address, or its /64 network for IPv6, or `UNKNOWN`.

    Each of the `TRUSTED_PROXIES` reverse proxies appends the address that called it to
    X-Forwarded-For, so the client is that many places from the right; the client may have made up
    everything further left. Without proxies, the client is the other end of the connection, which
    has no address if it is a Unix socket.
    """
    if settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if len(forwarded) < settings.TRUSTED_PROXIES:
            return UNKNOWN
        return _group(forwarded[-settings.TRUSTED_PROXIES].strip())
    return _group(request.META.get("REMOTE_ADDR", ""))


def _group(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return UNKNOWN
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    # One subscriber has at least a whole /64 to pick addresses from (RFC 6177).
    return str(ip_network((int(address), _IPV6_BITS_OF_ONE_CLIENT), strict=False))
