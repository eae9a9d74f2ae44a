"""Asks web servers over HTTP: connections that are kept, TLS, proxies, the site's log-in."""

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
"""How many connections to one server are kept; there are seldom more people in a scenario."""

_UNAUTHORIZED = 401


class NoAnswerError(Exception):
    """Nothing came back for a request; the message says why, in a few words."""


class TooLateError(Exception):
    """The server is still to answer, and time is up."""


@dataclass(frozen=True)
class Answer:
    """What a web server answered.

    Attributes:
        status: HTTP's status code.
        headers: its fields, whose names may be spelled in any case.
        content: what was sent, decompressed.

    """

    status: int
    headers: urllib3.HTTPHeaderDict
    content: bytes


@dataclass(frozen=True)
class _Way:
    """How a web server is reached."""

    pool: urllib3.PoolManager
    is_through_proxy: bool = False


class HttpClient:
    """Asks any web server, and follows no redirect.

    Certificates are verified. The log-in is sent only to the site itself, and only once that has
    asked for one: it must not come to whoever else answers.
    """

    def __init__(self, site: str | None, log_in: SiteLogIn, timeout: float) -> None:
        """Connect to nothing yet.

        Args:
            site: the address of the home page of the site that may ask for the log-in.
            log_in: what it gets then.
            timeout: how long a server may take for an answer, in seconds.

        """
        self._site = origin_of(site) if site and log_in.is_set else None
        self._log_in = log_in
        self._timeout = urllib3.Timeout(timeout)
        self._has_been_asked = False
        self._ways: dict[Origin, _Way] = {}

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Return what the server answers.

        Raises:
            NoAnswerError: there is no answer.
            TooLateError: there is none yet.

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
        for way in self._ways.values():
            way.pool.clear()

    def _with_log_in(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        return {**headers, "Authorization": self._log_in.header}

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        try:
            way = self._way_to(url)
            response = way.pool.request(
                method,
                url,
                body=body,
                headers=headers,
                redirect=False,
                retries=False,
                timeout=self._timeout,
            )
            if way.is_through_proxy:
                proxy.see_that_it_let_through(url, response.status)
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

    def _way_to(self, url: str) -> _Way:
        origin = origin_of(url)
        if origin not in self._ways:
            self._ways[origin] = self._found_way(url)
        return self._ways[origin]

    def _found_way(self, url: str) -> _Way:
        tls = self._tls if urlsplit(url).scheme == "https" else None
        named = proxy.proxy_for(url)
        if named is None:
            return _Way(urllib3.PoolManager(maxsize=_CONNECTIONS, ssl_context=tls))
        address = f"http://{named.place}"
        pool = urllib3.ProxyManager(address, maxsize=_CONNECTIONS, ssl_context=tls)
        return _Way(pool, is_through_proxy=True)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _asks_for_password(answer: Answer) -> bool:
    challenges = answer.headers.getlist("WWW-Authenticate")
    return any("basic" in challenge.lower() for challenge in challenges)


def _is_timeout(error: Exception) -> bool:
    # To urllib3, a connection that is refused is one, too.
    return isinstance(error, exceptions.TimeoutError) and not isinstance(
        error, exceptions.NewConnectionError
    )


def _brief_reason(error: Exception) -> str:
    """Describe in a few words what went wrong: the system's own reason, where there is one."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({cause.verify_message})"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error).partition("\n")[0] or type(error).__name__
