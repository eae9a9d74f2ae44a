"""A client for web servers: kept connections, TLS, proxies, and the login of the site."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import urllib3
from urllib3 import exceptions

from acceptance.hosts.web import proxy
from acceptance.hosts.web.site_requests import Origin, SiteLogIn, origin_of

_CONNECTIONS = 10
"""How many connections to one server are kept; a scenario rarely has more people."""

_UNAUTHORIZED = 401


class NoAnswerError(Exception):
    """A request got no answer; the message gives the reason in a few words."""


class TooLateError(Exception):
    """The server did not answer in time."""


@dataclass(frozen=True)
class Answer:
    """The answer of a web server.

    Attributes:
        status: HTTP's status code.
        headers: its header fields, whose names are not case-sensitive.
        content: the body, decompressed.

    """

    status: int
    headers: urllib3.HTTPHeaderDict
    content: bytes


@dataclass(frozen=True)
class _Route:
    """The connections to a web server."""

    pool: urllib3.PoolManager
    is_through_proxy: bool = False


class HttpClient:
    """Sends requests to any web server, and follows no redirects.

    Certificates are verified. The login is sent only to the site itself, after the site has asked
    for it, so that no other server receives it.
    """

    def __init__(self, site: str | None, log_in: SiteLogIn, timeout: float) -> None:
        """Connect to nothing yet.

        Args:
            site: the address of the home page of the site that may ask for the login.
            log_in: the user and password to send to it.
            timeout: the time limit for an answer, in seconds.

        """
        self._site = origin_of(site) if site and log_in.is_set else None
        self._log_in = log_in
        self._timeout = urllib3.Timeout(timeout)
        self._has_been_asked = False
        self._routes: dict[Origin, _Route] = {}

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Send a request and return the answer.

        Raises:
            NoAnswerError: the request failed.
            TooLateError: the server did not answer in time.

        """
        is_own = self._site is not None and origin_of(url) == self._site
        if is_own and self._has_been_asked:
            return self._answer(method, url, self._with_log_in(headers), body)
        answer = self._answer(method, url, headers, body)
        if is_own and answer.status == _UNAUTHORIZED and _asks_for_password(answer):
            self._has_been_asked = True
            answer = self._answer(method, url, self._with_log_in(headers), body)
        return answer

    def close(self) -> None:
        """End all connections."""
        for route in self._routes.values():
            route.pool.clear()

    def _with_log_in(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        return {**headers, "Authorization": self._log_in.header}

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        try:
            route = self._route_to(url)
            response = route.pool.request(
                method,
                url,
                body=body,
                headers=headers,
                redirect=False,
                retries=False,
                timeout=self._timeout,
            )
            if route.is_through_proxy:
                proxy.check_passed_proxy(url, response.status)
        except exceptions.ProxyError as error:
            original = error.original_error
            raise NoAnswerError(
                str(proxy.explained(url, original)) if isinstance(original, OSError) else str(error)
            ) from error
        except proxy.ProxyError as error:
            raise NoAnswerError(str(error)) from error
        except (exceptions.HTTPError, OSError) as error:
            if _is_timeout(error):
                raise TooLateError from error
            raise NoAnswerError(_brief_reason(error)) from error
        return Answer(response.status, response.headers, response.data)

    def _route_to(self, url: str) -> _Route:
        origin = origin_of(url)
        if origin not in self._routes:
            self._routes[origin] = self._new_route(url)
        return self._routes[origin]

    def _new_route(self, url: str) -> _Route:
        tls = self._tls if urlsplit(url).scheme == "https" else None
        named = proxy.proxy_for(url)
        if named is None:
            return _Route(urllib3.PoolManager(maxsize=_CONNECTIONS, ssl_context=tls))
        address = f"http://{named.place}"
        pool = urllib3.ProxyManager(address, maxsize=_CONNECTIONS, ssl_context=tls)
        return _Route(pool, is_through_proxy=True)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _asks_for_password(answer: Answer) -> bool:
    challenges = answer.headers.getlist("WWW-Authenticate")
    return any("basic" in challenge.lower() for challenge in challenges)


def _is_timeout(error: Exception) -> bool:
    # urllib3 counts a refused connection as a timeout, too.
    return isinstance(error, exceptions.TimeoutError) and not isinstance(
        error, exceptions.NewConnectionError
    )


def _brief_reason(error: Exception) -> str:
    """Return the reason in a few words: the operating system's, if there is one."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({cause.verify_message})"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error).partition("\n")[0] or type(error).__name__
