"""The proxy between this machine and a site, as set in the environment.

`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` have the same meaning as for curl(1), for
all clients of a site: the browser, the checks before a run, the health check and a mailbox. Like
browsers, they never use a proxy for this machine itself.
"""

import ipaddress
import os
import re
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, getproxies_environment, proxy_bypass

# Chromium does not accept a user or a password.
_ADDRESS = re.compile(r"(?:http://)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(?::([0-9]{1,5}))?/?")
_PORT = 80

_HERE = ("localhost", "127.0.0.1", "::1")


class ProxyError(OSError):
    """A proxy prevents a request; the message names it and says what to do."""


@dataclass(frozen=True)
class Proxy:
    """A proxy.

    Attributes:
        variable: the environment variable that names it.
        place: its host and port.

    """

    variable: str
    place: str

    def __str__(self) -> str:
        """Name it for a message."""
        return f"the proxy {self.place} ({self.variable})"


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy for an address, or None if it is requested directly.

    Raises:
        ProxyError: the environment names one that cannot be used.

    """
    parts = urlsplit(url)
    named = getproxies_environment()
    kind = next((name for name in (parts.scheme, "all") if named.get(name)), None)
    host = parts.hostname or ""
    if kind is None or _is_here(host) or proxy_bypass(host, named):
        return None
    variable = f"{kind.upper()}_PROXY"
    found = _ADDRESS.fullmatch(named[kind])
    if found is None:
        message = (
            f"{variable} does not name a proxy that can be used for {host}: write it as "
            f"http://HOST:PORT, without a user, or name {host} in NO_PROXY"
        )
        raise ProxyError(message)
    return Proxy(variable, f"{found[1]}:{found[2] or _PORT}")


def reach_this_machine_directly() -> None:
    """Keep libraries that read the environment themselves from using a proxy for this machine.

    Selenium and its WebSocket library would use it for the browser's driver.
    """
    named = getproxies_environment()
    direct = [name for name in named.get("no", "").split(",") if name]
    missing = [name for name in _HERE if name not in direct]
    if missing and named.keys() - {"no"}:
        os.environ["no_proxy"] = ",".join([*direct, *missing])


def handler_for(url: str) -> ProxyHandler:
    """Return the handler with which urllib uses the proxy that `proxy_for` returns.

    Raises:
        ProxyError: the environment names a proxy that cannot be used.

    """
    proxy = proxy_for(url)
    return ProxyHandler({urlsplit(url).scheme: f"http://{proxy.place}"} if proxy else {})


def explained(url: str, error: OSError) -> OSError:
    """Return the error to raise for a failed request, which may be the proxy's."""
    if isinstance(error, ProxyError):
        return error
    proxy = proxy_for(url)
    reason = getattr(error, "reason", error)
    refused = re.match(r"Tunnel connection failed: (.*)", str(reason))
    # Failures before there is a tunnel concern the proxy.
    if proxy is None or isinstance(reason, ssl.SSLError):
        return error
    how = refused[1].strip() if refused else getattr(reason, "strerror", None) or str(reason)
    return _refusal(url, proxy, how)


def check_passed_proxy(url: str, status: int) -> None:
    """Check that a response is the site's.

    Raises:
        ProxyError: it is that of a proxy that requires authentication.

    """
    proxy = proxy_for(url)
    if proxy and status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise _refusal(url, proxy, "it asks for a user and a password")


def _refusal(url: str, proxy: Proxy, how: str) -> ProxyError:
    host = urlsplit(url).hostname
    return ProxyError(
        f"{host} was not contacted, because {proxy} does not reach it ({how}): correct "
        f"{proxy.variable}, or name {host} in NO_PROXY if it is reached without a proxy"
    )


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
